// SPDX-License-Identifier: Apache-2.0
#include "chat/routes.hpp"
#include "core/errors.hpp"
#include "groups/errors.hpp"
#include "http/page.hpp"

#include <fmt/format.h>
#include <charconv>

namespace parley::chat {
namespace {

using http::Call, http::Reply, http::Route;
namespace verb = http::verb;

Task<Result<Reply>> create(RouteContext& context, Call& call) {
    CO_TRY(auto draft, call.body<GroupDraft>());
    CO_TRY(const auto group, co_await context.groups.create(call.caller(), std::move(draft)));
    co_return http::created(group);
}

Task<Result<Reply>> search(RouteContext& context, Call& call) {
    CO_TRY(auto query, call.query("q"));
    auto prefix = query.value_or("");
    const auto list = fmt::format("groups {}", prefix);
    CO_TRY(auto request, http::page_request(call, context.cursors, list, context.page_items));
    CO_TRY(auto found, co_await context.groups.search(call.caller(), std::move(prefix), std::move(request.after), request.limit));
    http::Page<Conversation> page{std::move(found.items), std::nullopt};
    if (found.next) page.next_cursor = context.cursors.make(call.caller().user, list, *found.next);
    co_return http::ok(page);
}

Task<Result<Reply>> change(RouteContext& context, Call& call) {
    CO_TRY(const auto id, call.path<ConversationId>("group"));
    CO_TRY(auto change, call.body<GroupChange>());
    CO_TRY(const auto group, co_await context.groups.change(call.caller(), id, std::move(change)));
    co_return http::ok(group);
}

Task<Result<Reply>> remove(RouteContext& context, Call& call) {
    CO_TRY(const auto id, call.path<ConversationId>("group"));
    CO_CHECK(co_await context.groups.remove(call.caller(), id));
    co_return http::no_content();
}

Task<Result<Reply>> join(RouteContext& context, Call& call) {
    CO_TRY(const auto id, call.path<ConversationId>("group"));
    CO_TRY(const auto member, co_await context.groups.join(call.caller(), id));
    co_return http::ok(member);
}

Task<Result<Reply>> leave(RouteContext& context, Call& call) {
    CO_TRY(const auto id, call.path<ConversationId>("group"));
    CO_CHECK(co_await context.groups.leave(call.caller(), id));
    co_return http::no_content();
}

Task<Result<Reply>> members(RouteContext& context, Call& call) {
    CO_TRY(const auto id, call.path<ConversationId>("group"));
    const auto list = fmt::format("members {}", id.value);
    CO_TRY(const auto request, http::page_request(call, context.cursors, list, context.page_items));
    UserId after;
    if (request.after) std::from_chars(request.after->data(), request.after->data() + request.after->size(), after.value);
    CO_TRY(auto found, co_await context.groups.members(call.caller(), id, after, request.limit));
    http::Page<Member> page{std::move(found), std::nullopt};
    if (std::ssize(page.items) == request.limit)
        page.next_cursor = context.cursors.make(call.caller().user, list, std::to_string(page.items.back().user.id.value));
    co_return http::ok(page);
}

Task<Result<Reply>> put_member(RouteContext& context, Call& call) {
    CO_TRY(const auto id, call.path<ConversationId>("group"));
    CO_TRY(const auto user, call.path<UserId>("user"));
    CO_TRY(const auto request, call.body<RoleRequest>());
    CO_TRY(const auto put, co_await context.groups.put_member(call.caller(), id, user, request.role));
    co_return put.added ? http::created(put.member) : http::ok(put.member);
}

Task<Result<Reply>> remove_member(RouteContext& context, Call& call) {
    CO_TRY(const auto id, call.path<ConversationId>("group"));
    CO_TRY(const auto user, call.path<UserId>("user"));
    CO_CHECK(co_await context.groups.remove_member(call.caller(), id, user));
    co_return http::no_content();
}

}  // namespace

http::Routes group_routes(RouteContext& context) {
    http::Routes routes;
    const std::string groups = "/api/v1/groups", group = groups + "/{group}", member = group + "/members/{user}";
    const auto visibility = {&parley::errors::not_found, &groups::errors::not_a_member};
    using namespace groups::errors;
    routes.push_back(Route{verb::post, groups, http::signed_in, http::bind(create, context), "Make a group"}
                         .takes<GroupDraft>()
                         .gives<Conversation>(201)
                         .fails({&invalid_name, &name_taken, &unknown_user})
                         .tagged("Groups"));
    routes.push_back(Route{verb::get, groups, http::signed_in, http::bind(search, context), "Find public groups by prefix of their name"}
                         .with_query({{"q", "The prefix, in any case."}, http::limit_doc, http::cursor_doc})
                         .gives<http::Page<Conversation>>()
                         .tagged("Groups"));
    routes.push_back(Route{verb::patch, group, http::signed_in, http::bind(change, context), "Change a group's name, description or visibility"}
                         .takes<GroupChange>()
                         .gives<Conversation>()
                         .fails(visibility)
                         .fails({&not_allowed, &invalid_name, &name_taken})
                         .tagged("Groups"));
    routes.push_back(Route{verb::delete_, group, http::signed_in, http::bind(remove, context), "Delete a group and all that was said there"}
                         .gives_nothing()
                         .fails(visibility)
                         .fails({&not_allowed})
                         .tagged("Groups"));
    routes.push_back(Route{verb::post, group + "/join", http::signed_in, http::bind(join, context), "Join a public group"}
                         .gives<Member>()
                         .fails({&parley::errors::not_found})
                         .tagged("Groups"));
    routes.push_back(Route{verb::post, group + "/leave", http::signed_in, http::bind(leave, context), "Leave a group"}
                         .gives_nothing()
                         .fails({&parley::errors::not_found, &last_owner})
                         .tagged("Groups"));
    routes.push_back(Route{verb::get, group + "/members", http::signed_in, http::bind(members, context), "Who is in a group"}
                         .with_query({http::limit_doc, http::cursor_doc})
                         .gives<http::Page<Member>>()
                         .fails(visibility)
                         .tagged("Groups"));
    routes.push_back(Route{verb::put, member, http::signed_in, http::bind(put_member, context), "Add somebody to a group, or change their role"}
                         .takes<RoleRequest>()
                         .gives<Member>(201, "Added.")
                         .gives<Member>(200, "Changed.")
                         .fails(visibility)
                         .fails({&not_allowed, &role_above_own, &owners_only, &last_owner})
                         .tagged("Groups"));
    routes.push_back(Route{verb::delete_, member, http::signed_in, http::bind(remove_member, context), "Remove somebody from a group"}
                         .gives_nothing()
                         .fails(visibility)
                         .fails({&not_allowed, &owners_only, &last_owner})
                         .tagged("Groups"));
    return routes;
}

}  // namespace parley::chat
