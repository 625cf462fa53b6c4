// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace parley::http {

/// The methods that are served (RFC 9110 section 9.3, RFC 5789).
enum class Verb : std::uint8_t { get, head, post, put, patch, delete_, options };
inline constexpr std::size_t verb_count = 7;
constexpr auto names_of(Verb) { return std::array<std::string_view, verb_count>{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}; }

/// Whether a request of this method changes nothing (RFC 9110 section 9.2.1).
constexpr bool is_safe(Verb verb) { return verb == Verb::get || verb == Verb::head || verb == Verb::options; }

namespace verb {
inline constexpr auto get = Verb::get, head = Verb::head, post = Verb::post, put = Verb::put, patch = Verb::patch, delete_ = Verb::delete_,
                      options = Verb::options;
}

}  // namespace parley::http
