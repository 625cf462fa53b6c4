// SPDX-License-Identifier: Apache-2.0
#include "http/outgoing.hpp"

#include "core/json/writer.hpp"
#include "http/status.hpp"

#include <array>

namespace parley::http {
namespace {

/// Constant header fields by policy, with their line ends. Why each: trust.md section 5, "Transport & headers", "Files".
constexpr std::string_view common_headers =
    "X-Content-Type-Options: nosniff\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n";
constexpr std::string_view api_headers =
    "Cache-Control: no-store\r\n"
    "Vary: Authorization, Cookie, Origin\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n";
constexpr std::string_view page_headers =
    "Cache-Control: no-cache\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "Permissions-Policy: camera=(), geolocation=(), microphone=(), payment=(), usb=()\r\n"
    "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; "
    "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'\r\n";
/// Swagger UI and ReDoc set styles inline and put their markup together themselves; ReDoc's search runs in a worker made of a blob.
constexpr std::string_view documentation_headers =
    "Cache-Control: no-cache\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "Permissions-Policy: camera=(), geolocation=(), microphone=(), payment=(), usb=()\r\n"
    "Content-Security-Policy: default-src 'none'; script-src 'self'; worker-src blob:; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'\r\n";
constexpr std::string_view asset_headers =
    "Cache-Control: public, max-age=31536000, immutable\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n";
constexpr std::string_view upload_headers =
    "Cache-Control: private, no-cache\r\n"
    "Vary: Authorization, Cookie, Origin\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "Content-Security-Policy: sandbox; default-src 'none'\r\n";

std::string_view headers_of(ContentPolicy policy) {
    switch (policy) {
        case ContentPolicy::api: return api_headers;
        case ContentPolicy::page: return page_headers;
        case ContentPolicy::documentation: return documentation_headers;
        case ContentPolicy::asset: return asset_headers;
        case ContentPolicy::upload: return upload_headers;
    }
    return api_headers;
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
    out += name;
    out += ": ";
    out += value;
    out += "\r\n";
}

/// RFC 9110 section 8.6: no Content-Length with 1xx and 204; 304 has none here, because it would be the other answer's.
bool has_length(int status) { return status >= 200 && status != 204 && status != 304; }

}  // namespace

void append_head(std::string& out, const Reply& reply, std::int64_t body_bytes, const AnswerFraming& framing) {
    out += "HTTP/1.1 ";
    json::append_integer(out, reply.status);
    out += ' ';
    out += reason_of(reply.status);
    out += "\r\n";
    append_field(out, "Date", framing.date);
    if (!reply.content_type.empty()) append_field(out, "Content-Type", reply.content_type);
    if (reply.streams) {
        if (!framing.http_1_0) out += "Transfer-Encoding: chunked\r\n";  // RFC 9112 section 6.1
    } else if (has_length(reply.status)) {
        out += "Content-Length: ";
        json::append_integer(out, body_bytes);
        out += "\r\n";
    }
    for (const auto& [name, value] : reply.headers) append_field(out, name, value);
    if (reply.status != 101) {
        if (!framing.keep_alive) out += "Connection: close\r\n";
        else if (framing.http_1_0) out += "Connection: keep-alive\r\n";
        out += common_headers;
        out += headers_of(reply.policy);
    }
    out += "\r\n";
}

void Outgoing::begin(Reply reply, const AnswerFraming& framing) {
    std::int64_t size = std::ssize(reply.body) + std::ssize(reply.static_body);
    if (reply.file) size = reply.file->count;
    text_.clear();
    text_.reserve(1024 + reply.body.size());
    append_head(text_, reply, size, framing);
    written_ = 0;
    static_body_ = {};
    file_.reset();
    if (framing.head_only || !has_length(reply.status)) return;
    text_ += reply.body;
    static_body_ = reply.static_body;
    file_ = std::move(reply.file);
}

net::Socket::Status Outgoing::write(net::Socket& socket) {
    while (written_ < text_.size() || !static_body_.empty()) {
        const std::array parts{iovec{text_.data() + written_, text_.size() - written_},
                               iovec{const_cast<char*>(static_body_.data()), static_body_.size()}};
        const auto [status, bytes] = socket.write(parts);
        if (status != net::Socket::Status::done) return status;
        const auto of_text = std::min(bytes, text_.size() - written_);
        written_ += of_text;
        static_body_.remove_prefix(bytes - of_text);
    }
    return net::Socket::Status::done;
}

void Outgoing::clear() {
    std::string{}.swap(text_);
    written_ = 0;
    static_body_ = {};
    file_.reset();
}

}  // namespace parley::http
