// SPDX-License-Identifier: Apache-2.0
#include "support/beast_oracle.hpp"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <limits>
#include <utility>
#include <vector>

namespace parley::testing {
namespace {

namespace beast = boost::beast;
using Parser = beast::http::request_parser<beast::http::empty_body>;

std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

/// Beast gives the target as it was sent; the gate has taken scheme and authority off an absolute one.
bool same_target(std::string_view sent, std::string_view target) {
    if (sent.starts_with('/') || sent == "*") return sent == target;
    return sent.ends_with(target) || target == "/";
}

std::string difference_in_fields(const http::Head& head, const Parser::value_type& request) {
    // Beast keeps fields of one name together, so both sides are compared as sorted lists.
    std::vector<http::Field> theirs, ours = head.fields;
    for (const auto& field : request) theirs.push_back({view(field.name_string()), view(field.value())});
    const auto by_name_and_value = [](const http::Field& field) { return std::pair{field.name, field.value}; };
    std::ranges::sort(theirs, {}, by_name_and_value);
    std::ranges::sort(ours, {}, by_name_and_value);
    return ours == theirs ? "" : "fields";
}

std::string difference_in_framing(const http::Head& head, const Parser& parser) {
    if (parser.chunked() != (head.framing == http::Framing::chunked)) return "chunked";
    const auto length = parser.content_length();
    if (length.has_value() != (head.framing == http::Framing::content_length)) return "presence of a length";
    if (length && *length != head.content_length) return "length";
    // RFC 9112 section 9.3: close wins over keep-alive; with Beast not in HTTP/1.0.
    const bool may_close = head.minor_version == 0 && !head.keep_alive;
    return may_close || parser.keep_alive() == head.keep_alive ? "" : "keep-alive";
}

}  // namespace

std::string disagreement_with_beast(const http::Head& head) {
    // Beast reads Proxy-Connection as Connection; RFC 9112 section C.2.2 asks for the contrary.
    if (head.find("proxy-connection")) return "";
    Parser parser;
    parser.header_limit(std::numeric_limits<std::uint32_t>::max());
    parser.body_limit(std::numeric_limits<std::uint64_t>::max());
    // The empty line that RFC 9112 section 2.2 lets a server skip, Beast does not skip.
    const auto bytes = head.bytes.starts_with("\r\n") ? head.bytes.substr(2) : head.bytes;
    beast::error_code code;
    const auto used = parser.put(boost::asio::buffer(bytes.data(), bytes.size()), code);
    if (code && code != beast::http::error::need_more && code != beast::http::error::unexpected_body) return "refused: " + code.message();
    if (!parser.is_header_done() || used != bytes.size()) return "end of the head";
    const auto& request = parser.get();
    if (view(request.method_string()) != head.method) return "method";
    if (!same_target(view(request.target()), head.target)) return "target";
    if (request.version() != 10U + head.minor_version) return "version";
    if (auto difference = difference_in_framing(head, parser); !difference.empty()) return difference;
    return difference_in_fields(head, request);
}

std::optional<std::string> beast_dechunk(std::string_view coded) {
    beast::http::request_parser<beast::http::string_body> parser;
    parser.header_limit(std::numeric_limits<std::uint32_t>::max());
    parser.body_limit(std::numeric_limits<std::uint64_t>::max());
    parser.eager(true);
    std::string message = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
    message += coded;
    for (std::string_view rest = message; !parser.is_done();) {
        beast::error_code code;
        const auto used = parser.put(boost::asio::buffer(rest.data(), rest.size()), code);
        rest.remove_prefix(used);
        if (code || (used == 0 && !parser.is_done())) return std::nullopt;
    }
    return parser.get().body();
}

}  // namespace parley::testing
