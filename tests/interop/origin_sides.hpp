// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "interop/origin_oracle.hpp"
#include "support/test_server.hpp"

#include <gtest/gtest.h>
#include <map>
#include <string>
#include <string_view>
#include <vector>

/// The origin's routes (api.md section 7) beside a Django project that has them: both get the same requests, and have to give the same answers.
///
/// Left out, because Parley is stricter or says more there:
/// - usernames that differ from a taken one in case or compatibility forms only, with invisible letters, and Django's NFKC form of a new one;
/// - names of groups that differ in case only, or have control characters; joining by a member, the last owner, private groups;
/// - numbers beyond 64 bits, NaN, lone surrogates, depth above 32, charsets other than UTF-8;
/// - OPTIONS (no description of the serializer), Accept (always JSON), bodies above 256 KiB, a bad token where none is needed;
/// - addresses with a percent sign that begins no escape: 400 before any route is asked;
/// - addresses that are no route: Django answers those in HTML, Parley in the shape of its 404;
/// - ids and times of messages.
namespace parley::interop {

struct Request {
    std::string_view what;
    std::string method, target;
    std::string content_type = {}, body = {};
    std::string authorization = {};
};

inline const std::string json_type = "application/json", form_type = "application/x-www-form-urlencoded";

Request post(std::string_view what, std::string target, std::string body, std::string content_type = json_type);
Request registration(std::string_view what, std::string body, std::string content_type = json_type);

/// Each of these words in a text, replaced.
std::string replaced(std::string text, const std::map<std::string, std::string>& words);

/// One of the two servers, and who is signed in there.
class Side {
public:
    explicit Side(const std::string& address) : http_(address) {}

    /// `{access}` and the like in a request stand for this side's tokens.
    void know(const std::string& word, std::string value) { words_["{" + word + "}"] = std::move(value); }
    testing::Answer ask(const Request& request);
    /// Status, the header fields the origin's clients look at, and the body, as one text.
    std::string described(const Request& request);
    /// Registers and signs in; `{access}` and `{refresh}` are theirs from now on.
    void sign_in(const std::string& name);

private:
    testing::HttpClient http_;
    std::map<std::string, std::string> words_;
};

class OriginInterop : public ::testing::Test {
protected:
    /// Whether both sides say the same to each; if not, what each says.
    ::testing::AssertionResult same_answers(const std::vector<Request>& requests);
    void sign_in(const std::string& name);

    OriginOracle oracle;
    testing::TestServer server;
    Side parley{server.address()}, django{oracle.address()};
};

}  // namespace parley::interop
