// SPDX-License-Identifier: Apache-2.0
#include "auth/access_token.hpp"

#include "auth/errors.hpp"

#include "core/encoding.hpp"
#include "core/sha256.hpp"

#include "support/expect.hpp"
#include "support/fakes.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <string>

// Tokens other people's libraries make are in tests/interop/jose_tokens_test.cpp; the numbers are those of trust.md section 3.
namespace parley::auth {
namespace {

class AccessTokenTest : public ::testing::Test {
protected:
    Claims claims(TokenKind kind = TokenKind::access) const {
        const bool access = kind == TokenKind::access;
        return {.kind = kind,
                .user = {access ? 42 : 0},
                .session = {access ? 7 : 0},
                .issued_at = from_micros(now_s * 1'000'000),
                .expires_at = from_micros((now_s + 600) * 1'000'000)};
    }
    std::string issue(TokenKind kind = TokenKind::access) { return issue_token(*ring, claims(kind), random); }
    Result<Claims> verify(std::string_view token, TokenKind kind = TokenKind::access) const { return verify_token(*ring, token, clock.now(), kind); }

    std::string header() const { return fmt::format(R"({{"alg":"EdDSA","kid":"{}","typ":"at+jwt"}})", ring->newest()->id()); }
    /// Claims as ours, then what a test adds; a member named again is there twice.
    std::string payload(std::string_view times = {}) const {
        return fmt::format(R"({{"iss":"parley","aud":"parley","sub":"42","sid":"7","jti":"x",{}}})",
                           times.empty() ? good_times() : std::string{times});
    }
    std::string good_times() const { return fmt::format(R"("iat":{0},"nbf":{0},"exp":{1})", now_s, now_s + 600); }
    /// A token with a true signature over whatever a test wants to be signed.
    std::string sign(std::string_view head, std::string_view body) const {
        const auto text = base64url_encode(head) + '.' + base64url_encode(body);
        return text + '.' + base64url_encode(ring->newest()->sign(text));
    }
    std::string sign_payload(std::string_view body) const { return sign(header(), body); }

