// SPDX-License-Identifier: Apache-2.0
#include "origin/pagination.hpp"

#include "auth/python_text.hpp"
#include "chat/errors.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <ranges>

namespace parley::origin {
namespace {

constexpr std::string_view parameter = "page";

/// Python's `int(str)` for ASCII digits: white space around, a sign, single underscores between digits. Nothing for what is no number below 2^63.
std::optional<std::int64_t> python_int(std::string_view text) {
    const auto stripped = auth::python::utf8(auth::python::strip(auth::python::code_points(text)));
    std::string_view rest = stripped;
    const bool negative = rest.starts_with('-');
    if (negative || rest.starts_with('+')) rest.remove_prefix(1);
    if (rest.starts_with('_') || rest.ends_with('_') || rest.contains("__")) return std::nullopt;
    std::string digits;
    std::ranges::copy_if(rest, std::back_inserter(digits), [](char c) { return c != '_'; });
    std::int64_t value = 0;
    const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (code != std::errc{} || end != digits.data() + digits.size() || digits.starts_with('-')) return std::nullopt;
    return negative ? -value : value;
}

}  // namespace

Result<std::optional<std::int64_t>> page_number(const FormPairs& query) {
    const auto backwards = query | std::views::reverse;
    const auto found = std::ranges::find(backwards, parameter, [](const auto& pair) { return std::string_view{pair.first}; });
    if (found == backwards.end()) return 1;
    if (found->second == "last") return std::nullopt;
    const auto number = python_int(found->second);
    if (!number || *number < 1) return fail(chat::errors::no_such_page);
    return number;
}

std::string page_link(std::string_view url, const FormPairs& query, std::int64_t page) {
    FormPairs pairs;
    std::ranges::copy_if(query, std::back_inserter(pairs), [](const auto& pair) { return pair.first != parameter; });
    if (page > 1) pairs.emplace_back(parameter, std::to_string(page));
    std::ranges::stable_sort(pairs, {}, &FormPairs::value_type::first);
    std::string link{url};
    if (!pairs.empty()) link += '?' + encode_form(pairs);
    return link;
}

}  // namespace parley::origin
