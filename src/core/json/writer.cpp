// SPDX-License-Identifier: Apache-2.0
#include "core/json/writer.hpp"

#include <array>
#include <charconv>

namespace parley::json {
namespace {

constexpr auto needs_escape = [] {
    std::array<bool, 256> table{};
    for (std::size_t c = 0; c < 0x20; ++c) table.at(c) = true;
    table['"'] = table['\\'] = true;
    return table;
}();

void append_escaped(std::string& out, char c) {
    static constexpr std::string_view hex = "0123456789abcdef";
    switch (c) {
        case '"': out += "\\\""; break;
        case '\\': out += "\\\\"; break;
        case '\n': out += "\\n"; break;
        case '\r': out += "\\r"; break;
        case '\t': out += "\\t"; break;
        default:
            out += "\\u00";
            out += hex[static_cast<unsigned char>(c) >> 4U];
            out += hex[static_cast<unsigned char>(c) & 15U];
    }
}

}  // namespace

void append_string(std::string& out, std::string_view text) {
    out += '"';
    std::size_t start = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (!needs_escape[static_cast<unsigned char>(text[i])]) continue;
        out.append(text, start, i - start);
        append_escaped(out, text[i]);
        start = i + 1;
    }
    out.append(text, start);
    out += '"';
}

void append_integer(std::string& out, std::int64_t value) {
    std::array<char, 24> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    out.append(digits.data(), end);
}

Writer& Writer::open(char bracket) {
    separate();
    out_ += bracket;
    first_ = true;
    return *this;
}

Writer& Writer::close(char bracket) {
    out_ += bracket;
    first_ = false;
    return *this;
}

Writer& Writer::key(std::string_view name) {
    separate();
    out_ += '"';
    out_ += name;
    out_ += "\":";
    first_ = true;
    return *this;
}

Writer& Writer::key_escaped(std::string_view name) {
    separate();
    append_string(out_, name);
    out_ += ':';
    first_ = true;
    return *this;
}

Writer& Writer::string(std::string_view text) {
    separate();
    append_string(out_, text);
    first_ = false;
    return *this;
}

Writer& Writer::integer(std::int64_t value) {
    separate();
    append_integer(out_, value);
    first_ = false;
    return *this;
}

Writer& Writer::raw(std::string_view json) {
    separate();
    out_ += json;
    first_ = false;
    return *this;
}

}  // namespace parley::json
