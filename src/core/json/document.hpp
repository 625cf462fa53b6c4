// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/json/errors.hpp"
#include "core/result.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace parley::json {

enum class Kind : std::uint8_t { null, boolean, integer, real, string, array, object };

class Document;

/// A value inside a Document, as cheap to copy as a pointer; valid while the document is neither parsed again nor destroyed.
class Value {
public:
    Kind kind() const noexcept;
    bool boolean() const noexcept;
    /// Only for Kind::integer: a number written without point or exponent that fits 64 signed bits.
    std::int64_t integer() const noexcept;
    double real() const noexcept;
    std::string_view string() const noexcept;
    /// The name under which the value stands in its object; empty elsewhere.
    std::string_view key() const noexcept;

    /// The members of an object or the items of an array, in the order they were written; duplicates are kept.
    class Iterator {
    public:
        Iterator(const Document* document, std::uint32_t node) noexcept : document_(document), node_(node) {}
        Value operator*() const noexcept { return {document_, node_}; }
        Iterator& operator++() noexcept;
        friend bool operator==(Iterator, Iterator) = default;

    private:
        const Document* document_;
        std::uint32_t node_;
    };
    Iterator begin() const noexcept;
    Iterator end() const noexcept;
    std::uint32_t size() const noexcept;

private:
    friend class Document;
    Value(const Document* document, std::uint32_t node) noexcept : document_(document), node_(node) {}

    const Document* document_;
    std::uint32_t node_;
};

/// A parsed JSON text (RFC 8259), flat in two buffers that a second `parse` uses again. Strict: one document and nothing after it, valid UTF-8,
/// no lone surrogates, no byte order mark, no number beyond a double.
class Document {
public:
    static constexpr std::size_t max_depth = 32;

    /// Errors: malformed (detail says where), too_deep.
    Result<void> parse(std::string_view text);
    /// Only after a successful `parse`.
    Value root() const noexcept { return {this, 0}; }

private:
    friend class Value;
    friend struct Builder;

    struct Node {
        std::uint32_t key_at = 0, key_size = 0;
        std::uint32_t next = 0;   // the node after this one and all it contains
        std::uint32_t size = 0;   // bytes of a string, members of an object or array
        std::int64_t number = 0;  // integer, boolean, the bits of a double, or where a string starts
        Kind kind = Kind::null;
    };

    std::vector<Node> nodes_;
    std::string text_;  // all strings and keys, unescaped, one after the other
};

}  // namespace parley::json
