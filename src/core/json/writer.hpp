// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace parley::json {

/// Appends `text` in quotes, escaped as RFC 8259 section 7 asks: quote, backslash and controls, everything else as it is. `text` is valid UTF-8.
void append_string(std::string& out, std::string_view text);
void append_integer(std::string& out, std::int64_t value);

/// Writes an object or array member by member, with the commas where they belong. Nesting is by writing `{` and `}` through it.
class Writer {
public:
    explicit Writer(std::string& out) noexcept : out_(out) {}

    Writer& begin_object() { return open('{'); }
    Writer& end_object() { return close('}'); }
    Writer& begin_array() { return open('['); }
    Writer& end_array() { return close(']'); }
    /// `name` needs no escaping: it is a constant of ours or comes from `append_string`'s caller. Any name goes through `key_escaped`.
    Writer& key(std::string_view name);
    Writer& key_escaped(std::string_view name);
    Writer& string(std::string_view text);
    Writer& integer(std::int64_t value);
    Writer& boolean(bool value) { return raw(value ? "true" : "false"); }
    Writer& null() { return raw("null"); }
    /// A piece of JSON that is already written.
    Writer& raw(std::string_view json);

    /// For what appends a value by itself: call before and after.
    std::string& value_begins() {
        separate();
        return out_;
    }
    void value_ended() { first_ = false; }

private:
    Writer& open(char bracket);
    Writer& close(char bracket);
    void separate() {
        if (!first_) out_ += ',';
    }

    std::string& out_;
    bool first_ = true;
};

}  // namespace parley::json
