// SPDX-License-Identifier: Apache-2.0
#include "auth/access_token.hpp"

#include "core/encoding.hpp"

#include "support/fakes.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

namespace {

using namespace parley;

/// A ring of one key, the same in every run, so that the seeds' signatures stay good.
struct World {
    testing::ManualClock clock;
    testing::SeededRandom random;
    auth::KeyRing ring{"/nonexistent",
                       clock,
                       random,
                       {.rotation_age = 1h, .overlap = 1h},
                       {std::make_shared<auth::SigningKey>(auth::SigningKey::make(clock.now(), random))}};

    std::string good_header() const { return R"({"alg":"EdDSA","kid":")" + ring.newest()->id() + R"(","typ":"at+jwt"})"; }
    static std::string good_payload() {
        return R"({"iss":"parley","aud":"parley","sub":"42","sid":"7","jti":"x","iat":1795000000,"nbf":1795000000,"exp":1795000600})";
    }
    std::string sign(std::string_view header, std::string_view payload) const {
        const auto text = base64url_encode(header) + '.' + base64url_encode(payload);
        return text + '.' + base64url_encode(ring.newest()->sign(text));
    }
};

void require(bool holds) {
    if (!holds) std::abort();
}

/// What is accepted was signed by us, in its one spelling, and is good for one kind of token only.
void check(const World& world, std::string_view token, auth::TokenKind kind) {
    const auto read = auth::verify_token(world.ring, token, world.clock.now(), kind);
    if (!read) return;
    const auto other = kind == auth::TokenKind::access ? auth::TokenKind::control : auth::TokenKind::access;
    require(!auth::verify_token(world.ring, token, world.clock.now(), other));
    const auto dot = token.rfind('.');
    require(token.substr(dot + 1) == base64url_encode(world.ring.newest()->sign(token.substr(0, dot))));
    require(read->expires_at > world.clock.now());
    require(kind == auth::TokenKind::control || (read->user.value > 0 && read->session.value > 0));
}

}  // namespace

/// The first byte says what the rest is: a token, or a header, a payload or both (a line each) that get a true signature, because nothing behind
/// the signature would be reached without.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const World world;
    if (size == 0) return 0;
    const std::string_view rest{reinterpret_cast<const char*>(data + 1), size - 1};
    const auto line = rest.find('\n');
    std::string token;
    switch (data[0] % 4) {
        case 0: token = rest; break;
        case 1: token = world.sign(rest, World::good_payload()); break;
        case 2: token = world.sign(world.good_header(), rest); break;
        default: token = world.sign(rest.substr(0, line), line == std::string_view::npos ? "" : rest.substr(line + 1)); break;
    }
    check(world, token, auth::TokenKind::access);
    check(world, token, auth::TokenKind::control);
    return 0;
}
