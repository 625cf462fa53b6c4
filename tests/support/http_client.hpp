// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "support/connection.hpp"
#include "support/json.hpp"

#include <gtest/gtest.h>
#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::testing {

using Fields = std::vector<std::pair<std::string, std::string>>;

/// What a server answered.
struct Answer {
    int status = 0;
    Fields fields;  // names in lower case
    std::string body;

    /// A header field's value, "" where it is missing; the values of several are joined by ", ".
    std::string field(std::string_view name) const;
    bool has_field(std::string_view name) const;
    /// The body as JSON; absent where it is none, so that an expectation on it fails and the test goes on.
    Json json() const;
    /// A member of it: `answer["items"][0]["text"]`.
    Json operator[](std::string_view name) const { return json()[name]; }
};
std::ostream& operator<<(std::ostream& out, const Answer& answer);

/// A part of a multipart/form-data body.
struct FormPart {
    std::string name;
    std::string content;
    std::optional<std::string> filename = std::nullopt;
    std::string content_type = {};
};

/// The body of a form (RFC 7578) and its Content-Type.
struct Form {
    std::string body;
    std::string content_type;
};
Form make_form(const std::vector<FormPart>& parts);

/// Talks HTTP/1.1 with the server at an address over one connection that is kept and, when it has ended, made anew.
class HttpClient {
public:
    explicit HttpClient(std::string address) : address_(std::move(address)) {}

    const std::string& address() const noexcept { return address_; }

    /// Sends a request and reads its answer; interim answers (1xx) are passed over. `fields` replace those sent by default (Host, and
    /// Content-Length where there is a body).
    Answer request(std::string_view method, std::string_view target, const Fields& fields = {}, std::string_view body = {});

    /// Sends bytes as they are.
    void send(std::string_view bytes) { connection().send(bytes); }
    /// Reads one answer, interim ones too. `to_head`: it answers a HEAD and has no body.
    Answer read_answer(bool to_head = false);
    /// The connection, made if there is none.
    Connection& connection();
    /// Ends the connection: the next request makes one.
    void disconnect() { connection_.reset(); }

private:
    std::string read_body(const Answer& answer, bool to_head);

    std::string address_;
    std::optional<Connection> connection_;
};

/// The head of a request with the fields everybody sends; `fields` replace them by name.
std::string request_head(std::string_view method, std::string_view target, const std::string& host, const Fields& fields, std::size_t body_bytes);
/// Reads the head of an answer.
Answer read_head(Connection& connection);

/// Somebody who uses the API of the server at an address. Targets are below /api/v1; bodies are JSON.
class ApiClient {
public:
    static constexpr const char* password = "correct horse battery staple";

    explicit ApiClient(std::string address) : http(std::move(address)) {}
    /// Makes an account and signs in. Throws std::runtime_error if that fails.
    static ApiClient sign_up(const std::string& address, const std::string& username);

    Answer get(std::string_view target) { return call("GET", target); }
    Answer head(std::string_view target) { return call("HEAD", target); }
    Answer remove(std::string_view target) { return call("DELETE", target); }
    Answer post(std::string_view target) { return call("POST", target); }
    Answer post(std::string_view target, const boost::json::value& body) { return call("POST", target, body); }
    Answer put(std::string_view target) { return call("PUT", target); }
    Answer put(std::string_view target, const boost::json::value& body) { return call("PUT", target, body); }
    Answer patch(std::string_view target, const boost::json::value& body) { return call("PATCH", target, body); }
    Answer call(std::string_view method, std::string_view target);
    Answer call(std::string_view method, std::string_view target, const boost::json::value& body);
    /// Any body and fields; Authorization is added unless `fields` has it.
    Answer send(std::string_view method, std::string_view target, Fields fields, std::string_view body = {});
    /// A body that stands in `text` as it is, sent as JSON.
    Answer send_json(std::string_view method, std::string_view target, std::string_view text);
    Answer send_form(std::string_view target, const std::vector<FormPart>& parts);

    /// Signs in with `username` and `password`, and keeps the tokens. Returns the answer, whatever it is.
    Answer sign_in(std::string_view with_password = password);

    HttpClient http;
    std::string username;
    std::int64_t id = 0;
    std::string token;  // sent as Bearer unless empty
    std::string refresh_token;
};

/// What EXPECT_STATUS, EXPECT_PROBLEM and EXPECT_FIELD_PROBLEM check; the first arguments are how the test wrote it.
::testing::AssertionResult has_status(const char*, const char*, const Answer& answer, int status);
::testing::AssertionResult is_problem(const char*, const char*, const char*, const Answer& answer, int status, std::string_view code);
::testing::AssertionResult is_field_problem(const char*, const char*, const char*, const char*, const Answer& answer, int status,
                                            std::string_view code, std::string_view pointer);

}  // namespace parley::testing

#define EXPECT_STATUS(answer, status) EXPECT_PRED_FORMAT2(::parley::testing::has_status, answer, status)
/// The answer is a problem (RFC 9457) of this status and code.
#define EXPECT_PROBLEM(answer, status, code) EXPECT_PRED_FORMAT3(::parley::testing::is_problem, answer, status, code)
/// A problem whose first bad field is at `pointer`, with `code`.
#define EXPECT_FIELD_PROBLEM(answer, status, code, pointer) EXPECT_PRED_FORMAT4(::parley::testing::is_field_problem, answer, status, code, pointer)
