// SPDX-License-Identifier: Apache-2.0
#include "interop/origin_sides.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>
#include <regex>

namespace parley::interop {
namespace {

using testing::Answer, testing::Fields;

/// Members sorted; what cannot be the same on both sides has a name instead.
boost::json::value comparable(const boost::json::value& value, std::string_view key = {}) {
    if (value.is_string() && (key == "access" || key == "refresh")) return "<token>";
    if (key == "timestamp") {
        const bool is_time = std::regex_match(value.get_string().c_str(), std::regex{R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z)"});
        return is_time ? "<time>" : value;
    }
    if (const auto* const array = value.if_array()) {
        boost::json::array items;
        for (const auto& item : *array) items.push_back(comparable(item));
        return items;
    }
    if (const auto* const object = value.if_object()) {
        std::map<std::string, boost::json::value> sorted;
        for (const auto& member : *object) sorted[member.key()] = comparable(member.value(), member.key());
        if (sorted.contains("receiver_group")) sorted["id"] = "<seq>";
        boost::json::object members;
        for (auto& [name, member] : sorted) members[name] = std::move(member);
        return members;
    }
    return value;
}

}  // namespace

Request post(std::string_view what, std::string target, std::string body, std::string content_type) {
    return {what, "POST", std::move(target), std::move(content_type), std::move(body)};
}

Request registration(std::string_view what, std::string body, std::string content_type) {
    return post(what, "/api/users/register/", std::move(body), std::move(content_type));
}

std::string replaced(std::string text, const std::map<std::string, std::string>& words) {
    for (const auto& [word, by] : words) {
        for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + by.size())) text.replace(at, word.size(), by);
    }
    return text;
}

Answer Side::ask(const Request& request) {
    Fields fields;
    if (!request.content_type.empty()) fields.emplace_back("Content-Type", request.content_type);
    if (!request.authorization.empty()) fields.emplace_back("Authorization", replaced(request.authorization, words_));
    auto answer = http_.request(request.method, request.target, fields, replaced(request.body, words_));
    if (request.method == "HEAD") http_.disconnect();  // Python's server sends a body behind some of those answers
    return answer;
}

std::string Side::described(const Request& request) {
    const auto answer = ask(request);
    auto text = fmt::format("{}\n", answer.status);
    for (const std::string_view name : {"content-type", "www-authenticate", "location"}) {
        if (answer.status != 301 || name != "content-type") text += fmt::format("{}: {}\n", name, answer.field(name));
    }
    if (answer.status == 405) text += fmt::format("allow: {}\n", answer.field("allow"));
    boost::json::error_code no_json;
    const auto body = boost::json::parse(answer.body, no_json);
    text += no_json ? answer.body : boost::json::serialize(comparable(body));
    return replaced(text, {{http_.address(), "<host>"}});
}

void Side::sign_in(const std::string& name) {
    const auto body = fmt::format(R"({{"username": "{}", "password": "correct horse battery"}})", name);
    ask({"", "POST", "/api/users/register/", json_type, body});
    const auto answer = ask({"", "POST", "/api/token/", json_type, body});
    EXPECT_EQ(answer.status, 200) << answer;
    know("access", answer["access"].string());
    know("refresh", answer["refresh"].string());
}

::testing::AssertionResult OriginInterop::same_answers(const std::vector<Request>& requests) {
    auto differences = ::testing::AssertionFailure();
    bool same = true;
    for (const auto& request : requests) {
        const auto ours = parley.described(request), theirs = django.described(request);
        if (ours == theirs) continue;
        same = false;
        differences << fmt::format("{}: {} {} {}\nwe say:\n{}\nthe origin says:\n{}\n", request.what, request.method, request.target, request.body,
                                   ours, theirs);
    }
    return same ? ::testing::AssertionSuccess() : differences;
}

void OriginInterop::sign_in(const std::string& name) {
    parley.sign_in(name);
    django.sign_in(name);
}

}  // namespace parley::interop
