// SPDX-License-Identifier: Apache-2.0
#include "files/media_type.hpp"

#include <algorithm>
#include <array>

namespace parley::files {
namespace {

using namespace std::string_view_literals;

struct Signature {
    std::string_view media_type;
    std::size_t at;
    std::string_view bytes;
    std::string_view also = {};  // bytes at position 8, of containers that hold several types
};

/// Source: the WHATWG MIME Sniffing Standard sections 6.1 and 6.2, less what we never show.
constexpr std::array signatures{
    Signature{"image/png", 0, "\x89PNG\r\n\x1A\n"sv},
    Signature{"image/jpeg", 0, "\xFF\xD8\xFF"sv},
    Signature{"image/gif", 0, "GIF87a"sv},
    Signature{"image/gif", 0, "GIF89a"sv},
    Signature{"image/webp", 0, "RIFF"sv, "WEBPVP"sv},
    Signature{"video/webm", 0, "\x1A\x45\xDF\xA3"sv},
    Signature{"video/mp4", 4, "ftyp"sv},
    Signature{"audio/mpeg", 0, "ID3"sv},
    Signature{"audio/ogg", 0, "OggS\0"sv},
    Signature{"application/pdf", 0, "%PDF-"sv},
    Signature{"application/zip", 0, "PK\x03\x04"sv},
    Signature{"application/gzip", 0, "\x1F\x8B\x08"sv},
};

constexpr std::array inline_types{"image/png"sv, "image/jpeg"sv, "image/gif"sv,  "image/webp"sv,
                                  "video/mp4"sv, "video/webm"sv, "audio/mpeg"sv, "audio/ogg"sv};

/// Container formats whose own type says less than the claim: an office document is a zip, too.
bool is_mere_container(std::string_view media_type) { return media_type == "application/zip" || media_type == "application/gzip"; }

std::string_view sniff(std::string_view bytes) {
    for (const auto& signature : signatures) {
        if (bytes.substr(std::min(signature.at, bytes.size())).starts_with(signature.bytes) &&
            (signature.also.empty() || bytes.substr(std::min<std::size_t>(8, bytes.size())).starts_with(signature.also))) {
            return signature.media_type;
        }
    }
    return {};
}

/// RFC 6838 section 4.2, restricted-name, in lower case.
bool is_restricted_name(std::string_view name) {
    constexpr std::string_view first = "abcdefghijklmnopqrstuvwxyz0123456789", others = "!#$&-^_.+";
    return !name.empty() && name.size() <= 127 && first.contains(name.front()) &&
           std::ranges::all_of(name, [&](char c) { return first.contains(c) || others.contains(c); });
}

/// `type/subtype` in lower case without parameters; empty if the claim is none.
std::string normalised(std::string_view claimed) {
    std::string type{claimed.substr(0, claimed.find(';'))};
    while (!type.empty() && type.back() == ' ') type.pop_back();
    std::ranges::transform(type, type.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    const auto slash = type.find('/');
    if (slash == std::string::npos) return {};
    const std::string_view view{type};
    return is_restricted_name(view.substr(0, slash)) && is_restricted_name(view.substr(slash + 1)) ? type : std::string{};
}

}  // namespace

bool may_be_shown_inline(std::string_view media_type) { return std::ranges::find(inline_types, media_type) != inline_types.end(); }

std::string media_type_of(std::string_view first_bytes, std::string_view claimed) {
    const auto found = sniff(first_bytes);
    if (!found.empty() && !is_mere_container(found)) return std::string{found};
    auto type = normalised(claimed);
    if (type.empty() || may_be_shown_inline(type)) return found.empty() ? "application/octet-stream" : std::string{found};
    return type;
}

}  // namespace parley::files
