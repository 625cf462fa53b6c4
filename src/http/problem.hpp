// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.hpp"
#include "http/reply.hpp"

#include <string_view>

namespace parley::http {

/// An error as `application/problem+json` (RFC 9457) with `code`, `request_id` and the broken fields; Retry-After where the error has one, and
/// WWW-Authenticate with every 401 (RFC 9110 section 15.5.2).
Reply problem(const Error& error, std::string_view request_id);

}  // namespace parley::http
