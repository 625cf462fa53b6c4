// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.hpp"

#include <string_view>

namespace parley::http {

/// The one place where a class of errors gets its status.
int status_of(ErrorClass error_class) noexcept;

/// "Not Found" for 404 (RFC 9110 section 15).
std::string_view reason_of(int status) noexcept;

}  // namespace parley::http
