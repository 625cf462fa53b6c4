// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.hpp"
#include "http/head.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace parley::http {

struct HeadLimits {
    std::size_t head_bytes = 16 * 1024;   // from the first byte to the end of the empty line; above: headers_too_large
    std::size_t fields = 100;             // above: headers_too_large
    std::size_t target_bytes = 8 * 1024;  // above: uri_too_long
};

/// The strict gate of a connection: finds the end of a request's head and judges the head, before anything else reads it. What two readers
/// could take for two different requests is refused, also where RFC 9112 lets a server repair it, because request smuggling lives on such
/// repairs (docs/decisions/0003-http-parsing.md). Each line is judged as soon as it is complete; however the bytes arrive, the answer is the
/// same and the work is linear in them.
class Gate {
public:
    explicit Gate(HeadLimits limits = {}) : limits_(limits) {}

    /// `bytes` begins with the first byte of the request and holds all that arrived since, old bytes and new; it may stand elsewhere than at the
    /// last call. Gives the head once it is complete, nothing before that. The head lives until `reset` and may be moved from.
    ///
    /// After an error the connection must be closed, since nobody knows where the next request begins. Errors: bad_request, bad_host,
    /// uri_too_long, headers_too_large, unknown_method, method_not_allowed (CONNECT and TRACE, which no resource has), unsupported_version,
    /// unknown_transfer_coding, unsupported_content_coding, expectation_failed, misdirected (the target names another host than Host does).
    Result<Head*> feed(std::string_view bytes);

    /// Ready for the next request of the connection.
    void reset() noexcept;

private:
    struct Span {  // offsets, because the bytes may move while the head is incomplete
        std::uint32_t at = 0, size = 0;
    };
    struct FieldSpan {
        Span name, value;
    };

    static Span span_of(std::string_view part, std::string_view bytes) noexcept;
    Result<void> judge_beginning(std::string_view line) const;
    Result<void> take_line(std::string_view bytes, std::size_t line_feed);
    Result<void> take_request_line(std::string_view bytes, std::string_view line);
    Result<void> take_field(std::string_view bytes, std::string_view line);
    Result<Head*> finish(std::string_view bytes);

    HeadLimits limits_;
    std::size_t scanned_ = 0;  // no line feed between the line's start and here
    std::size_t line_at_ = 0;
    Span method_, target_;  // empty until the request line is complete
    std::uint8_t minor_version_ = 1;
    bool blank_line_seen_ = false;
    bool complete_ = false;
    std::vector<FieldSpan> fields_;
    Head head_;
};

}  // namespace parley::http
