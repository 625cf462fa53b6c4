// SPDX-License-Identifier: Apache-2.0
#include "websocket/handshake.hpp"

#include "core/encoding.hpp"
#include "websocket/errors.hpp"

#include <openssl/evp.h>
#include <openssl/sha.h>
#include <algorithm>
#include <array>
#include <stdexcept>

namespace parley::websocket {
namespace {

/// RFC 6455 section 1.3.
constexpr std::string_view accept_guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool equal_without_case(std::string_view a, std::string_view b) noexcept { return std::ranges::equal(a, b, {}, lower, lower); }

/// Takes the next element off a comma separated list, without the white space around it (RFC 9110 section 5.6.1). It may be empty.
std::string_view take_element(std::string_view& list) noexcept {
    static constexpr std::string_view white_space = " \t";
    const auto comma = list.find(',');
    auto element = list.substr(0, comma);
    list = comma == std::string_view::npos ? std::string_view{} : list.substr(comma + 1);
    element.remove_prefix(std::min(element.find_first_not_of(white_space), element.size()));
    return element.substr(0, element.find_last_not_of(white_space) + 1);
}

/// Upgrade and Connection hold tokens, whose case does not matter (RFC 6455 section 4.2.1).
bool has_token(std::string_view list, std::string_view token) noexcept {
    while (!list.empty())
        if (equal_without_case(take_element(list), token)) return true;
    return false;
}

/// 16 bytes in the one spelling that RFC 4648 section 4 has for them: 22 characters, no stray bits in the last, and the padding.
bool is_key(std::string_view key) {
    if (key.size() != 24 || !key.ends_with("==")) return false;
    std::string unpadded{key.substr(0, 22)};
    if (unpadded.find_first_of("-_") != std::string::npos) return false;
    std::ranges::replace(unpadded, '+', '-');
    std::ranges::replace(unpadded, '/', '_');
    return base64url_decode(unpadded).has_value();
}

}  // namespace

Result<void> check_upgrade(const UpgradeHeaders& headers) {
    if (!has_token(headers.upgrade, "websocket") || !has_token(headers.connection, "upgrade")) return fail(errors::not_an_upgrade);
    if (headers.version != "13") return fail(errors::unsupported_version);
    if (!is_key(headers.key)) return fail(errors::invalid_key);
    return {};
}

std::string accept_key(std::string_view sec_websocket_key) {
    std::string text{sec_websocket_key};
    text += accept_guid;
    std::array<unsigned char, SHA_DIGEST_LENGTH> digest;
    if (EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha1(), nullptr) != 1) throw std::runtime_error("SHA-1 is not available");
    std::array<unsigned char, 28 + 1> encoded;  // EVP_EncodeBlock ends its text with a zero
    EVP_EncodeBlock(encoded.data(), digest.data(), static_cast<int>(digest.size()));
    return {encoded.begin(), encoded.end() - 1};
}

Result<std::string_view> choose_subprotocol(std::string_view offered, std::span<const std::string_view> known) {
    bool any = false;
    while (!offered.empty()) {
        const auto offer = take_element(offered);
        if (offer.empty()) continue;
        any = true;
        if (const auto found = std::ranges::find(known, offer); found != known.end()) return *found;
    }
    if (any) return fail(errors::unknown_subprotocol);
    return std::string_view{};
}

}  // namespace parley::websocket
