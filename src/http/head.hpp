// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace parley::http {

struct Field {
    std::string_view name;   // as sent; compare with equal_ignoring_case
    std::string_view value;  // without the whitespace around it

    friend bool operator==(const Field&, const Field&) = default;
};

/// How the end of a request's body is found (RFC 9112 section 6.3).
enum class Framing : std::uint8_t { none, content_length, chunked };

/// The head of a request that passed the gate. Every view points into `bytes`, which belong to whoever fed the gate.
struct Head {
    std::string_view bytes;   // all of it, from the first byte fed to the end of the empty line: the body begins behind
    std::string_view method;  // one of those that are served, such as GET
    std::string_view target;  // "/path?query", or "*"; of an absolute form (RFC 9112 section 3.2.2) what follows the authority
    std::string_view host;    // host[:port], well-formed, for parse_host; empty only in HTTP/1.0
    std::vector<Field> fields;
    std::uint64_t content_length = 0;  // bytes, below 2^63; 0 unless the framing is content_length
    Framing framing = Framing::none;
    std::uint8_t minor_version = 1;  // of HTTP/1.0 or HTTP/1.1
    bool keep_alive = true;          // the client expects another request to be read after this one
    bool expects_continue = false;   // the client sends the body when it is told 100 (RFC 9110 section 10.1.1)

    bool has_body() const noexcept { return framing == Framing::chunked || content_length > 0; }

    /// The value of the first field of this name, given in lower case.
    std::optional<std::string_view> find(std::string_view lower_case_name) const noexcept;

    /// Lets every view point into `copy`, which holds the same bytes: for a request that outlives the buffer it arrived in.
    void move_to(const char* copy) noexcept;
};

}  // namespace parley::http
