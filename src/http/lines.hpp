// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.hpp"
#include "http/head.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

/// The lines a head consists of, each judged by itself. A line comes without its end.
namespace parley::http {

inline constexpr std::size_t max_method_bytes = 32;  // longer than any that is known
inline constexpr std::size_t version_bytes = sizeof "HTTP/1.1" - 1;

struct RequestLine {
    std::string_view method, target;
    std::uint8_t minor_version;
};

/// `method SP target SP version` (RFC 9112 section 3). Errors: bad_request, unsupported_version, unknown_method, method_not_allowed.
Result<RequestLine> parse_request_line(std::string_view line);

/// `name: value` (RFC 9112 section 5), also of a trailer and of a form's part: all share one grammar. Fails with `kind`.
Result<Field> parse_field_line(std::string_view line, const ErrorKind& kind);

}  // namespace parley::http
