// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.hpp"

#include <array>

/// What is refused before a route is asked. Each failure carries a sentence of its own that names the rule, never a byte of the input.
namespace parley::http::errors {

inline constexpr ErrorKind bad_request{"bad_request", ErrorClass::malformed, "The request is not well-formed HTTP/1.1."};
inline constexpr ErrorKind bad_host{"bad_host", ErrorClass::malformed, "Exactly one well-formed Host is required."};
inline constexpr ErrorKind headers_too_large{"headers_too_large", ErrorClass::headers_too_large, "The request's head is too large."};
inline constexpr ErrorKind uri_too_long{"uri_too_long", ErrorClass::uri_too_long, "The request's target is too long."};
inline constexpr ErrorKind unknown_method{"unknown_method", ErrorClass::not_implemented, "Nobody here knows this method."};
inline constexpr ErrorKind method_not_allowed{"method_not_allowed", ErrorClass::method_not_allowed, "This method is not allowed here."};
inline constexpr ErrorKind unsupported_version{"unsupported_version", ErrorClass::not_implemented, "HTTP/1.1 and HTTP/1.0 are spoken here."};
inline constexpr ErrorKind unknown_transfer_coding{"unknown_transfer_coding", ErrorClass::not_implemented,
                                                   "The only transfer coding known here is chunked."};
inline constexpr ErrorKind unsupported_content_coding{"unsupported_content_coding", ErrorClass::unsupported_type,
                                                      "A request's body must not be compressed."};
inline constexpr ErrorKind expectation_failed{"expectation_failed", ErrorClass::expectation, "The only expectation met here is 100-continue."};
inline constexpr ErrorKind misdirected{"misdirected", ErrorClass::misdirected, "This server does not answer for that host."};
inline constexpr ErrorKind bad_chunk{"bad_chunk", ErrorClass::malformed, "The body is not well-formed in the chunked coding."};

inline constexpr ErrorKind body_too_large{"body_too_large", ErrorClass::too_large, "The body is too large."};
inline constexpr ErrorKind body_cut_short{"body_cut_short", ErrorClass::malformed, "The connection ended before the body did."};
inline constexpr ErrorKind request_timeout{"request_timeout", ErrorClass::timeout, "The request took too long to arrive."};
inline constexpr ErrorKind answer_timeout{"answer_timeout", ErrorClass::unavailable,
                                          "The answer took too long. Whether the request took effect is unknown; it is safe to try again."};
inline constexpr ErrorKind draining{"stopping", ErrorClass::unavailable, "The server is stopping. Try again in a moment."};

inline constexpr ErrorKind not_json{"not_json", ErrorClass::unsupported_type, "The body must be application/json."};
inline constexpr ErrorKind bad_cursor{"bad_cursor", ErrorClass::malformed, "This cursor was not given to you for this list."};
inline constexpr ErrorKind token_in_url{"token_in_url", ErrorClass::malformed,
                                        "A token does not belong into a URL: send it in the Authorization header."};
inline constexpr ErrorKind not_signed_in{"auth.required", ErrorClass::unauthenticated,
                                         "Sign in: this needs an access token in the Authorization header."};
inline constexpr ErrorKind bad_public_url{"config.bad_public_url", ErrorClass::unprocessable,
                                          "server.public_url must be an origin such as https://chat.example.org."};
inline constexpr ErrorKind rate_limited{"rate_limited", ErrorClass::too_many, "Too many requests. Try again later."};

inline constexpr ErrorKind bad_path{"bad_path", ErrorClass::malformed, "The path is not well-formed."};
inline constexpr ErrorKind bad_query{"bad_query", ErrorClass::malformed, "The query is not well-formed."};
inline constexpr ErrorKind not_multipart{"not_multipart", ErrorClass::unsupported_type, "The body must be multipart/form-data."};
inline constexpr ErrorKind bad_multipart{"bad_multipart", ErrorClass::malformed, "The body is not well-formed multipart/form-data."};
inline constexpr ErrorKind too_many_parts{"too_many_parts", ErrorClass::too_large, "The form has too many parts."};
inline constexpr ErrorKind part_header_too_large{"part_header_too_large", ErrorClass::too_large, "The header of a part is too large."};
inline constexpr ErrorKind range_not_satisfiable{"range_not_satisfiable", ErrorClass::range, "The range lies outside the file."};
inline constexpr ErrorKind invalid_file_name{"invalid_file_name", ErrorClass::unprocessable, "This cannot be the name of a file."};
inline constexpr ErrorKind invalid_network{"invalid_network", ErrorClass::unprocessable,
                                           "An address or a network is expected, such as 10.0.0.0/8 or 2001:db8::1."};

inline constexpr std::array all{&bad_request,
                                &bad_host,
                                &headers_too_large,
                                &uri_too_long,
                                &unknown_method,
                                &method_not_allowed,
                                &unsupported_version,
                                &unknown_transfer_coding,
                                &expectation_failed,
                                &unsupported_content_coding,
                                &misdirected,
                                &bad_chunk,
                                &body_too_large,
                                &body_cut_short,
                                &request_timeout,
                                &answer_timeout,
                                &draining,
                                &not_json,
                                &bad_cursor,
                                &token_in_url,
                                &not_signed_in,
                                &bad_public_url,
                                &rate_limited,
                                &bad_path,
                                &bad_query,
                                &not_multipart,
                                &bad_multipart,
                                &too_many_parts,
                                &part_header_too_large,
                                &invalid_file_name,
                                &range_not_satisfiable,
                                &invalid_network};

}  // namespace parley::http::errors
