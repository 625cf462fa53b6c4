// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "support/api_test.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace parley::testing {

/// Uploads a file by form; `expires_at` is sent as a part of its own unless it is empty.
inline Answer send_file(ApiClient& user, std::string_view name, std::string_view content, std::string_view type = "text/plain",
                        std::string_view expires_at = {}) {
    std::vector<FormPart> parts{{"file", std::string{content}, std::string{name}, std::string{type}}};
    if (!expires_at.empty()) parts.push_back({"expires_at", std::string{expires_at}});
    return user.send_form("/files", parts);
}

/// Uploads a file and returns its id. Throws std::runtime_error when the server refuses.
inline std::int64_t upload(ApiClient& user, std::string_view content, std::string_view name = "notes.txt", std::string_view type = "text/plain",
                           std::string_view expires_at = {}) {
    return send_file(user, name, content, type, expires_at)["id"].integer();
}

inline std::string file_target(std::int64_t file, std::string_view rest = {}) { return "/files/" + std::to_string(file) + std::string{rest}; }

/// Posts a message that carries files.
inline Json post_files(ApiClient& user, std::int64_t conversation, const std::vector<std::int64_t>& files, std::string_view text = "see") {
    const boost::json::value body{{"text", text}, {"file_ids", boost::json::value_from(files)}};
    const auto answer = user.post(conversation_target(conversation, "/messages"), body);
    if (answer.status != 201) throw std::runtime_error("the message was refused: " + answer.body);
    return answer.json();
}

inline Answer get_content(ApiClient& user, std::int64_t file, Fields fields = {}, std::string_view query = {}) {
    return user.send("GET", file_target(file, "/content" + std::string{query}), std::move(fields));
}

}  // namespace parley::testing
