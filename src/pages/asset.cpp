// SPDX-License-Identifier: Apache-2.0
#include "pages/asset.hpp"

#include "core/sha256.hpp"
#include "http/ranges.hpp"
#include "http/syntax.hpp"

#include <algorithm>
#include <optional>

namespace parley::pages {
namespace {

constexpr std::size_t tag_digits = 32;

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

/// Cuts `text` at the first `separator`; gives what stands before it.
std::string_view take_part(std::string_view& text, char separator) {
    const auto end = std::min(text.find(separator), text.size());
    const auto part = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    return part;
}

/// Whether a weight is above zero: "q=0", "q=0.0" are not (RFC 9110 section 12.4.2). No weight is 1.
bool has_weight(std::string_view parameters) {
    while (!parameters.empty()) {
        const auto parameter = take_part(parameters, ';');
        if (parameter.size() < 2 || !http::equal_ignoring_case(parameter.substr(0, 2), "q=")) continue;
        return parameter.find_first_of("123456789") != std::string_view::npos;
    }
    return true;
}

}  // namespace

Asset make_asset(std::string_view media_type, std::string_view plain, std::string_view gzipped, http::ContentPolicy policy) {
    return {media_type, plain, gzipped, sha256_hex(plain).substr(0, tag_digits), policy};
}

bool accepts_gzip(std::string_view accept_encoding) noexcept {
    std::optional<bool> named, any;
    while (!accept_encoding.empty()) {
        auto item = take_part(accept_encoding, ',');
        const auto coding = take_part(item, ';');
        if (http::equal_ignoring_case(coding, "gzip") || http::equal_ignoring_case(coding, "x-gzip")) named = has_weight(item);
        else if (coding == "*") any = has_weight(item);
    }
    return named.value_or(any.value_or(false));
}

http::Reply serve(const Asset& asset, std::string_view accept_encoding, std::string_view if_none_match) {
    const bool gzip = !asset.gzipped.empty() && accepts_gzip(accept_encoding);
    const auto etag = '"' + asset.tag + (gzip ? "-gzip\"" : "\"");
    http::Reply reply{.status = 200, .content_type = {}, .body = {}, .policy = asset.policy};
    reply.header("ETag", etag);
    if (!asset.gzipped.empty()) reply.header("Vary", "Accept-Encoding");
    if (http::if_none_match_names(if_none_match, etag)) {
        reply.status = 304;
        return reply;
    }
    reply.content_type = asset.media_type;
    reply.static_body = gzip ? asset.gzipped : asset.plain;
    if (gzip) reply.header("Content-Encoding", "gzip");
    return reply;
}

http::Reply serve(const Asset& asset, const http::Call& call) { return serve(asset, call.header("accept-encoding"), call.header("if-none-match")); }

}  // namespace parley::pages
