// SPDX-License-Identifier: Apache-2.0
#include "support/api_test.hpp"

namespace parley::testing {
namespace {

/// api.md section 2: accounts and profiles.
class Accounts : public ApiTest {
protected:
    static Answer make(const boost::json::value& body) { return anonymous().post("/users", body); }
};

TEST_F(Accounts, AreMadeWithANameAndAPassword) {
    const auto name = fresh("ann");
    const auto answer = make({{"username", name}, {"password", ApiClient::password}, {"email", "ann@example.org"}, {"display_name", "Ann A."}});
    ASSERT_EQ(answer.status, 201) << answer;
    EXPECT_GT(answer["id"].integer(), 0);
    EXPECT_EQ(answer["username"], name);
    EXPECT_EQ(answer["display_name"], "Ann A.");
    EXPECT_EQ(answer["email"], "ann@example.org");
    EXPECT_EQ(answer["is_admin"], false);
    EXPECT_EQ(answer["is_bot"], false);
    EXPECT_EQ(answer["avatar_url"], nullptr);
    EXPECT_TRUE(answer["created_at"].present());
    EXPECT_FALSE(answer.body.contains("password"));
}

TEST_F(Accounts, TheDisplayNameIsTheUsernameIfNoneIsGiven) {
    const auto name = fresh("ann");
    EXPECT_EQ(make({{"username", name}, {"password", ApiClient::password}})["display_name"], name);
}

TEST_F(Accounts, ANameIsTakenOnce) {
    const auto ann = sign_up("ann");
    EXPECT_PROBLEM(make({{"username", ann.username}, {"password", ApiClient::password}}), 409, "users.username_taken");
}

TEST_F(Accounts, TwinsInCaseWidthAndLooksAreTaken) {
    const auto number = fresh("");
    ASSERT_EQ(make({{"username", "paypal" + number}, {"password", ApiClient::password}}).status, 201);
    const std::vector<std::string> twins{"PAYPAL" + number, "PayPal" + number,
                                         "\u0440\u0430ypal" + number,                       // Cyrillic er and a
                                         "\uFF50\uFF41\uFF59\uFF50\uFF41\uFF4C" + number};  // full-width letters
    for (const auto& twin : twins) EXPECT_PROBLEM(make({{"username", twin}, {"password", ApiClient::password}}), 409, "users.username_taken");
}

TEST_F(Accounts, NamesOfAnyScriptAreGood) {
    const auto number = fresh("");
    for (const auto* name : {"\u042E\u043B\u0438\u044F", "\u674E\u96F7", "Zo\u00EB", "a.b_c@d+e-f"}) {
        EXPECT_EQ(make({{"username", name + number}, {"password", ApiClient::password}}).status, 201) << name;
    }
}

TEST_F(Accounts, NamesOfOtherCharactersAreNot) {
    for (const auto* name : {"", " ", "a b", "a/b", "a\tb", "a\u200Bb", "a\u202Eb", "<b>", "a#b", "\U0001F600"}) {
        const auto answer = make({{"username", name}, {"password", ApiClient::password}});
        EXPECT_EQ(answer.status, 422) << name << ' ' << answer;
        EXPECT_EQ(answer["errors"][0]["pointer"], "/username") << answer;
    }
}

TEST_F(Accounts, ANameHasAtMost150Characters) {
    const auto number = fresh("");
    const auto name = std::string(150 - number.size(), 'n') + number;
    EXPECT_STATUS(make({{"username", name}, {"password", ApiClient::password}}), 201);
    const auto answer = make({{"username", name + "n"}, {"password", ApiClient::password}});
    EXPECT_EQ(answer.status, 422);
    EXPECT_EQ(answer["errors"][0]["pointer"], "/username");
}

TEST_F(Accounts, OfTwoWhoWantANameAtOnceOneGetsIt) {
    const auto name = fresh("race");
    std::atomic<int> made = 0, refused = 0;
    {
        std::vector<std::jthread> callers;
        for (int i = 0; i < 6; ++i) {
            callers.emplace_back([&] {
                const auto status = make({{"username", name}, {"password", ApiClient::password}}).status;
                ++(status == 201 ? made : refused);
            });
        }
    }
    EXPECT_EQ(made, 1);
    EXPECT_EQ(refused, 5);
}

TEST_F(Accounts, BadEmailAddressesAreRefused) {
    for (const auto* email : {"nobody", "@example.org", "a@", "a b@example.org", "a@b@c"}) {
        const auto answer = make({{"username", fresh("ann")}, {"password", ApiClient::password}, {"email", email}});
        EXPECT_EQ(answer.status, 422) << email;
        EXPECT_EQ(answer["errors"][0]["pointer"], "/email") << email;
    }
}

TEST_F(Accounts, AnEmailMayStandOnSeveralAndThenSignsNobodyIn) {
    const auto email = fresh("shared") + "@example.org";
    const auto sign_in = [&] { return anonymous().post("/auth/token", {{"username", email}, {"password", ApiClient::password}}); };
    ASSERT_EQ(make({{"username", fresh("ann")}, {"password", ApiClient::password}, {"email", email}}).status, 201);
    EXPECT_STATUS(sign_in(), 200);
    ASSERT_EQ(make({{"username", fresh("bob")}, {"password", ApiClient::password}, {"email", email}}).status, 201);
    EXPECT_PROBLEM(sign_in(), 401, "auth.invalid_credentials");
}

TEST_F(Accounts, OneSeesOnesOwnEmailAndOthersDoNot) {
    auto ann = sign_up("ann"), bob = sign_up("bob");
    EXPECT_STATUS(ann.patch("/users/me", {{"email", "ann@example.org"}}), 200);
    EXPECT_EQ(ann.get("/users/me")["email"], "ann@example.org");
    const auto seen = bob.get("/users/" + std::to_string(ann.id));
    EXPECT_STATUS(seen, 200);
    EXPECT_EQ(seen["username"], ann.username);
    EXPECT_FALSE(seen.json().has("email"));
    EXPECT_FALSE(seen.json().has("is_admin"));
}

TEST_F(Accounts, AProfileIsChangedInPart) {
    auto ann = sign_up("ann");
    EXPECT_EQ(ann.patch("/users/me", {{"display_name", "Queen Ann"}})["display_name"], "Queen Ann");
    EXPECT_EQ(ann.patch("/users/me", {{"email", "ann@example.org"}})["display_name"], "Queen Ann");
    EXPECT_STATUS(ann.patch("/users/me", boost::json::object{}), 200);
    EXPECT_EQ(ann.get("/users/me")["email"], "ann@example.org");
}

TEST_F(Accounts, AChangeIsSeenByAllWhoAskAfterwards) {
    auto ann = sign_up("ann"), bob = sign_up("bob");
    const auto target = "/users/" + std::to_string(ann.id);
    for (const std::string name : {"One", "Two", "Three"}) {
        EXPECT_STATUS(ann.patch("/users/me", {{"display_name", name}}), 200);
        EXPECT_EQ(ann.get("/users/me")["display_name"], name);
        EXPECT_EQ(bob.get(target)["display_name"], name);
    }
}

TEST_F(Accounts, ADisplayNameHasNoControls) {
    auto ann = sign_up("ann");
    for (const auto* name : {"", "   ", "a\nb", "a\u202Eb"}) {
        const auto answer = ann.patch("/users/me", {{"display_name", name}});
        EXPECT_EQ(answer.status, 422) << answer;
        EXPECT_EQ(answer["errors"][0]["pointer"], "/display_name");
    }
}

TEST_F(Accounts, AnAvatarMustBeAFileOfOnesOwn) {
    auto ann = sign_up("ann");
    const auto answer = ann.patch("/users/me", {{"avatar_file_id", 999'999'999}});
    EXPECT_TRUE(answer.status == 422 || answer.status == 404) << answer;
}

TEST_F(Accounts, PeopleAreFoundByPrefixOfEitherName) {
    auto ann = sign_up("ann");
    const auto secret = fresh("quetzal");
    auto bird = server().sign_up(secret + "x");
    EXPECT_STATUS(bird.patch("/users/me", {{"display_name", "Z" + secret}}), 200);
    EXPECT_EQ(ann.get("/users?q=" + secret)["items"][0]["id"], bird.id);
    EXPECT_EQ(ann.get("/users?q=z" + secret)["items"][0]["id"], bird.id) << "of the display name, in any case";
    EXPECT_EQ(ann.get("/users?q=" + secret.substr(1))["items"].size(), 0U) << "not from the middle";
    EXPECT_FALSE(ann.get("/users?q=" + secret).body.contains("email"));
}

TEST_F(Accounts, SignsOfASearchPatternStandForThemselves) {
    auto ann = sign_up("ann");
    EXPECT_EQ(ann.get("/users?q=%25")["items"].size(), 0U);
    const auto name = fresh("under_score");
    server().sign_up(name);
    EXPECT_EQ(ann.get("/users?q=underX")["items"].size(), 0U);
}

TEST_F(Accounts, AnUnknownUserIs404AndNobodySeesAnyWithoutASignIn) {
    EXPECT_PROBLEM(sign_up("ann").get("/users/999999999"), 404, "not_found");
    EXPECT_PROBLEM(anonymous().get("/users/1"), 401, "auth.required");
    EXPECT_PROBLEM(anonymous().get("/users?q=a"), 401, "auth.required");
}

TEST(Registration, MayBeClosedOrByInvitation) {
    TestServer closed{{{"users.registration", "closed"}}};
    const boost::json::value ann{{"username", "ann"}, {"password", ApiClient::password}};
    EXPECT_PROBLEM(closed.anonymous().post("/users", ann), 403, "users.registration_closed");
    closed.restart({{"users.registration", "invite"}});
    EXPECT_PROBLEM(closed.anonymous().post("/users", ann), 403, "users.invite_required");
}

}  // namespace
}  // namespace parley::testing
