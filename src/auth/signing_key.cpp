// SPDX-License-Identifier: Apache-2.0
#include "auth/signing_key.hpp"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <algorithm>
#include <array>
#include <cstddef>
#include <new>
#include <stdexcept>

namespace parley::auth {
namespace {

constexpr std::string_view made_at_label = "Made-At: ";
constexpr std::size_t public_key_bytes = 32, private_key_bytes = 32, signature_bytes = 64;

template <auto free>
struct FreeBy {
    void operator()(auto* object) const noexcept { free(object); }
};
using DigestContext = std::unique_ptr<EVP_MD_CTX, FreeBy<EVP_MD_CTX_free>>;
using Memory = std::unique_ptr<BIO, FreeBy<BIO_vfree>>;

const unsigned char* unsigned_bytes(std::string_view bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }
unsigned char* unsigned_bytes(std::string& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }

/// For calls that cannot fail but for want of memory or a broken OpenSSL.
void require(bool succeeded, const char* what) {
    if (!succeeded) throw std::runtime_error(what);
}

/// Refuses, where OpenSSL would ask for a passphrase on the terminal.
int no_passphrase(char*, int, int, void*) { return -1; }

}  // namespace

void SigningKey::Free::operator()(evp_pkey_st* key) const noexcept { EVP_PKEY_free(key); }

SigningKey SigningKey::make(Timestamp made_at, Random& random) {
    std::array<std::byte, private_key_bytes> secret;
    random.fill(secret);
    Pair pair{EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, reinterpret_cast<const unsigned char*>(secret.data()), secret.size())};
    OPENSSL_cleanse(secret.data(), secret.size());
    require(pair != nullptr, "OpenSSL makes no Ed25519 key");
    return {random.name(), made_at, std::move(pair)};
}

std::optional<SigningKey> SigningKey::from_pem(std::string id, std::string_view pem) {
    const auto line = pem.substr(0, pem.find('\n'));
    if (!line.starts_with(made_at_label)) return std::nullopt;
    const auto made_at = parse_rfc3339(line.substr(made_at_label.size()));
    const Memory source{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
    Pair pair{PEM_read_bio_PrivateKey(source.get(), nullptr, no_passphrase, nullptr)};
    ERR_clear_error();
    if (!made_at || pair == nullptr || EVP_PKEY_get_id(pair.get()) != EVP_PKEY_ED25519) return std::nullopt;
    return SigningKey{std::move(id), *made_at, std::move(pair)};
}

std::string SigningKey::to_pem() const {
    const Memory target{BIO_new(BIO_s_mem())};
    require(target && PEM_write_bio_PKCS8PrivateKey(target.get(), pair_.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1, "OpenSSL writes no PEM");
    char* text = nullptr;
    const auto size = BIO_get_mem_data(target.get(), &text);
    return std::string{made_at_label} + format_rfc3339(made_at_) + '\n' + std::string{text, static_cast<std::size_t>(size)};
}

std::string SigningKey::public_key() const {
    std::string bytes(public_key_bytes, '\0');
    std::size_t size = bytes.size();
    require(EVP_PKEY_get_raw_public_key(pair_.get(), unsigned_bytes(bytes), &size) == 1, "OpenSSL gives no public key");
    return bytes;
}

std::string SigningKey::sign(std::string_view bytes) const {
    std::string signature(signature_bytes, '\0');
    std::size_t size = signature.size();
    const DigestContext context{EVP_MD_CTX_new()};
    require(context && EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, pair_.get()) == 1 &&
                EVP_DigestSign(context.get(), unsigned_bytes(signature), &size, unsigned_bytes(bytes), bytes.size()) == 1,
            "OpenSSL does not sign");
    return signature;
}

bool SigningKey::verify(std::string_view bytes, std::string_view signature) const {
    const DigestContext context{EVP_MD_CTX_new()};
    require(context && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, pair_.get()) == 1, "OpenSSL does not verify");
    const bool good = EVP_DigestVerify(context.get(), unsigned_bytes(signature), signature.size(), unsigned_bytes(bytes), bytes.size()) == 1;
    // What is left in the thread's queue would be taken for an error of the next TLS call (SSL_get_error(3)).
    if (!good) ERR_clear_error();
    return good;
}

bool is_key_id(std::string_view text) noexcept {
    return text.size() == 32 && std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

}  // namespace parley::auth
