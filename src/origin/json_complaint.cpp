// SPDX-License-Identifier: Apache-2.0
#include "origin/json_complaint.hpp"

#include "auth/python_text.hpp"
#include "core/json/document.hpp"
#include "core/utf8.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace parley::origin {
namespace {

struct Complaint {
    std::string_view what;
    std::size_t at;
};
/// Nothing: the text is well-formed so far.
using Verdict = std::optional<Complaint>;

bool is_digit(char32_t c) { return c >= U'0' && c <= U'9'; }
bool is_hex_digit(char32_t c) { return is_digit(c) || (c >= U'a' && c <= U'f') || (c >= U'A' && c <= U'F'); }

/// Walks through a text in the order in which CPython's scanner does, until the first thing that is wrong.
class Scanner {
public:
    explicit Scanner(std::u32string_view text) : text_(text) {}

    Verdict document() {
        if (peek() == U'\uFEFF') return Complaint{"Unexpected UTF-8 BOM (decode using utf-8-sig)", 0};
        skip_white_space();
        if (const auto wrong = value(0)) return wrong;
        skip_white_space();
        if (at_ < text_.size()) return Complaint{"Extra data", at_};
        return std::nullopt;
    }

private:
    static constexpr char32_t end_of_text = 0xFFFFFFFF;

    char32_t peek() const { return at_ < text_.size() ? text_[at_] : end_of_text; }
    bool take(char32_t c) { return peek() == c && ++at_ > 0; }
    void skip_white_space() { at_ = std::min(text_.find_first_not_of(U" \t\n\r", at_), text_.size()); }
    Complaint here(std::string_view what) const { return {what, at_}; }

    Verdict value(std::size_t depth) {
        if (depth > json::Document::max_depth) return here("Nested too deeply");
        if (take(U'"')) return string();
        if (take(U'{')) return object(depth);
        if (take(U'[')) return array(depth);
        constexpr std::array<std::u32string_view, 3> constants{U"null", U"true", U"false"};
        for (const auto constant : constants) {
            if (!text_.substr(at_).starts_with(constant)) continue;
            at_ += constant.size();
            return std::nullopt;
        }
        return number();
    }

    Verdict object(std::size_t depth) {
        skip_white_space();
        if (take(U'}')) return std::nullopt;
        for (;;) {
            if (!take(U'"')) return here("Expecting property name enclosed in double quotes");
            if (const auto wrong = string()) return wrong;
            skip_white_space();
            if (!take(U':')) return here("Expecting ':' delimiter");
            skip_white_space();
            if (const auto wrong = value(depth + 1)) return wrong;
            skip_white_space();
            if (take(U'}')) return std::nullopt;
            if (!take(U',')) return here("Expecting ',' delimiter");
            skip_white_space();
        }
    }

    Verdict array(std::size_t depth) {
        skip_white_space();
        if (take(U']')) return std::nullopt;
        for (;;) {
            if (const auto wrong = value(depth + 1)) return wrong;
            skip_white_space();
            if (take(U']')) return std::nullopt;
            if (!take(U',')) return here("Expecting ',' delimiter");
            skip_white_space();
        }
    }

    Verdict string() {
        const auto begin = at_ - 1;
        for (;;) {
            const auto c = peek();
            if (c == end_of_text) return Complaint{"Unterminated string starting at", begin};
            if (c < 0x20) return here("Invalid control character at");
            ++at_;
            if (c == U'"') return std::nullopt;
            if (c != U'\\') continue;
            if (peek() == end_of_text) return Complaint{"Unterminated string starting at", begin};
            if (const auto wrong = escape()) return wrong;
        }
    }

    Verdict escape() {
        const auto backslash = at_ - 1;
        const auto c = text_[at_++];
        if (c != U'u') return std::u32string_view{U"\"\\/bfnrt"}.contains(c) ? Verdict{} : Complaint{"Invalid \\escape", backslash};
        const auto digits = text_.substr(at_, 4);
        // Python wants something behind the digits, for the string has to end.
        if (at_ + 4 >= text_.size()) return Complaint{"Invalid \\uXXXX escape", at_ - 1};
        if (!std::ranges::all_of(digits, is_hex_digit)) return Complaint{"Invalid \\uXXXX escape", at_ - 1};
        at_ += digits.size();
        return std::nullopt;
    }

    void skip_digits() {
        while (is_digit(peek())) ++at_;
    }
    /// `mark` and what follows it, if there are digits behind.
    void fraction(std::u32string_view marks, std::u32string_view signs) {
        const auto before = at_;
        if (at_ == text_.size() || !marks.contains(peek())) return;
        ++at_;
        if (at_ < text_.size() && signs.contains(peek())) ++at_;
        const auto digits = at_;
        skip_digits();
        if (at_ == digits) at_ = before;
    }
    Verdict number() {
        const auto begin = at_;
        take(U'-');
        if (!is_digit(peek())) {
            at_ = begin;
            return here("Expecting value");
        }
        if (!take(U'0')) skip_digits();
        fraction(U".", U"");
        fraction(U"eE", U"+-");
        return std::nullopt;
    }

    const std::u32string_view text_;
    std::size_t at_ = 0;
};

std::string undecodable(std::string_view text) {
    Utf8Validator validator;
    std::size_t begin = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (validator.complete()) begin = i;
        if (validator.feed(text.substr(i, 1))) continue;
        const auto reason = i == begin ? "invalid start byte" : "invalid continuation byte";
        return fmt::format("'utf-8' codec can't decode byte 0x{:02x} in position {}: {}", static_cast<unsigned char>(text[begin]), begin, reason);
    }
    return fmt::format("'utf-8' codec can't decode bytes in position {}: unexpected end of data", begin);
}

}  // namespace

std::string json_complaint(std::string_view text) {
    if (!is_utf8(text)) return undecodable(text);
    const auto points = auth::python::code_points(text);
    const auto wrong = Scanner{points}.document();
    if (!wrong) return "A number or a character is out of range";
    const auto before = std::u32string_view{points}.substr(0, wrong->at);
    const auto line = std::ranges::count(before, U'\n') + 1;
    const auto line_break = before.rfind(U'\n');
    const auto column = line_break == std::u32string_view::npos ? wrong->at + 1 : wrong->at - line_break;
    return fmt::format("{}: line {} column {} (char {})", wrong->what, line, column, wrong->at);
}

}  // namespace parley::origin
