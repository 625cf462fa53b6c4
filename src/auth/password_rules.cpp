// SPDX-License-Identifier: Apache-2.0
#include "auth/password_rules.hpp"

#include "auth/common_passwords.hpp"
#include "auth/errors.hpp"
#include "auth/python_text.hpp"

#include "core/json/errors.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <utility>

namespace parley::auth {
namespace {

/// How many characters two sorted texts have in common, each counted as often as it stands in both.
std::size_t common_characters(std::u32string_view a, std::u32string_view b) {
    std::size_t common = 0;
    for (auto i = a.begin(), j = b.begin(); i != a.end() && j != b.end();) {
        if (*i == *j) ++common, ++i, ++j;
        else if (*i < *j) ++i;
        else ++j;
    }
    return common;
}

/// Python's difflib, SequenceMatcher.quick_ratio() of two sorted texts: twice the common characters over all characters, in doubles as there.
double quick_ratio(std::u32string_view a, std::u32string_view b) {
    if (a.empty() && b.empty()) return 1.0;
    return 2.0 * static_cast<double>(common_characters(a, b)) / static_cast<double>(a.size() + b.size());
}

/// Whether the sorted password is like `value` or one of its words. Newer Djangos skip parts of less than a tenth of the password's length; those
/// cannot reach the ratio anyway, so their verdicts are the same.
bool is_similar(std::u32string_view sorted_password, std::string_view value) {
    constexpr double max_similarity = 0.7;
    const auto lower = python::lower(value);
    auto parts = python::words(lower);
    parts.push_back(lower);
    return std::ranges::any_of(parts, [&](std::u32string_view part) {
        std::u32string sorted_part{part};
        std::ranges::sort(sorted_part);
        return quick_ratio(sorted_password, sorted_part) >= max_similarity;
    });
}

bool is_all_digits(std::string_view password) { return !password.empty() && std::ranges::all_of(python::code_points(password), python::is_digit); }

}  // namespace

std::vector<const ErrorKind*> check_password(std::string_view password, const PersonalFacts& facts) {
    std::vector<const ErrorKind*> broken;
    const auto length = python::length(password);
    if (length < min_password_length) broken.push_back(&json::errors::too_short);
    if (length > max_password_length) broken.push_back(&json::errors::too_long);
    if (find_similar_fact(password, facts)) broken.push_back(&errors::too_similar);
    if (is_common_password(password)) broken.push_back(&errors::too_common);
    if (is_all_digits(password)) broken.push_back(&errors::all_digits);
    return broken;
}

std::optional<std::string_view> find_similar_fact(std::string_view password, const PersonalFacts& facts) {
    auto sorted = python::lower(password);
    std::ranges::sort(sorted);
    // Django's order: username, first and last name (a display name here), e-mail.
    const std::array<std::pair<std::string_view, std::string_view>, 3> named{
        {{"username", facts.username}, {"display name", facts.display_name}, {"email address", facts.email}}};
    for (const auto& [name, value] : named) {
        if (!value.empty() && is_similar(sorted, value)) return name;
    }
    return std::nullopt;
}

}  // namespace parley::auth
