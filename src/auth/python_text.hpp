// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// Text as Python's `str` and `re` see it. The origin's rules for names and passwords are Django's, and those are written in terms of Python's
/// character classes, which are not Unicode's own (UTS #18): `\w` has no combining marks, and `isdigit` knows superscripts.
/// tests/interop/django_passwords_test.cpp holds every function to Python for every code point.
namespace parley::auth::python {

/// The code points of valid UTF-8, and back.
std::u32string code_points(std::string_view text);
std::string utf8(std::u32string_view points);
/// `len(str)`: code points, not bytes.
std::size_t length(std::string_view text);

/// `re` `\w` without flags: a letter, anything with a numeric value, or the underscore.
bool is_word(char32_t c);
/// `str.isdigit` of one character: decimal digits of any script, superscripts, circled digits.
bool is_digit(char32_t c);
/// `str.isspace` of one character: wider than Unicode's White_Space by U+001C to U+001F.
bool is_space(char32_t c);

/// `str.lower`: full case mapping, with the final sigma.
std::u32string lower(std::string_view text);
/// `str.strip`.
std::u32string_view strip(std::u32string_view text);
/// `re.split(r"\W+", text)`: with empty parts where the text begins or ends with a separator.
std::vector<std::u32string_view> words(std::u32string_view text);

}  // namespace parley::auth::python
