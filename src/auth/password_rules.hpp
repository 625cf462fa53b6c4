// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.hpp"

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace parley::auth {

inline constexpr std::size_t min_password_length = 8;    // code points
inline constexpr std::size_t max_password_length = 256;  // code points

/// What a password must not look like. Empty ones are left out of the comparison.
struct PersonalFacts {
    std::string_view username;
    std::string_view display_name;
    std::string_view email;
};

/// Every rule of api.md section 2 that `password` breaks, in this order: json's too_short and too_long, then too_similar, too_common, all_digits;
/// empty if it is good. All texts are valid UTF-8.
/// Source: Django's validators of the same purpose, which the origin's projects are set up with, and an upper limit.
std::vector<const ErrorKind*> check_password(std::string_view password, const PersonalFacts& facts);

/// The first fact the password is too similar to, by the name Django gives it: "username", "display name" or "email address".
/// Source: Django's UserAttributeSimilarityValidator.
std::optional<std::string_view> find_similar_fact(std::string_view password, const PersonalFacts& facts);

}  // namespace parley::auth
