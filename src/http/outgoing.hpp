// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/reply.hpp"
#include "net/socket.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace parley::http {

struct AnswerFraming {
    bool head_only = false;  // of HEAD
    bool keep_alive = true;  // the connection stays
    bool http_1_0 = false;
    std::string_view date;
};

/// An answer on its way out: one flat buffer of head and body, what follows from static memory, and what follows from a file.
class Outgoing {
public:
    void begin(Reply reply, const AnswerFraming& framing);

    /// Writes what the socket takes, the file excepted.
    net::Socket::Status write(net::Socket& socket);
    bool has_file() const noexcept { return file_.has_value() && file_->count > 0; }
    FileBody& file() noexcept { return *file_; }
    void clear();

private:
    std::string text_;
    std::size_t written_ = 0;
    std::string_view static_body_;
    std::optional<FileBody> file_;
};

/// The head of an answer; exposed for tests.
void append_head(std::string& out, const Reply& reply, std::int64_t body_bytes, const AnswerFraming& framing);

}  // namespace parley::http
