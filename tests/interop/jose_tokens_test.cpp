// SPDX-License-Identifier: Apache-2.0
#include "auth/access_token.hpp"

#include "core/encoding.hpp"
#include "core/json/writer.hpp"

#include "interop/oracle.hpp"
#include "support/fakes.hpp"

#include <gtest/gtest.h>
#include <fstream>
#include <map>
#include <string>

namespace parley::interop {
namespace {

/// jose (npm) reads what we sign and makes what we are to read and to refuse; jose_tokens.mjs has the cases JW 74 to 82 of trust.md.
class JoseTokens : public ::testing::Test {
protected:
    static constexpr auth::KeyLifetimes lifetimes{.rotation_age = 1h, .overlap = 10min};

    std::string issue(auth::TokenKind kind) {
        const bool access = kind == auth::TokenKind::access;
        return auth::issue_token(
            *ring, {.kind = kind, .user = {access ? 42 : 0}, .session = {access ? 7 : 0}, .issued_at = clock.now(), .expires_at = clock.now() + 600s},
            random);
    }

    std::string question() {
        const auto key = ring->newest();
        const auto pem = key->to_pem();
        std::string text;
        json::Writer out{text};
        out.begin_object().key("now").integer(to_micros(clock.now()) / 1'000'000).key("kid").string(key->id());
        out.key("x").string(base64url_encode(key->public_key())).key("pkcs8").string(pem.substr(pem.find('\n') + 1));
        out.key("access").string(issue(auth::TokenKind::access)).key("control").string(issue(auth::TokenKind::control)).end_object();
        return text;
    }

    /// The members of an object that are texts.
    static std::map<std::string_view, std::string> texts(json::Value object) {
        std::map<std::string_view, std::string> members;
        for (const auto member : object) members.emplace(member.key(), member.string());
        return members;
    }

    std::string verdict(const auth::KeyRing& on, std::string_view token) const {
        const auto read = auth::verify_token(on, token, clock.now(), auth::TokenKind::access);
        if (!read) return std::string{read.error().kind().code};
        return read->user == UserId{42} && read->session == SessionId{7} ? "ok" : "another's";
    }

    void judge(json::Value tokens) {
        for (const auto token : tokens) {
            auto made = texts(token);
            EXPECT_EQ(verdict(*ring, made["token"]), made["expected"]) << made["name"];
        }
        EXPECT_GT(tokens.size(), 60U);
    }

    /// A key file may come from elsewhere: `openssl genpkey` and a line with the time.
    void read_key_of_jose(json::Value stranger) {
        auto made = texts(stranger);
        const auto keys = folder.path() / "other";
        std::filesystem::create_directory(keys);
        std::ofstream{keys / (made["kid"] + ".pem")} << "Made-At: 2026-11-22T18:07:00Z\n" << made["pkcs8"];
        const auto other = auth::KeyRing::open(keys, clock, random, lifetimes).value();
        EXPECT_EQ(verdict(*other, made["token"]), "ok");
        EXPECT_EQ(verdict(*ring, made["token"]), "auth.invalid_token");
    }

    testing::TemporaryFolder folder;
    testing::ManualClock clock;
    testing::SeededRandom random;
    std::unique_ptr<auth::KeyRing> ring = auth::KeyRing::open(folder.path() / "keys", clock, random, lifetimes).value();
};

TEST_F(JoseTokens, ReadsOursAndWeReadItsGoodOnesOnly) {
    json::Document document;
    int answers = 0;
    for (const auto member : ask_json(document, node, "jose_tokens.mjs", question())) {
        member.key() == "tokens" ? judge(member) : read_key_of_jose(member);
        ++answers;
    }
    EXPECT_EQ(answers, 2) << "tokens, and a key";
}

}  // namespace
}  // namespace parley::interop
