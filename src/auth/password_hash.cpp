// SPDX-License-Identifier: Apache-2.0
#include "auth/password_hash.hpp"

#include <argon2.h>
#include <fmt/format.h>
#include <charconv>
#include <new>
#include <optional>
#include <stdexcept>

namespace parley::auth {
namespace {

/// An encoding taken apart; salt and hash still in their base64.
struct Encoding {
    Argon2Params params;
    std::string_view salt;
    std::string_view hash;
};

bool take(std::string_view& text, std::string_view expected) {
    if (!text.starts_with(expected)) return false;
    text.remove_prefix(expected.size());
    return true;
}

bool take(std::string_view& text, std::uint32_t& number) {
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (code != std::errc{}) return false;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return true;
}

std::optional<Encoding> read_encoding(std::string_view text) {
    Encoding encoding;
    auto& params = encoding.params;
    const bool prefix = take(text, "$argon2id$v=19$m=") && take(text, params.memory_kib) && take(text, ",t=") && take(text, params.passes) &&
                        take(text, ",p=") && take(text, params.lanes) && take(text, "$");
    const auto dollar = text.find('$');
    if (!prefix || dollar == std::string_view::npos) return std::nullopt;
    encoding.salt = text.substr(0, dollar);
    encoding.hash = text.substr(dollar + 1);
    return encoding;
}

bool is_affordable(const Encoding& encoding) {
    constexpr std::uint32_t max_memory_kib = 1024 * 1024, max_passes = 16, max_lanes = 16;
    constexpr std::size_t max_text = 86;  // base64 of 64 bytes
    return encoding.params.memory_kib <= max_memory_kib && encoding.params.passes <= max_passes && encoding.params.lanes <= max_lanes &&
           encoding.salt.size() <= max_text && encoding.hash.size() <= max_text;
}

/// Characters of unpadded base64 for so many bytes.
constexpr std::size_t base64_size(std::size_t bytes) { return (bytes * 8 + 5) / 6; }

}  // namespace

std::string hash_password(std::string_view password, std::span<const std::byte> salt, const Argon2Params& params) {
    const auto size =
        argon2_encodedlen(params.passes, params.memory_kib, params.lanes, static_cast<std::uint32_t>(salt.size()), password_hash_bytes, Argon2_id);
    std::string encoded(size, '\0');  // `size` counts the zero at the end
    const int code = argon2id_hash_encoded(params.passes, params.memory_kib, params.lanes, password.data(), password.size(), salt.data(), salt.size(),
                                           password_hash_bytes, encoded.data(), encoded.size());
    if (code == ARGON2_MEMORY_ALLOCATION_ERROR) throw std::bad_alloc{};
    if (code != ARGON2_OK) throw std::invalid_argument(argon2_error_message(code));
    encoded.resize(encoded.find('\0'));
    return encoded;
}

bool verify_password(std::string_view encoded, std::string_view password) {
    const auto encoding = read_encoding(encoded);
    if (!encoding || !is_affordable(*encoding) || encoded.contains('\0')) return false;
    const int code = argon2id_verify(std::string{encoded}.c_str(), password.data(), password.size());
    if (code == ARGON2_MEMORY_ALLOCATION_ERROR) throw std::bad_alloc{};
    return code == ARGON2_OK;
}

bool needs_rehash(std::string_view encoded, const Argon2Params& wanted) {
    const auto encoding = read_encoding(encoded);
    return !encoding || encoding->params != wanted || encoding->salt.size() != base64_size(password_salt_bytes) ||
           encoding->hash.size() != base64_size(password_hash_bytes);
}

std::string dummy_hash(const Argon2Params& params) {
    return fmt::format("$argon2id$v=19$m={},t={},p={}${:A>{}}${:A>{}}", params.memory_kib, params.passes, params.lanes, "",
                       base64_size(password_salt_bytes), "", base64_size(password_hash_bytes));
}

}  // namespace parley::auth
