// SPDX-License-Identifier: Apache-2.0
#include "files/routes.hpp"

#include "core/errors.hpp"
#include "files/errors.hpp"
#include "files/form_upload.hpp"
#include "http/content_disposition.hpp"
#include "http/errors.hpp"
#include "http/page.hpp"
#include "http/problem.hpp"
#include "http/ranges.hpp"

#include <fmt/format.h>
#include <charconv>

namespace parley::files {
namespace {

using http::Call, http::Reply, http::Route;
namespace verb = http::verb;

Task<Result<Reply>> upload(RouteContext& context, Call& call) {
    CO_TRY(const auto file, co_await receive_form(context.files, call));
    co_return http::created(file);
}

Task<Result<Reply>> get_file(RouteContext& context, Call& call) {
    CO_TRY(const auto id, call.path<FileId>("file"));
    CO_TRY(const auto file, co_await context.files.find(call.caller(), id));
    co_return http::ok(file);
}

Task<Result<Reply>> change_file(RouteContext& context, Call& call) {
    CO_TRY(const auto id, call.path<FileId>("file"));
    CO_TRY(auto change, call.body<FileChange>());
    if (change.name) {
        auto cleaned = http::clean_file_name(*change.name);
        if (!cleaned) co_return fail(Error::of_fields({{&http::errors::invalid_file_name, "/name", {}}}));
        change.name = *std::move(cleaned);
    }
    CO_TRY(const auto file, co_await context.files.change(call.caller(), id, std::move(change)));
    co_return http::ok(file);
}

Task<Result<Reply>> delete_file(RouteContext& context, Call& call) {
    CO_TRY(const auto id, call.path<FileId>("file"));
    CO_CHECK(co_await context.files.remove(call.caller(), id));
    co_return http::no_content();
}

Task<Result<Reply>> list_files(RouteContext& context, Call& call) {
    CO_TRY(const auto request, http::page_request(call, context.cursors, "files", context.page_items));
    std::optional<FileId> before;
    if (request.after) std::from_chars(request.after->data(), request.after->data() + request.after->size(), before.emplace().value);
    CO_TRY(auto list, co_await context.files.list(call.caller(), before, request.limit));
    if (std::ssize(list.items) == request.limit)
        list.next_cursor = context.cursors.make(call.caller().user, "files", std::to_string(list.items.back().id.value));
    co_return http::ok(list);
}

/// The headers every answer about a content has, 304 included (RFC 9110 section 15.4.5).
Reply content_reply(int status, const std::string& etag) {
    Reply reply{.status = status, .content_type = {}, .body = {}, .policy = http::ContentPolicy::upload};
    reply.header("ETag", etag);
    reply.header("Accept-Ranges", "bytes");
    return reply;
}

Reply range_not_satisfiable(const Call& call, std::int64_t size) {
    auto reply = http::problem(http::errors::range_not_satisfiable, call.request_id());
    reply.header("Content-Range", fmt::format("bytes */{}", size));
    return reply;
}

/// Shown in place only if that was asked for and the type can do no harm (trust.md P25).
void describe(Reply& reply, const FileRow& file, bool inline_wanted) {
    const bool shown = inline_wanted && may_be_shown_inline(file.media_type);
    reply.content_type = file.media_type;
    reply.header("Content-Disposition", http::content_disposition(shown ? http::Disposition::inlined : http::Disposition::attachment, file.name));
}

Task<Result<Reply>> get_content(RouteContext& context, Call& call) {
    CO_TRY(const auto id, call.path<FileId>("file"));
    CO_TRY(const auto inline_wanted, call.query("inline"));
    CO_TRY(auto content, co_await context.files.open(call.caller(), id));
    const auto etag = fmt::format("\"{}\"", content.file.sha256);
    if (http::if_none_match_names(call.header("if-none-match"), etag)) co_return content_reply(304, etag);
    const auto size = content.blob.size;
    const auto if_range = call.head().find("if-range");
    const bool range_counts = !if_range || http::if_range_holds(*if_range, etag);
    const auto wanted =
        range_counts ? http::parse_range(call.header("range"), static_cast<std::uint64_t>(size)) : http::RangeAnswer{http::WholeFile{}};
    if (std::holds_alternative<http::Unsatisfiable>(wanted)) co_return range_not_satisfiable(call, size);
    const auto* range = std::get_if<http::ByteRange>(&wanted);
    auto reply = content_reply(range != nullptr ? 206 : 200, etag);
    describe(reply, content.file, inline_wanted == "1");
    http::FileBody body{std::move(content.blob.owner), content.blob.descriptor, 0, size};
    if (range != nullptr) {
        body.offset = static_cast<std::int64_t>(range->first);
        body.count = static_cast<std::int64_t>(range->size());
        reply.header("Content-Range", fmt::format("bytes {}-{}/{}", range->first, range->last, size));
    }
    reply.file = std::move(body);
    co_return reply;
}

constexpr std::string_view form_schema =
    R"({"type":"object","required":["file"],"properties":{"file":{"type":"string","format":"binary","description":"The file, with its name."},)"
    R"("expires_at":{"type":"string","description":"When it is removed (RFC 3339), or null to keep it; ten days from now if left out."}}})";

}  // namespace

http::Routes routes(RouteContext& context) {
    http::Routes routes;
    routes.push_back(Route{verb::post, "/api/v1/files", http::signed_in, http::bind(upload, context), "Upload a file by form"}
                         .takes_form("multipart/form-data", form_schema)
                         .streams()
                         .gives<File>(201)
                         .fails({&errors::too_large, &errors::quota_exceeded, &errors::no_file, &errors::already_past, &errors::keeping_not_allowed,
                                 &http::errors::not_multipart, &http::errors::bad_multipart, &http::errors::invalid_file_name})
                         .tagged("Files"));
    routes.push_back(Route{verb::get, "/api/v1/files", http::signed_in, http::bind(list_files, context), "One's own files and quota"}
                         .with_query({http::limit_doc, http::cursor_doc})
                         .gives<FileList>()
                         .tagged("Files"));
    routes.push_back(Route{verb::get, "/api/v1/files/{file}", http::signed_in, http::bind(get_file, context), "A file's description"}
                         .gives<File>()
                         .fails({&parley::errors::not_found})
                         .tagged("Files"));
    routes.push_back(
        Route{verb::patch, "/api/v1/files/{file}", http::signed_in, http::bind(change_file, context), "Rename a file or change when it expires"}
            .takes<FileChange>()
            .gives<File>()
            .fails({&parley::errors::not_found, &errors::not_uploader, &errors::gone, &errors::already_past, &errors::keeping_not_allowed,
                    &http::errors::invalid_file_name})
            .tagged("Files"));
    routes.push_back(Route{verb::delete_, "/api/v1/files/{file}", http::signed_in, http::bind(delete_file, context), "Delete a file"}
                         .gives_nothing()
                         .fails({&parley::errors::not_found, &errors::not_uploader})
                         .tagged("Files"));
    routes.push_back(
        Route{verb::get, "/api/v1/files/{file}/content", http::signed_in, http::bind(get_content, context), "A file's content, or a range of it"}
            .with_query({{"inline", "1: to be shown in place, where the type can do no harm."}})
            .gives_bytes(200, "*/*", "The whole content.")
            .gives_bytes(206, "*/*", "The range that was asked for.")
            .gives_bytes(304, "", "The client has it already.")
            .with_headers({{"Range", "One range of bytes, such as bytes=0-499; several get the whole."},
                           {"If-Range", "An ETag: the range holds only for this content."},
                           {"If-None-Match", "ETags the client has."}})
            .answers_with({{200, "ETag", "The SHA-256 of the content, in quotes."},
                           {200, "Content-Disposition", "attachment, unless it may be shown in place; with the file's name."},
                           {206, "ETag", "The SHA-256 of the whole content, in quotes."},
                           {206, "Content-Disposition", "attachment, unless it may be shown in place; with the file's name."},
                           {206, "Content-Range", "Which bytes of how many."},
                           {304, "ETag", "The SHA-256 of the content, in quotes."}})
            .fails({&parley::errors::not_found, &errors::gone, &errors::not_ready, &errors::quarantined, &http::errors::range_not_satisfiable})
            .tagged("Files"));
    return routes;
}

}  // namespace parley::files
