// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace parley::auth {

/// What one hash costs whoever guesses, and us: `memory_kib` is taken for as long as it runs. The default is OWASP's for one pass (RFC 9106 names
/// the parameters m, t and p).
struct Argon2Params {
    std::uint32_t memory_kib = 47104;
    std::uint32_t passes = 1;
    std::uint32_t lanes = 1;

    friend bool operator==(const Argon2Params&, const Argon2Params&) = default;
};

inline constexpr std::size_t password_salt_bytes = 16;
inline constexpr std::size_t password_hash_bytes = 32;

/// The Argon2id hash (RFC 9106, version 19) in the reference implementation's encoding: `$argon2id$v=19$m=…,t=…,p=…$salt$hash`.
/// Holds the processor for tens of milliseconds: on a WorkerPool only. Throws std::bad_alloc without memory, std::invalid_argument for
/// parameters Argon2 does not know (a salt below 8 bytes, less than 8 KiB a lane).
std::string hash_password(std::string_view password, std::span<const std::byte> salt, const Argon2Params& params = {});

/// Whether `password` has this hash, in a time that tells nothing about it. What is no Argon2id encoding, or asks for more than 1 GiB, 16 passes or
/// 16 lanes, is false at once: a corrupt row must not take the machine down. Throws std::bad_alloc without memory.
bool verify_password(std::string_view encoded, std::string_view password);

/// Whether a hash was made with other parameters than are wanted now and is to be made again at the next sign-in.
bool needs_rehash(std::string_view encoded, const Argon2Params& wanted);

/// A hash of no password, of the same cost to verify as a real one: verified where the user is unknown, so that the time does not tell.
std::string dummy_hash(const Argon2Params& params = {});

}  // namespace parley::auth
