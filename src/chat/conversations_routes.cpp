// SPDX-License-Identifier: Apache-2.0
#include "chat/errors.hpp"
#include "chat/routes.hpp"
#include "config/value.hpp"
#include "core/errors.hpp"
#include "groups/errors.hpp"
#include "http/errors.hpp"
#include "http/page.hpp"

#include <algorithm>
#include <charconv>

namespace parley::chat {
namespace {

using http::Call, http::Reply, http::Route;
namespace verb = http::verb;

/// A position out of a cursor of ours: a number.
std::optional<std::int64_t> number_in(const std::optional<std::string>& position) {
    if (!position) return std::nullopt;
    std::int64_t number = 0;
    std::from_chars(position->data(), position->data() + position->size(), number);
    return number;
}

Task<Result<Reply>> list(RouteContext& context, Call& call) {
    CO_TRY(const auto request, http::page_request(call, context.cursors, "conversations", context.page_items));
    CO_TRY(auto found, co_await context.conversations.list(call.caller(), number_in(request.after), request.limit));
    http::Page<Conversation> page{std::move(found.items), std::nullopt};
    if (found.next) page.next_cursor = context.cursors.make(call.caller().user, "conversations", std::to_string(*found.next));
    co_return http::ok(page);
}

Task<Result<Reply>> get(RouteContext& context, Call& call) {
    CO_TRY(const auto id, call.path<ConversationId>("conversation"));
    CO_TRY(const auto conversation, co_await context.conversations.find(call.caller(), id));
    co_return http::ok(conversation);
}

Task<Result<Reply>> open_direct(RouteContext& context, Call& call) {
    CO_TRY(const auto request, call.body<DirectRequest>());
    CO_TRY(const auto opened, co_await context.conversations.open_direct(call.caller(), request.user_id));
    co_return opened.created ? http::created(opened.conversation) : http::ok(opened.conversation);
}

Task<Result<Reply>> mute(RouteContext& context, Call& call) {
    CO_TRY(const auto id, call.path<ConversationId>("conversation"));
    CO_TRY(const auto request, call.body<MuteRequest>());
    if (!request.until.given) co_return fail(Error::of_fields({{&json::errors::required, "/until", {}}}));
    CO_TRY(const auto conversation, co_await context.conversations.mute(call.caller(), id, request.until.value));
    co_return http::ok(conversation);
}

Task<Result<Reply>> read_up_to(RouteContext& context, Call& call) {
    CO_TRY(const auto id, call.path<ConversationId>("conversation"));
    CO_TRY(const auto request, call.body<ReadRequest>());
    CO_TRY(const auto mark, co_await context.conversations.read_up_to(call.caller(), id, request.seq));
    co_return http::ok(mark);
}

/// The longest a call is held: below what proxies and clients commonly wait for an answer.
constexpr std::chrono::milliseconds longest_wait{25'000};

/// `wait`, at most the longest. Error: bad_query.
Result<std::chrono::milliseconds> wait_of(const Call& call) {
    TRY(const auto text, call.query("wait"));
    if (!text || *text == "0s") return std::chrono::milliseconds{0};
    const auto wanted = config::parse_duration(*text);
    if (!wanted) return fail(Error{http::errors::bad_query, "`wait` is a duration such as 25s."});
    return std::min(std::chrono::duration_cast<std::chrono::milliseconds>(*wanted), longest_wait);
}

/// "17" or "17.12345": how far the log was read, and the digest of what lies on its edge.
std::optional<Conversations::SyncPosition> sync_position(const std::optional<std::string>& text) {
    if (!text) return std::nullopt;
    Conversations::SyncPosition position;
    const auto* const end = text->data() + text->size();
    const auto log_id = std::from_chars(text->data(), end, position.log_id);
    if (log_id.ptr != end) std::from_chars(log_id.ptr + 1, end, position.edge);
    return position;
}

Task<Result<Reply>> sync(RouteContext& context, Call& call) {
    const auto user = call.caller().user;
    CO_TRY(const auto cursor, call.query("cursor"));
    CO_TRY(const auto text, context.cursors.read(user, "sync", cursor));
    CO_TRY(const auto wait, wait_of(call));
    const auto after = sync_position(text);
    std::unique_ptr<ChangeWatch> watch;
    if (after && wait.count() > 0) {
        CO_TRY(auto made, co_await context.watch_changes(call.shard(), call.caller(), wait));
        watch = std::move(made);
    }
    for (;;) {
        CO_TRY(auto changes, co_await context.conversations.sync(call.caller(), after));
        if (watch && changes.sync.conversations.empty()) {
            CO_TRY(const bool changed, co_await watch->next());
            if (changed) continue;
        }
        const auto& [log_id, edge] = changes.position;
        changes.sync.cursor = context.cursors.make(user, "sync", std::to_string(log_id) + '.' + std::to_string(edge));
        co_return http::ok(changes.sync);
    }
}

}  // namespace

http::Routes conversation_routes(RouteContext& context) {
    http::Routes routes;
    const std::string conversations = "/api/v1/conversations", conversation = conversations + "/{conversation}";
    const auto visibility = {&parley::errors::not_found, &groups::errors::not_a_member};
    routes.push_back(Route{verb::get, conversations, http::signed_in, http::bind(list, context), "One's own conversations, the latest activity first"}
                         .with_query({http::limit_doc, http::cursor_doc})
                         .gives<http::Page<Conversation>>()
                         .tagged("Conversations"));
    routes.push_back(Route{verb::get, conversation, http::signed_in, http::bind(get, context), "A conversation"}
                         .gives<Conversation>()
                         .fails({&parley::errors::not_found})
                         .tagged("Conversations"));
    routes.push_back(Route{verb::post, conversations + "/direct", http::signed_in, http::bind(open_direct, context),
                           "The conversation with somebody, made if there is none"}
                         .takes<DirectRequest>()
                         .gives<Conversation>(201, "A new one.")
                         .gives<Conversation>(200, "The one there is.")
                         .fails({&groups::errors::with_oneself, &parley::errors::not_found})
                         .tagged("Conversations"));
    routes.push_back(Route{verb::put, conversation + "/mute", http::signed_in, http::bind(mute, context), "Mute a conversation, or end that"}
                         .takes<MuteRequest>()
                         .gives<Conversation>()
                         .fails(visibility)
                         .tagged("Conversations"));
    routes.push_back(Route{verb::put, conversation + "/read", http::signed_in, http::bind(read_up_to, context), "Move one's read mark forward"}
                         .takes<ReadRequest>()
                         .gives<ReadMark>()
                         .fails(visibility)
                         .tagged("Conversations"));
    routes.push_back(Route{verb::get, "/api/v1/sync", http::signed_in, http::bind(sync, context), "What changed since"}
                         .with_query({{"cursor", "That of the last answer; all conversations without it."},
                                      {"wait",
                                       "With a cursor: how long to wait for a change before an empty answer, such as `25s`, which is the longest. A "
                                       "call that waits takes one of the user's sockets."}})
                         .gives<Sync>()
                         .fails({&http::errors::bad_query, &http::errors::bad_cursor})
                         .tagged("Conversations"));
    return routes;
}

}  // namespace parley::chat
