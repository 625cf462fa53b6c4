// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::origin {

/// Names and values in the order they were sent; a name may come again.
using FormPairs = std::vector<std::pair<std::string, std::string>>;

/// What Django takes of a form or a query (DATA_UPLOAD_MAX_NUMBER_FIELDS).
inline constexpr std::size_t most_form_fields = 1000;

/// Reads form encoding (application/x-www-form-urlencoded) as forgivingly as Python's urllib.parse.parse_qsl with blank values kept: a percent sign
/// that begins no escape stands for itself, bytes that are no UTF-8 become U+FFFD. Nothing if there are more than `most_form_fields`.
std::optional<FormPairs> parse_form(std::string_view text);

/// As Python's urllib.parse.urlencode: a space is a plus, everything but letters, digits and `_.-~` is escaped.
std::string encode_form(const FormPairs& pairs);

/// Valid UTF-8 out of any bytes: what is none becomes U+FFFD.
std::string replace_invalid_utf8(std::string_view bytes);

}  // namespace parley::origin
