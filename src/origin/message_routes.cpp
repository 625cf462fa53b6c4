// SPDX-License-Identifier: Apache-2.0
#include "core/time.hpp"
#include "http/errors.hpp"
#include "origin/error_reply.hpp"
#include "origin/pagination.hpp"
#include "origin/routes.hpp"
#include "origin/types.hpp"

#include <fmt/format.h>

namespace parley::origin {
namespace {

using http::Call, http::Reply, http::Route;
namespace verb = http::verb;

/// Python's `datetime.isoformat` of a UTC time, as Django REST framework shows it: microseconds, unless there are none.
std::string iso_format(Timestamp at) {
    constexpr std::size_t to_seconds = 19;
    const auto micros = to_micros(at) % 1'000'000;
    auto text = format_rfc3339(at).substr(0, to_seconds);
    if (micros != 0) text += fmt::format(".{:06}", micros);
    return text + 'Z';
}

ChatMessage to_chat_message(const chat::Message& message, const chat::NumberedPage& page, UserId reader, const std::string& base) {
    ChatMessage shown{
        .id = message.seq, .sender = message.sender_id, .message = message.text.value_or(""), .timestamp = iso_format(message.created_at)};
    if (page.kind == groups::ConversationKind::group) shown.receiver_group = message.conversation_id;
    else shown.receiver_user = message.sender_id == reader ? page.peer : reader;
    if (!message.files.empty()) shown.file = base + message.files.front().content_url;
    return shown;
}

Task<Result<Reply>> read_messages(RouteContext& context, Call& call) {
    if (lacks_slash(call)) co_return slash_redirect(call);
    CO_TRY(const auto id, call.path<ConversationId>("conversation"));
    const auto query = parse_form(call.target().query);
    if (!query) co_return fail(http::errors::bad_query);
    const auto wanted = page_number(*query);
    // Whether there is such a page is told only to who may read.
    const auto number = wanted ? *wanted : std::optional<std::int64_t>{0};
    CO_TRY(const auto page, co_await context.messages.page_by_number(call.caller(), id, number, messages_per_page));
    const auto base = context.public_origin.base(call.head().host);
    const auto url = fmt::format("{}/api/chat/messages/{}/", base, id.value);
    ChatPage shown{.count = page.count, .next = {}, .previous = {}, .results = {}};
    if (page.number < page.pages) shown.next = page_link(url, *query, page.number + 1);
    if (page.number > 1) shown.previous = page_link(url, *query, page.number - 1);
    for (const auto& message : page.items) shown.results.push_back(to_chat_message(message, page, call.caller().user, base));
    co_return http::ok(shown);
}

}  // namespace

http::Routes message_routes(RouteContext& context) {
    http::Routes routes;
    add_view(routes, Route{verb::get, "/api/chat/messages/{conversation}", http::signed_in, http::bind(read_messages, context),
                           "Messages of a conversation, ten a page, the newest first"}
                         .with_query({{"page", "Which page, from 1; or `last`."}})
                         .gives<ChatPage>()
                         .tagged("Origin"));
    return routes;
}

}  // namespace parley::origin
