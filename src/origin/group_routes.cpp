// SPDX-License-Identifier: Apache-2.0
#include "groups/errors.hpp"
#include "origin/routes.hpp"
#include "origin/types.hpp"
#include "origin/validation.hpp"

namespace parley::origin {
namespace {

using http::Call, http::Reply, http::Route;
namespace verb = http::verb;

constexpr std::size_t longest_name = 255;  // api.md section 3; the origin's column has the same

Task<Result<Reply>> create_group(RouteContext& context, Call& call) {
    CO_TRY(const auto data, data_of(call));
    Validation validation{data};
    auto name = validation.text("name");
    if (name) {
        validation.check_length("name", *name, longest_name);
        validation.check_nulls("name", *name);
    }
    if (validation.failed()) co_return fail(validation.take_error());
    chat::GroupDraft draft{.name = *std::move(name), .description = {}, .visibility = groups::Visibility::public_group, .member_ids = {}};
    auto group = co_await context.groups.create(call.caller(), std::move(draft));
    if (!group && group.error().is(groups::errors::name_taken)) {
        validation.note("name", "group with this name already exists.");
        co_return fail(validation.take_error());
    }
    if (!group) co_return std::unexpected(std::move(group).error());
    co_return http::ok(GroupCreated{"Group created successfully", group->id});
}

Task<Result<Reply>> join_group(RouteContext& context, Call& call) {
    CO_TRY(const auto id, call.path<ConversationId>("group"));
    CO_CHECK(co_await context.groups.join(call.caller(), id));
    co_return http::ok(Done{"Joined group successfully"});
}

Task<Result<Reply>> leave_group(RouteContext& context, Call& call) {
    CO_TRY(const auto id, call.path<ConversationId>("group"));
    CO_CHECK(co_await context.groups.leave(call.caller(), id, chat::Groups::LastOwner::hands_over));
    co_return http::ok(Done{"Left group successfully"});
}

constexpr std::string_view group_schema =
    R"({"type":"object","required":["name"],"properties":{"name":{"type":"string","minLength":1,"maxLength":255}}})";

}  // namespace

http::Routes group_routes(RouteContext& context) {
    http::Routes routes;
    add_view(routes, Route{verb::post, "/api/groups/create", http::signed_in, http::bind(create_group, context), "Make a public group"}
                         .takes_form(http::json_type, group_schema)
                         .gives<GroupCreated>()
                         .tagged("Origin"));
    add_view(
        routes,
        Route{verb::post, "/api/groups/{group}/join", http::signed_in, http::bind(join_group, context), "Join a public group"}.gives<Done>().tagged(
            "Origin"));
    add_view(routes,
             Route{verb::post, "/api/groups/{group}/leave", http::signed_in, http::bind(leave_group, context), "Leave a group"}.gives<Done>().tagged(
                 "Origin"));
    return routes;
}

}  // namespace parley::origin
