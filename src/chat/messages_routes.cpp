// SPDX-License-Identifier: Apache-2.0
#include "chat/errors.hpp"
#include "chat/routes.hpp"
#include "core/errors.hpp"
#include "files/errors.hpp"
#include "groups/errors.hpp"
#include "http/page.hpp"

namespace parley::chat {
namespace {

using http::Call, http::Reply, http::Route;
namespace verb = http::verb;

constexpr std::int64_t most_events = 1000;

Task<Result<Reply>> post_message(RouteContext& context, Call& call) {
    CO_TRY(const auto conversation, call.path<ConversationId>("conversation"));
    CO_TRY(auto draft, call.body<MessageDraft>());
    CO_TRY(const auto posted, co_await context.messages.post(call.caller(), conversation, std::move(draft)));
    co_return posted.repeated ? http::ok(posted.message) : http::created(posted.message);
}

Task<Result<Reply>> get_history(RouteContext& context, Call& call) {
    CO_TRY(const auto conversation, call.path<ConversationId>("conversation"));
    HistoryPosition position;
    CO_TRY(position.before, call.query_number("before_seq", 0, max_id));
    CO_TRY(position.after, call.query_number("after_seq", 0, max_id));
    CO_TRY(position.around, call.query_number("around_seq", 0, max_id));
    CO_TRY(const auto limit, call.query_number("limit", 1, context.page_items));
    CO_TRY(const auto page, co_await context.messages.history(call.caller(), conversation, position,
                                                              limit.value_or(std::min(http::default_page_items, context.page_items))));
    co_return http::ok(page);
}

Task<Result<Reply>> get_message(RouteContext& context, Call& call) {
    CO_TRY(const auto conversation, call.path<ConversationId>("conversation"));
    CO_TRY(const auto seq, call.path_seq("seq"));
    CO_TRY(const auto message, co_await context.messages.find(call.caller(), conversation, seq));
    co_return http::ok(message);
}

Task<Result<Reply>> edit_message(RouteContext& context, Call& call) {
    CO_TRY(const auto conversation, call.path<ConversationId>("conversation"));
    CO_TRY(const auto seq, call.path_seq("seq"));
    CO_TRY(auto edit, call.body<MessageEdit>());
    CO_TRY(const auto edited, co_await context.messages.edit(call.caller(), conversation, seq, std::move(edit.text)));
    co_return http::ok(edited.message);
}

Task<Result<Reply>> delete_message(RouteContext& context, Call& call) {
    CO_TRY(const auto conversation, call.path<ConversationId>("conversation"));
    CO_TRY(const auto seq, call.path_seq("seq"));
    CO_CHECK(co_await context.messages.remove(call.caller(), conversation, seq));
    co_return http::no_content();
}

Task<Result<Reply>> change_reaction(RouteContext& context, Call& call) {
    CO_TRY(const auto conversation, call.path<ConversationId>("conversation"));
    CO_TRY(const auto seq, call.path_seq("seq"));
    CO_CHECK(co_await context.messages.react(call.caller(), conversation, seq, std::string{call.path_text("emoji")}, call.verb() == verb::put));
    co_return http::no_content();
}

Task<Result<Reply>> change_pin(RouteContext& context, Call& call) {
    CO_TRY(const auto conversation, call.path<ConversationId>("conversation"));
    CO_TRY(const auto seq, call.path_seq("seq"));
    CO_CHECK(co_await context.messages.pin(call.caller(), conversation, seq, call.verb() == verb::put));
    co_return http::no_content();
}

Task<Result<Reply>> get_events(RouteContext& context, Call& call) {
    CO_TRY(const auto conversation, call.path<ConversationId>("conversation"));
    CO_TRY(const auto after, call.query_number("after_seq", 0, max_id));
    CO_TRY(const auto limit, call.query_number("limit", 1, most_events));
    CO_TRY(const auto page,
           co_await context.messages.events(call.caller(), conversation, after.value_or(0), limit.value_or(http::default_page_items)));
    co_return http::ok(page);
}

constexpr std::string_view position_schema = R"({"type":"integer","minimum":0,"maximum":9007199254740991})";

}  // namespace

http::Routes message_routes(RouteContext& context) {
    http::Routes routes;
    const std::string messages = "/api/v1/conversations/{conversation}/messages", message = messages + "/{seq}";
    const auto visibility = {&parley::errors::not_found, &groups::errors::not_a_member};
    routes.push_back(Route{verb::post, messages, http::signed_in, http::bind(post_message, context), "Post a message"}
                         .takes<MessageDraft>()
                         .gives<Message>(201, "Sent, and on stable storage.")
                         .gives<Message>(200, "What this client_id sent before, as it is now.")
                         .fails(visibility)
                         .fails({&errors::empty_message, &errors::invalid_client_id, &errors::client_id_reused, &errors::no_such_message,
                                 &files::errors::not_usable, &files::errors::not_ready})
                         .limited(http::RateClass::send)
                         .tagged("Messages"));
    routes.push_back(Route{verb::get, messages, http::signed_in, http::bind(get_history, context), "Read history by position"}
                         .with_query({{"before_seq", "Messages before this position.", position_schema},
                                      {"after_seq", "Messages after this position.", position_schema},
                                      {"around_seq", "Messages around this one, itself included.", position_schema},
                                      http::limit_doc})
                         .gives<MessagePage>()
                         .fails(visibility)
                         .fails({&errors::several_positions})
                         .tagged("Messages"));
    routes.push_back(Route{verb::get, message, http::signed_in, http::bind(get_message, context), "One message"}
                         .gives<Message>()
                         .fails(visibility)
                         .tagged("Messages"));
    routes.push_back(Route{verb::patch, message, http::signed_in, http::bind(edit_message, context), "Edit one's own message"}
                         .takes<MessageEdit>()
                         .gives<Message>()
                         .fails(visibility)
                         .fails({&errors::not_author, &errors::message_deleted, &errors::empty_message})
                         .tagged("Messages"));
    routes.push_back(Route{verb::delete_, message, http::signed_in, http::bind(delete_message, context), "Delete a message for good"}
                         .gives_nothing()
                         .fails(visibility)
                         .fails({&errors::may_not_delete})
                         .tagged("Messages"));
    for (const auto verb : {verb::put, verb::delete_}) {
        routes.push_back(Route{verb, message + "/reactions/{emoji}", http::signed_in, http::bind(change_reaction, context),
                               verb == verb::put ? "React to a message" : "Take a reaction back"}
                             .with_path({{"emoji", "One grapheme of at most 64 bytes, percent-encoded.", R"({"type":"string","maxLength":64})"}})
                             .gives_nothing()
                             .fails(visibility)
                             .fails({&errors::invalid_emoji, &errors::too_many_reactions, &errors::message_deleted})
                             .tagged("Messages"));
        routes.push_back(
            Route{verb, message + "/pin", http::signed_in, http::bind(change_pin, context), verb == verb::put ? "Pin a message" : "Unpin a message"}
                .gives_nothing()
                .fails(visibility)
                .fails({&groups::errors::not_allowed, &errors::message_deleted})
                .tagged("Messages"));
    }
    routes.push_back(Route{verb::get, "/api/v1/conversations/{conversation}/events", http::signed_in, http::bind(get_events, context),
                           "Read the conversation's log"}
                         .with_query({{"after_seq", "Events after this position.", position_schema},
                                      {"limit", "How many events at most.", R"({"type":"integer","minimum":1,"maximum":1000,"default":50})"}})
                         .gives<EventPage>()
                         .fails(visibility)
                         .tagged("Messages"));
    return routes;
}

}  // namespace parley::chat
