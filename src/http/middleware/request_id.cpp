// SPDX-License-Identifier: Apache-2.0
#include "http/middleware/request_id.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace parley::http {
namespace {

bool is_plain_word(std::string_view text) {
    const auto plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
    };
    return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, plain);
}

}  // namespace

RequestIds::RequestIds(Random& random) : prefix_(random.name().substr(0, 12)) {}

Result<void> RequestIds::before(Call& call) {
    const auto given = call.header("x-request-id");
    call.set_request_id(is_plain_word(given) ? std::string{given} : fmt::format("{}-{:x}", prefix_, ++number_));
    call.reply_headers.emplace_back("X-Request-Id", call.request_id());
    return {};
}

}  // namespace parley::http
