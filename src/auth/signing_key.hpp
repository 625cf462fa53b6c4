// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/random.hpp"
#include "core/time.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct evp_pkey_st;

namespace parley::auth {

/// An Ed25519 key pair (RFC 8032) under a name. Immutable: any number of threads sign and verify with it at once.
class SigningKey {
public:
    /// A new pair under a new name.
    static SigningKey make(Timestamp made_at, Random& random);
    /// What `to_pem` wrote, under the name it was kept by; nothing if it is something else.
    static std::optional<SigningKey> from_pem(std::string id, std::string_view pem);
    /// The pair as PKCS#8 (RFC 5958) in PEM, with the time it was made on a line above. PEM readers pass over such a line (RFC 7468 section 2), and
    /// a copied file keeps it.
    std::string to_pem() const;

    /// 128 random bits in hex: a token's `kid`.
    const std::string& id() const noexcept { return id_; }
    Timestamp made_at() const noexcept { return made_at_; }
    /// The 32 bytes of RFC 8032 section 5.1.5; in base64url, the `x` of a JWK (RFC 8037 section 2).
    std::string public_key() const;

    /// 64 bytes.
    std::string sign(std::string_view bytes) const;
    bool verify(std::string_view bytes, std::string_view signature) const;

private:
    struct Free {
        void operator()(evp_pkey_st* key) const noexcept;
    };
    using Pair = std::unique_ptr<evp_pkey_st, Free>;

    SigningKey(std::string id, Timestamp made_at, Pair pair) : id_(std::move(id)), made_at_(made_at), pair_(std::move(pair)) {}

    std::string id_;
    Timestamp made_at_;
    Pair pair_;
};

/// Whether a text is spelled like a key's name: 32 lower-case hex digits.
bool is_key_id(std::string_view text) noexcept;

}  // namespace parley::auth
