// SPDX-License-Identifier: Apache-2.0
#include "http/cursor.hpp"

#include "core/encoding.hpp"
#include "core/sha256.hpp"
#include "http/errors.hpp"

#include <fmt/format.h>

namespace parley::http {
namespace {

constexpr std::size_t seal_bytes = 16;
constexpr std::size_t longest_cursor = 4096;

}  // namespace

std::string Cursors::seal(UserId user, std::string_view list, std::string_view position) const {
    const auto digest = hmac_sha256(secret_, fmt::format("{}\n{}\n{}", user.value, list, position));
    return {reinterpret_cast<const char*>(digest.data()), seal_bytes};
}

std::string Cursors::make(UserId user, std::string_view list, std::string_view position) const {
    return base64url_encode(seal(user, list, position) + std::string{position});
}

Result<std::optional<std::string>> Cursors::read(UserId user, std::string_view list, const std::optional<std::string>& cursor) const {
    if (!cursor) return std::nullopt;
    if (cursor->size() > longest_cursor) return fail(errors::bad_cursor);
    const auto bytes = base64url_decode(*cursor);
    if (!bytes || bytes->size() < seal_bytes) return fail(errors::bad_cursor);
    auto position = bytes->substr(seal_bytes);
    if (!equal_in_constant_time(std::string_view{*bytes}.substr(0, seal_bytes), seal(user, list, position))) return fail(errors::bad_cursor);
    return position;
}

}  // namespace parley::http
