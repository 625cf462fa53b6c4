// SPDX-License-Identifier: Apache-2.0
#include "core/json/document.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <bit>
#include <boost/json/basic_parser_impl.hpp>
#include <cmath>

namespace parley::json {

/// Receives Boost.JSON's events and lays the values down in the order they come.
struct Builder {
    static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);
    using Code = boost::json::error_code;
    using Text = boost::json::string_view;

    explicit Builder(Document& target) : document(target) {}

    Document& document;
    std::uint32_t open[Document::max_depth + 1] = {};  // the arrays and objects we are in
    std::uint32_t depth = 0;
    std::uint32_t key_at = 0, key_size = 0;
    std::uint32_t string_at = 0;
    bool in_string = false;

    Document::Node& add(Kind kind) {
        auto& node = document.nodes_.emplace_back();
        node.kind = kind;
        node.key_at = key_at;
        node.key_size = key_size;
        node.next = static_cast<std::uint32_t>(document.nodes_.size());
        key_size = 0;
        return node;
    }
    bool begin(Kind kind) {
        open[depth++] = static_cast<std::uint32_t>(document.nodes_.size());
        add(kind);
        return true;
    }
    bool end(std::size_t size) {
        auto& node = document.nodes_[open[--depth]];
        node.size = static_cast<std::uint32_t>(size);
        node.next = static_cast<std::uint32_t>(document.nodes_.size());
        return true;
    }
    void append(Text part) {
        if (!in_string) string_at = static_cast<std::uint32_t>(document.text_.size());
        in_string = true;
        document.text_.append(part.data(), part.size());
    }

    bool on_document_begin(Code&) { return true; }
    bool on_document_end(Code&) { return true; }
    bool on_object_begin(Code&) { return begin(Kind::object); }
    bool on_object_end(std::size_t n, Code&) { return end(n); }
    bool on_array_begin(Code&) { return begin(Kind::array); }
    bool on_array_end(std::size_t n, Code&) { return end(n); }
    bool on_key_part(Text part, std::size_t, Code&) { return append(part), true; }
    bool on_key(Text part, std::size_t size, Code&) {
        append(part);
        in_string = false;
        key_at = string_at;
        key_size = static_cast<std::uint32_t>(size);
        return true;
    }
    bool on_string_part(Text part, std::size_t, Code&) { return append(part), true; }
    bool on_string(Text part, std::size_t size, Code&) {
        append(part);
        in_string = false;
        auto& node = add(Kind::string);
        node.number = string_at;
        node.size = static_cast<std::uint32_t>(size);
        return true;
    }
    bool on_number_part(Text, Code&) { return true; }
    bool on_int64(std::int64_t value, Text, Code&) { return add(Kind::integer).number = value, true; }
    bool on_uint64(std::uint64_t value, Text, Code& code) { return on_double(static_cast<double>(value), {}, code); }
    bool on_double(double value, Text, Code& code) {
        if (!std::isfinite(value)) {
            code = boost::json::error::exponent_overflow;
            return false;
        }
        return add(Kind::real).number = std::bit_cast<std::int64_t>(value), true;
    }
    bool on_bool(bool value, Code&) { return add(Kind::boolean).number = value ? 1 : 0, true; }
    bool on_null(Code&) { return add(Kind::null), true; }
    bool on_comment_part(Text, Code&) { return true; }
    bool on_comment(Text, Code&) { return true; }
};

Result<void> Document::parse(std::string_view text) {
    nodes_.clear();
    text_.clear();
    // What most requests and frames need: growing step by step costs more than the parsing.
    constexpr std::size_t usual_nodes = 12, longest_reserved = 4096;
    nodes_.reserve(usual_nodes);
    text_.reserve(std::min(text.size(), longest_reserved));
    boost::json::parse_options options;
    options.max_depth = max_depth;
    boost::json::basic_parser<Builder> parser{options, *this};
    boost::json::error_code code;
    const auto used = parser.write_some(false, text.data(), text.size(), code);
    if (code == boost::json::error::too_deep) return fail(errors::too_deep);
    if (code || used != text.size()) return fail(errors::malformed, fmt::format("The body is not a JSON document: it breaks off at byte {}.", used));
    return {};
}

Kind Value::kind() const noexcept { return document_->nodes_[node_].kind; }
bool Value::boolean() const noexcept { return document_->nodes_[node_].number != 0; }
std::int64_t Value::integer() const noexcept { return document_->nodes_[node_].number; }
std::uint32_t Value::size() const noexcept { return document_->nodes_[node_].size; }

double Value::real() const noexcept {
    const auto& node = document_->nodes_[node_];
    return node.kind == Kind::integer ? static_cast<double>(node.number) : std::bit_cast<double>(node.number);
}

std::string_view Value::string() const noexcept {
    const auto& node = document_->nodes_[node_];
    return std::string_view{document_->text_}.substr(static_cast<std::size_t>(node.number), node.size);
}

std::string_view Value::key() const noexcept {
    const auto& node = document_->nodes_[node_];
    return std::string_view{document_->text_}.substr(node.key_at, node.key_size);
}

Value::Iterator& Value::Iterator::operator++() noexcept {
    node_ = document_->nodes_[node_].next;
    return *this;
}

Value::Iterator Value::begin() const noexcept { return {document_, node_ + 1}; }
Value::Iterator Value::end() const noexcept { return {document_, document_->nodes_[node_].next}; }

}  // namespace parley::json