    testing::TemporaryFolder folder;
    testing::ManualClock clock;
    testing::SeededRandom random;
    std::unique_ptr<KeyRing> ring = KeyRing::open(folder.path() / "keys", clock, random, {.rotation_age = 1h, .overlap = 10min}).value();
    const std::int64_t now_s = to_micros(clock.now()) / 1'000'000;
};

TEST_F(AccessTokenTest, SaysWhatItWasIssuedWith) {
    const auto read = verify(issue());
    ASSERT_OK(read);
    EXPECT_EQ(read->user, UserId{42});
    EXPECT_EQ(read->session, SessionId{7});
    EXPECT_EQ(read->issued_at, claims().issued_at);
    EXPECT_EQ(read->expires_at, claims().expires_at);
    EXPECT_EQ(read->kind, TokenKind::access);
}

TEST_F(AccessTokenTest, IsNeverTheSameTwice) { EXPECT_NE(issue(), issue()); }

// The origin's clients decode SimpleJWT's access token (api.md section 7).
TEST_F(AccessTokenTest, HasTheClaimsOfSimpleJwt) {
    const auto token = issue();
    const auto first = token.find('.');
    const auto text = base64url_decode(token.substr(first + 1, token.rfind('.') - first - 1)).value();
    EXPECT_NE(text.find(R"("token_type":"access","user_id":42)"), std::string::npos) << text;
    EXPECT_EQ(text.find("operator"), std::string::npos);
}

TEST_F(AccessTokenTest, ControlTokenAndAccessTokenAreNeverTakenForEachOther) {
    EXPECT_OK(verify(issue(TokenKind::control), TokenKind::control));
    EXPECT_ERROR(verify(issue(TokenKind::control), TokenKind::access), errors::invalid_token);
    EXPECT_ERROR(verify(issue(TokenKind::access), TokenKind::control), errors::invalid_token);
}

TEST_F(AccessTokenTest, ControlTokenIsNobodysInParticular) {
    const auto read = verify(issue(TokenKind::control), TokenKind::control);
    ASSERT_OK(read);
    EXPECT_FALSE(read->user);
    EXPECT_FALSE(read->session);
}

TEST_F(AccessTokenTest, EndsAtItsSecondWithoutLeeway) {
    const auto token = issue();
    clock.advance(600s - 1us);
    EXPECT_OK(verify(token));
    clock.advance(1us);
    EXPECT_ERROR(verify(token), errors::token_expired);
}

TEST_F(AccessTokenTest, EndedTokenThatIsNotOursIsInvalid) {
    const auto ended = fmt::format(R"("iat":{0},"nbf":{0},"exp":{0})", now_s - 600);
    EXPECT_ERROR(verify(sign_payload(payload(ended))), errors::token_expired);
    auto other = payload(ended);
    other.replace(other.find("parley"), 6, "oparly");
    EXPECT_ERROR(verify(sign_payload(other)), errors::invalid_token);
}

TEST_F(AccessTokenTest, OldKeyVerifiesAfterARotationUntilItIsDropped) {
    auto late = claims();
    late.expires_at += 100h;
    const auto token = issue_token(*ring, late, random);
    clock.advance(1h);
    ASSERT_TRUE(ring->rotate_if_due());
    EXPECT_OK(verify(token));
    clock.advance(10min + 1s);
    ASSERT_TRUE(ring->rotate_if_due());
    EXPECT_ERROR(verify(token), errors::invalid_token);
}

TEST_F(AccessTokenTest, HeaderIsExactlyOurs) {  // JW 74 to 78, 80
    const auto id = ring->newest()->id();
    const auto with = [&](std::string_view members) { return fmt::format(R"({{{}}})", members); };
    const auto key = fmt::format(R"("kid":"{}")", id);
    ASSERT_OK(verify(sign(with(R"("typ":"at+jwt",)" + key + R"(,"alg":"EdDSA")"), payload())));  // the order is free
    for (const std::string& bad : {with(R"("typ":"at+jwt",)" + key),
                                   with(R"("alg":"none","typ":"at+jwt",)" + key),
                                   with(R"("alg":"None","typ":"at+jwt",)" + key),
                                   with(R"("alg":"HS256","typ":"at+jwt",)" + key),
                                   with(R"("alg":"ES256","typ":"at+jwt",)" + key),
                                   with(R"("alg":"eddsa","typ":"at+jwt",)" + key),
                                   with(R"("alg":"Ed25519","typ":"at+jwt",)" + key),
                                   with(R"("alg":["EdDSA"],"typ":"at+jwt",)" + key),
                                   with(R"("alg":"EdDSA","typ":"JWT",)" + key),
                                   with(R"("alg":"EdDSA","typ":"application/at+jwt",)" + key),
                                   with(R"("alg":"EdDSA",)" + key),
                                   with(R"("alg":"EdDSA","typ":"at+jwt")"),
                                   with(R"("alg":"EdDSA","typ":"at+jwt","kid":null)"),
                                   with(R"("alg":"EdDSA","typ":"at+jwt","kid":"")"),
                                   with(R"("alg":"EdDSA","typ":"at+jwt","kid":"../../etc/passwd")"),
                                   with(R"("alg":"EdDSA","typ":"at+jwt","kid":"' OR 1=1 --")"),
                                   with(R"("alg":"EdDSA","typ":"at+jwt","kid":"00000000000000000000000000000000")"),
                                   with(R"("alg":"EdDSA","typ":"at+jwt",)" + key + "," + key),
                                   with(R"("alg":"none","alg":"EdDSA","typ":"at+jwt",)" + key),
                                   with(R"("alg":"EdDSA","typ":"at+jwt","jku":"https://evil.example/keys",)" + key),
                                   with(R"("alg":"EdDSA","typ":"at+jwt","jwk":{},)" + key),
                                   with(R"("alg":"EdDSA","typ":"at+jwt","x5u":"https://evil.example/",)" + key),
                                   with(R"("alg":"EdDSA","typ":"at+jwt","x5c":[],)" + key),
                                   with(R"("alg":"EdDSA","typ":"at+jwt","crit":["b64"],"b64":false,)" + key),
                                   with(R"("alg":"EdDSA","typ":"at+jwt","b64":true,)" + key),
                                   with(R"("alg":"EdDSA","typ":"at+jwt","cty":"JWT",)" + key),
                                   with(R"("alg":"dir","enc":"A256GCM",)" + key),
                                   std::string{},
                                   std::string{"[]"},
                                   std::string{"null"},
                                   header() + " x",
                                   header().substr(1),
                                   std::string{"\xFF"},
                                   std::string(40, '[')}) {
        SCOPED_TRACE(bad);
        EXPECT_ERROR(verify(sign(bad, payload())), errors::invalid_token);
    }
}

TEST_F(AccessTokenTest, SignatureIsOfThisKeyAndTheseBytes) {  // JW 75, 82
    const auto token = issue();
    const auto dot = token.rfind('.');
    const auto signed_part = token.substr(0, dot + 1);
    const auto signature = base64url_decode(token.substr(dot + 1)).value();
    const auto mac = hmac_sha256(ring->newest()->public_key(), signed_part.substr(0, dot));
    for (const std::string& bad : {std::string{}, std::string(64, '\0'), signature.substr(0, 63), signature + '\0', signature.substr(0, 32),
                                   std::string(reinterpret_cast<const char*>(mac.data()), mac.size())})
        EXPECT_ERROR(verify(signed_part + base64url_encode(bad)), errors::invalid_token);
    testing::SeededRandom other_random{2};
    const auto stranger = SigningKey::make(clock.now(), other_random);
    EXPECT_ERROR(verify(signed_part + base64url_encode(stranger.sign(signed_part.substr(0, dot)))), errors::invalid_token);
}

TEST_F(AccessTokenTest, EveryChangedByteIsRefused) {
    const auto token = issue();
    for (std::size_t i = 0; i < token.size(); ++i) {
        for (const char c : {'A', 'B', '.', '='}) {
            auto changed = token;
            changed[i] = c;
            if (changed != token) {
                SCOPED_TRACE(changed);
                EXPECT_ERROR(verify(changed), errors::invalid_token);
            }
        }
        SCOPED_TRACE(i);
        EXPECT_ERROR(verify(token.substr(0, i)), errors::invalid_token);
    }
}

TEST_F(AccessTokenTest, HasThreePartsOfCanonicalBase64) {  // JW 81
    const auto token = issue();
    for (const std::string& bad :
         {std::string{}, std::string{"."}, std::string{".."}, std::string{"..."}, token + ".", token + "..", token + ".AAAA", "." + token,
          token + "=", token + "==", token + " ", " " + token, token + "\n", "Bearer " + token, token + std::string(max_token_bytes, 'A')}) {
        SCOPED_TRACE(bad.substr(0, 80));
        EXPECT_ERROR(verify(bad), errors::invalid_token);
    }
    // The last character of 64 bytes in base64 has four bits of none: another one decodes to the same bytes.
    auto twin = token;
    twin.back() = static_cast<char>(twin.back() + 1);
    EXPECT_ERROR(verify(twin), errors::invalid_token);
}

TEST_F(AccessTokenTest, TokenOfTheGreatestSizeIsRead) {
    const auto fitting = [&](std::size_t filler) { return sign_payload(payload(good_times() + R"(,"filler":")" + std::string(filler, 'x') + '"')); };
    std::size_t filler = 2000;
    while (fitting(filler + 1).size() <= max_token_bytes) ++filler;
    EXPECT_OK(verify(fitting(filler)));
    EXPECT_ERROR(verify(fitting(filler + 1)), errors::invalid_token);
}

TEST_F(AccessTokenTest, TimesAreWholeSecondsOfThisAge) {  // JW 79
    const auto times = [&](std::string_view iat, std::string_view nbf, std::string_view exp) {
        return sign_payload(payload(fmt::format(R"("iat":{},"nbf":{},"exp":{})", iat, nbf, exp)));
    };
    const auto n = std::to_string(now_s), later = std::to_string(now_s + 600);
    EXPECT_OK(verify(times(std::to_string(now_s + 60), std::to_string(now_s + 60), later)));
    EXPECT_ERROR(verify(times(std::to_string(now_s + 61), n, later)), errors::invalid_token);
    EXPECT_ERROR(verify(times(n, std::to_string(now_s + 61), later)), errors::invalid_token);
    for (const std::string& bad : {'"' + later + '"', later + ".5", later + ".0", later + "e0", std::string{"1e30"}, std::string{"null"},
                                   std::string{"true"}, std::string{"-1"}, std::string{"9223372036854775807"}, std::string{"9223372036854775808"},
                                   std::string{"18446744073709551616"}, std::string{"253402300800"}, std::string{"[]"}, "[" + later + "]"}) {
        SCOPED_TRACE(bad);
        EXPECT_ERROR(verify(times(n, n, bad)), errors::invalid_token);
    }
    EXPECT_OK(verify(times(n, n, "253402300799")));
    EXPECT_ERROR(verify(times(n, n, "0")), errors::token_expired);
}

TEST_F(AccessTokenTest, EveryClaimIsAsked) {  // JW 79, 80
    const auto whole = payload();
    ASSERT_OK(verify(sign_payload(whole)));
    for (const std::string name : {"iss", "aud", "sub", "sid", "jti", "iat", "nbf", "exp"}) {
        auto without = whole;
        without.replace(without.find('"' + name + '"'), 5, "\"zzz\"");
        SCOPED_TRACE(name);
        EXPECT_ERROR(verify(sign_payload(without)), errors::invalid_token);
    }
}

TEST_F(AccessTokenTest, ClaimsAreExact) {  // JW 80
    const auto replaced = [&](const std::string& from, const std::string& to) {
        auto changed = payload();
        changed.replace(changed.find(from), from.size(), to);
        return sign_payload(changed);
    };
    for (const auto& [from, to] : std::initializer_list<std::pair<std::string, std::string>>{{R"("iss":"parley")", R"("iss":"Parley")"},
                                                                                             {R"("iss":"parley")", R"("iss":["parley"])"},
                                                                                             {R"("aud":"parley")", R"("aud":["parley"])"},
                                                                                             {R"("aud":"parley")", R"("aud":"parley-control")"},
                                                                                             {R"("aud":"parley")", R"("aud":"")"},
                                                                                             {R"("sub":"42")", R"("sub":42)"},
                                                                                             {R"("sub":"42")", R"("sub":"0")"},
                                                                                             {R"("sub":"42")", R"("sub":"042")"},
                                                                                             {R"("sub":"42")", R"("sub":"+42")"},
                                                                                             {R"("sub":"42")", R"("sub":"-42")"},
                                                                                             {R"("sub":"42")", R"("sub":"42 ")"},
                                                                                             {R"("sub":"42")", R"("sub":"")"},
                                                                                             {R"("sub":"42")", R"("sub":"9007199254740992")"},
                                                                                             {R"("sub":"42")", R"("sub":"99999999999999999999")"},
                                                                                             {R"("sub":"42")", R"("sub":"operator")"},
                                                                                             {R"("sid":"7")", R"("sid":7)"},
                                                                                             {R"("sid":"7")", R"("sid":"0")"},
                                                                                             {R"("sub":"42")", R"("sub":"42","sub":"1")"},
                                                                                             {R"("sub":"42")", R"("s\u0075b":"42","sub":"42")"}}) {
        SCOPED_TRACE(to);
        EXPECT_ERROR(verify(replaced(from, to)), errors::invalid_token);
    }
    EXPECT_OK(verify(replaced(R"("sub":"42")", R"("sub":"9007199254740991")")));
}

TEST_F(AccessTokenTest, ClaimsOfALaterVersionArePassedOver) {
    EXPECT_OK(verify(sign_payload(payload(good_times() + R"(,"scope":"all","nested":{"a":[1,2]})"))));
    EXPECT_ERROR(verify(sign_payload(payload(good_times() + R"(,"scope":"all","scope":"none")"))), errors::invalid_token);  // but not twice
}

TEST_F(AccessTokenTest, PayloadIsAnObject) {
    for (const std::string& bad :
         {std::string{}, std::string{"[]"}, std::string{"null"}, std::string{"{"}, payload() + "x", "\xEF\xBB\xBF" + payload(), issue()}) {
        SCOPED_TRACE(bad);
        EXPECT_ERROR(verify(sign_payload(bad)), errors::invalid_token);
    }
}

}  // namespace
}  // namespace parley::auth
