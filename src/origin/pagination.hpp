// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.hpp"
#include "origin/form.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Page numbers and links as Django REST framework's PageNumberPagination has them.
namespace parley::origin {

inline constexpr std::int64_t messages_per_page = 10;

/// The page a query asks for: the last `page` in it, as Python's `int` reads it; 1 without any; nothing for "last".
/// Error: chat::errors::no_such_page for what is no positive number.
Result<std::optional<std::int64_t>> page_number(const FormPairs& query);

/// `url` with the query it came with, sorted by name, and another page. Page 1 is the one without a number.
std::string page_link(std::string_view url, const FormPairs& query, std::int64_t page);

}  // namespace parley::origin
