// SPDX-License-Identifier: Apache-2.0
#include "users/email.hpp"

#include "users/errors.hpp"

#include "core/json/errors.hpp"

#include "support/expect.hpp"

#include <gtest/gtest.h>
#include <string>

// That all others are judged as Django does is in tests/interop/django_names_test.cpp.
namespace parley::users {
namespace {

using namespace std::string_literals;

TEST(Email, AddressesStayAsTheyAre) {
    for (const auto* address : {"ann@example.org", "Ann.Smith+tag@Mail.Example.ORG", "a@localhost", R"("two\ words"@example.org)", "a@[192.0.2.1]",
                                "a@[2001:db8::1]", "ann@bücher.example", "ann@xn--bcher-kva.example", "ann@例え.テスト", "ann@مثال1.إختبار"}) {
        const auto email = parse_email(address);
        SCOPED_TRACE(address);
        ASSERT_OK(email);
        EXPECT_EQ(*email, address);
    }
}

TEST(Email, OtherTextsAreRefused) {
    for (const std::string& text : {""s,
                                    "ann"s,
                                    "@"s,
                                    "ann@"s,
                                    "@example.org"s,
                                    "ann@example"s,
                                    "a b@example.org"s,
                                    ".a@example.org"s,
                                    "a.@example.org"s,
                                    "a..b@example.org"s,
                                    "a@b@example.org"s,
                                    "a@-b.example"s,
                                    "a@b-.example"s,
                                    "a@b..example"s,
                                    "a@.example"s,
                                    "a@example."s,
                                    "a@[192.0.2.256]"s,
                                    "a@[192.0.2.01]"s,
                                    "a@[::1"s,
                                    "a@[]"s,
                                    "a@[::1\0]"s,
                                    "a@example.org\n"s,
                                    "a\n@example.org"s,
                                    "a@exam ple.org"s,
                                    "a@example.org\0"s,
                                    "\xFF@example.org"s,
                                    "a@\xFF.org"s,
                                    "ä@example.org"s,
                                    "a@ex\u200Bample.org "s}) {
        SCOPED_TRACE(text);
        EXPECT_ERROR(parse_email(text), errors::invalid_email);
    }
}

// Differences to Django on purpose; see parse_email.
TEST(Email, ControlCharactersAndLookAlikesOfAsciiAreRefused) {
    for (const std::string& text : {"\"\x1b\"@example.org"s, "\"\\\t\"@example.org"s, "\"\x7f\"@example.org"s, "\u0130@example.org"s,
                                    "\u0131@example.org"s, "\u017F@example.org"s, "\u212A@example.org"s}) {
        SCOPED_TRACE(text);
        EXPECT_ERROR(parse_email(text), errors::invalid_email);
    }
}

TEST(Email, LengthIsCountedInBytes) {
    const std::string domain = "@example.org";
    EXPECT_OK(parse_email(std::string(max_email_bytes - domain.size(), 'a') + domain));
    EXPECT_ERROR(parse_email(std::string(max_email_bytes + 1 - domain.size(), 'a') + domain), json::errors::too_long);
}

}  // namespace
}  // namespace parley::users
