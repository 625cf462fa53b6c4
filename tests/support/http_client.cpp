// SPDX-License-Identifier: Apache-2.0
#include "support/http_client.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace parley::testing {
namespace {

std::string lower(std::string_view text) {
    std::string result{text};
    std::ranges::transform(result, result.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return result;
}

bool names(const Fields& fields, std::string_view name) {
    return std::ranges::any_of(fields, [&](const auto& field) { return lower(field.first) == name; });
}

std::string read_chunks(Connection& connection) {
    std::string body;
    for (;;) {
        const auto line = connection.read_through("\r\n");
        std::size_t size = 0;
        std::from_chars(line.data(), line.data() + line.size(), size, 16);
        if (size == 0) break;
        body += connection.read_exactly(size);
        connection.read_exactly(2);
    }
    while (connection.read_through("\r\n") != "\r\n") {
    }
    return body;
}

}  // namespace

std::string Answer::field(std::string_view name) const {
    std::string all;
    for (const auto& [field_name, value] : fields) {
        if (field_name == lower(name)) all += (all.empty() ? "" : ", ") + value;
    }
    return all;
}

bool Answer::has_field(std::string_view name) const { return names(fields, lower(name)); }

Json Answer::json() const {
    boost::system::error_code code;
    auto value = boost::json::parse(body, code);
    return code ? Json{} : Json{std::move(value)};
}

std::ostream& operator<<(std::ostream& out, const Answer& answer) { return out << answer.status << ' ' << answer.body.substr(0, 1000); }

Form make_form(const std::vector<FormPart>& parts) {
    const std::string boundary = "----the-boundary-of-a-test-0123456789";
    Form form{.body = {}, .content_type = "multipart/form-data; boundary=" + boundary};
    for (const auto& part : parts) {
        form.body += "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + part.name + '"';
        if (part.filename) form.body += "; filename=\"" + *part.filename + '"';
        if (!part.content_type.empty()) form.body += "\r\nContent-Type: " + part.content_type;
        form.body += "\r\n\r\n" + part.content + "\r\n";
    }
    form.body += "--" + boundary + "--\r\n";
    return form;
}

std::string request_head(std::string_view method, std::string_view target, const std::string& host, const Fields& fields, std::size_t body_bytes) {
    std::string head = std::string{method} + ' ' + std::string{target} + " HTTP/1.1\r\n";
    if (!names(fields, "host")) head += "Host: " + host + "\r\n";
    const bool has_body = body_bytes > 0 || method == "POST" || method == "PUT" || method == "PATCH";
    if (has_body && !names(fields, "content-length") && !names(fields, "transfer-encoding"))
        head += "Content-Length: " + std::to_string(body_bytes) + "\r\n";
    for (const auto& [name, value] : fields) head += name + ": " + value + "\r\n";
    return head + "\r\n";
}

Answer read_head(Connection& connection) {
    const auto text = connection.read_through("\r\n\r\n");
    if (!text.starts_with("HTTP/1.1 ")) throw std::runtime_error("no answer of HTTP: " + text.substr(0, 200));
    Answer answer;
    answer.status = std::stoi(text.substr(9, 3));
    for (auto at = text.find("\r\n") + 2; text.compare(at, 2, "\r\n") != 0;) {
        const auto end = text.find("\r\n", at), colon = text.find(':', at);
        if (colon == std::string::npos || colon > end) throw std::runtime_error("no header field: " + text.substr(at, end - at));
        const auto value = text.find_first_not_of(" \t", colon + 1);
        answer.fields.emplace_back(lower(std::string_view{text}.substr(at, colon - at)), value >= end ? "" : text.substr(value, end - value));
        at = end + 2;
    }
    return answer;
}

Connection& HttpClient::connection() {
    if (!connection_ || !connection_->is_open()) connection_.emplace(address_);
    return *connection_;
}

std::string HttpClient::read_body(const Answer& answer, bool to_head) {
    if (to_head || answer.status / 100 == 1 || answer.status == 204 || answer.status == 304) return {};
    if (answer.field("transfer-encoding") == "chunked") return read_chunks(*connection_);
    if (answer.has_field("content-length")) return connection_->read_exactly(std::stoull(answer.field("content-length")));
    return connection_->read_to_end();
}

Answer HttpClient::read_answer(bool to_head) {
    auto answer = read_head(connection());
    answer.body = read_body(answer, to_head);
    if (answer.field("connection") == "close" && answer.status / 100 != 1) connection_.reset();
    return answer;
}

Answer HttpClient::request(std::string_view method, std::string_view target, const Fields& fields, std::string_view body) {
    if (connection_ && connection_->ended()) connection_.reset();
    connection().send(request_head(method, target, address_, fields, body.size()) + std::string{body});
    for (;;) {
        auto answer = read_answer(method == "HEAD");
        if (answer.status / 100 != 1) return answer;
    }
}

ApiClient ApiClient::sign_up(const std::string& address, const std::string& username) {
    ApiClient client{address};
    client.username = username;
    const auto made = client.post("/users", {{"username", username}, {"password", password}});
    if (made.status != 201) throw std::runtime_error("no account for " + username + ": " + made.body);
    client.id = made["id"].integer();
    if (const auto answer = client.sign_in(); answer.status != 200) throw std::runtime_error("no token for " + username + ": " + answer.body);
    return client;
}

Answer ApiClient::sign_in(std::string_view with_password) {
    token.clear();
    auto answer = post("/auth/token", {{"username", username}, {"password", with_password}});
    if (answer.status == 200) {
        token = answer["access_token"].string();
        refresh_token = answer["refresh_token"].string();
        id = answer["user"]["id"].integer();
    }
    return answer;
}

Answer ApiClient::call(std::string_view method, std::string_view target) { return send(method, target, {}); }

Answer ApiClient::call(std::string_view method, std::string_view target, const boost::json::value& body) {
    return send_json(method, target, boost::json::serialize(body));
}

Answer ApiClient::send_json(std::string_view method, std::string_view target, std::string_view text) {
    return send(method, target, {{"Content-Type", "application/json"}}, text);
}

Answer ApiClient::send_form(std::string_view target, const std::vector<FormPart>& parts) {
    const auto form = make_form(parts);
    return send("POST", target, {{"Content-Type", form.content_type}}, form.body);
}

Answer ApiClient::send(std::string_view method, std::string_view target, Fields fields, std::string_view body) {
    if (!token.empty() && !names(fields, "authorization")) fields.emplace_back("Authorization", "Bearer " + token);
    return http.request(method, "/api/v1" + std::string{target}, fields, body);
}

::testing::AssertionResult has_status(const char* written, const char*, const Answer& answer, int status) {
    if (answer.status == status) return ::testing::AssertionSuccess();
    return ::testing::AssertionFailure() << written << "\nanswered " << answer << "\ninstead of " << status;
}

::testing::AssertionResult is_problem(const char* written, const char*, const char*, const Answer& answer, int status, std::string_view code) {
    if (answer.status == status && answer["code"] == code && answer.field("content-type") == "application/problem+json")
        return ::testing::AssertionSuccess();
    return ::testing::AssertionFailure() << written << "\nanswered " << answer << "\ninstead of the problem " << status << ' ' << code;
}

::testing::AssertionResult is_field_problem(const char* written, const char*, const char*, const char*, const Answer& answer, int status,
                                            std::string_view code, std::string_view pointer) {
    if (auto problem = is_problem(written, "", "", answer, status, code); !problem) return problem;
    const auto first = answer["errors"][0];
    if (first["pointer"] == pointer && first["code"] == code) return ::testing::AssertionSuccess();
    return ::testing::AssertionFailure() << written << "\nanswered " << answer << "\nwhose first bad field is not " << pointer;
}

}  // namespace parley::testing
