// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/json/write.hpp"
#include "net/socket.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::http {

/// Which security headers an answer carries (trust.md section 5): an API answer is never cached, a page may run our own scripts and nothing
/// else, a file somebody uploaded may do nothing at all. An asset is a part of a page whose URL has a hash of its content: it is kept for a year.
enum class ContentPolicy : std::uint8_t { api, page, documentation, asset, upload };

/// A piece of an open file as body; `owner` closes it.
struct FileBody {
    std::shared_ptr<const void> owner;
    int descriptor = -1;
    std::int64_t offset = 0;
    std::int64_t count = 0;  // bytes
};

/// What takes over a connection when the head of its answer is out: it gets the socket and the bytes that came behind the request.
using Upgrade = std::move_only_function<void(net::Socket socket, std::string rest)>;

struct Reply {
    int status = 200;
    std::string content_type;
    std::string body;
    std::string_view static_body = {};                                   // instead of `body`: bytes that live as long as the program
    std::optional<FileBody> file = {};                                   // instead of `body`
    std::vector<std::pair<std::string_view, std::string>> headers = {};  // names are constants
    ContentPolicy policy = ContentPolicy::api;
    bool close = false;    // the connection ends with this answer
    bool streams = false;  // `upgrade` sends a body that has no length yet: in chunks, to HTTP/1.0 until the end of the connection
    Upgrade upgrade = {};

    Reply& header(std::string_view name, std::string value) {
        headers.emplace_back(name, std::move(value));
        return *this;
    }
};

inline constexpr std::string_view json_type = "application/json";

/// An answer with a JSON text that is already written.
inline Reply json_reply(int status, std::string text) { return {.status = status, .content_type = std::string{json_type}, .body = std::move(text)}; }

/// 200 or 201 with a described type, a list, or a plain value as JSON.
template <class T>
Reply ok(const T& value) {
    return json_reply(200, json::to_json(value));
}
template <class T>
Reply created(const T& value) {
    return json_reply(201, json::to_json(value));
}
inline Reply no_content() { return {.status = 204, .content_type = {}, .body = {}}; }

}  // namespace parley::http
