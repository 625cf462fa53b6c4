// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/call.hpp"
#include "http/reply.hpp"

#include <string>
#include <string_view>

namespace parley::pages {

/// Something that is served as it is, in one or two codings. What it views outlives the server.
struct Asset {
    std::string_view media_type;
    std::string_view plain;
    std::string_view gzipped;  // the same, compressed; empty where that does not help
    std::string tag;           // a hash of `plain`
    http::ContentPolicy policy = http::ContentPolicy::documentation;
};

/// `tag` is made here. `gzipped` may be empty.
Asset make_asset(std::string_view media_type, std::string_view plain, std::string_view gzipped, http::ContentPolicy policy);

/// Whether an Accept-Encoding field allows gzip (RFC 9110 section 12.5.3). Nobody says so by leaving the field out: such a client gets plain bytes.
bool accepts_gzip(std::string_view accept_encoding) noexcept;

/// The asset as this client wants it: 200, or 304 if it has it. Each coding has a strong ETag of its own (RFC 9110 section 8.8.3.3).
http::Reply serve(const Asset& asset, const http::Call& call);
/// The same for the values of Accept-Encoding and If-None-Match.
http::Reply serve(const Asset& asset, std::string_view accept_encoding, std::string_view if_none_match);

}  // namespace parley::pages
