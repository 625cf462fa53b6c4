// SPDX-License-Identifier: Apache-2.0
#include "pages/documentation.hpp"

#include "core/errors.hpp"
#include "pages/gzip.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

namespace parley::pages {
namespace {

using http::Call, http::ContentPolicy, http::Reply, http::Route;

constexpr std::size_t hash_digits = 16;
constexpr std::string_view html = "text/html; charset=utf-8";

std::string_view media_type_of(std::string_view name) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 5> types{{{".js", "text/javascript; charset=utf-8"},
                                                                                  {".css", "text/css; charset=utf-8"},
                                                                                  {".png", "image/png"},
                                                                                  {".html", html},
                                                                                  {".txt", "text/plain; charset=utf-8"}}};
    const auto* const found = std::ranges::find_if(types, [&](const auto& type) { return name.ends_with(type.first); });
    if (found == types.end()) throw std::logic_error(fmt::format("no media type for {}", name));
    return found->second;
}

/// The bytes of an embedded file; empty if there is none of this name.
std::string_view embedded_file(std::string_view name) {
    const auto files = embedded::documentation();
    const auto found = std::ranges::find(files, name, &EmbeddedFile::name);
    return found == files.end() ? std::string_view{} : found->content;
}

/// "swagger-ui.css" as "swagger-ui.0123456789abcdef.css".
std::string hashed_name(std::string_view name, std::string_view hash) {
    const auto dot = name.rfind('.');
    return fmt::format("{}.{}{}", name.substr(0, dot), hash.substr(0, hash_digits), name.substr(dot));
}

/// Relative addresses in a page count from its folder, so the page is at the address with the slash.
Reply redirect_to_folder(const Call& call) {
    const auto query = call.target().query;
    Reply reply{.status = 301, .content_type = {}, .body = {}, .policy = ContentPolicy::documentation};
    reply.header("Location", fmt::format("{}/{}{}", call.route->path, query.empty() ? "" : "?", query));
    return reply;
}

Task<Result<Reply>> get_openapi(Documentation& pages, Call& call) { co_return serve(pages.openapi(), call); }
Task<Result<Reply>> get_asyncapi(Documentation& pages, Call& call) { co_return serve(pages.asyncapi(), call); }

Task<Result<Reply>> get_swagger(Documentation& pages, Call& call) {
    if (!call.decoded_path().trailing_slash()) co_return redirect_to_folder(call);
    // As the origin's page had it: the description itself instead of the page.
    CO_TRY(const auto format, call.query("format"));
    co_return serve(format == "openapi" ? pages.openapi() : pages.swagger(), call);
}

Task<Result<Reply>> get_redoc(Documentation& pages, Call& call) {
    if (!call.decoded_path().trailing_slash()) co_return redirect_to_folder(call);
    co_return serve(pages.redoc(), call);
}

Task<Result<Reply>> get_file(Documentation& pages, Call& call) {
    const auto* file = pages.find(call.path_text("file"));
    if (file == nullptr) co_return fail(parley::errors::not_found);
    co_return serve(*file, call);
}

}  // namespace

Documentation::Documentation(std::string openapi, std::string asyncapi)
    : openapi_text_(std::move(openapi)),
      openapi_gzipped_(gzip(openapi_text_)),
      asyncapi_text_(std::move(asyncapi)),
      asyncapi_gzipped_(gzip(asyncapi_text_)),
      openapi_(make_asset(http::json_type, openapi_text_, openapi_gzipped_, ContentPolicy::documentation)),
      asyncapi_(make_asset(http::json_type, asyncapi_text_, asyncapi_gzipped_, ContentPolicy::documentation)) {
    add_files();
    swagger_text_ = fill_in(embedded_file("swagger.html"));
    redoc_text_ = fill_in(embedded_file("redoc.html"));
    swagger_ = make_asset(html, swagger_text_, {}, ContentPolicy::documentation);
    redoc_ = make_asset(html, redoc_text_, {}, ContentPolicy::documentation);
}

void Documentation::add_files() {
    for (const auto& [name, content] : embedded::documentation()) {
        if (name.ends_with(".gz") || name.ends_with(".html")) continue;
        const bool is_licence = name.ends_with(".txt");
        auto file = make_asset(media_type_of(name), content, embedded_file(fmt::format("{}.gz", name)),
                               is_licence ? ContentPolicy::documentation : ContentPolicy::asset);
        auto public_name = is_licence ? std::string{name} : hashed_name(name, file.tag);
        hashed_names_.emplace(name, public_name);
        files_.emplace(std::move(public_name), std::move(file));
    }
}

/// Puts the hashed name of each file where the page has {{its name}}.
std::string Documentation::fill_in(std::string_view page) const {
    std::string out;
    for (auto open = page.find("{{"); open != std::string_view::npos; open = page.find("{{")) {
        const auto close = page.find("}}", open);
        out += page.substr(0, open);
        out += hashed_names_.at(std::string{page.substr(open + 2, close - open - 2)});
        page.remove_prefix(close + 2);
    }
    return out.append(page);
}

const Asset* Documentation::find(std::string_view name) const {
    const auto found = files_.find(name);
    return found == files_.end() ? nullptr : &found->second;
}

http::Routes Documentation::routes() {
    http::Routes routes;
    const auto add = [&](std::string path, Task<Result<Reply>> (*handler)(Documentation&, Call&), std::string_view summary) {
        routes.push_back(Route{http::verb::get, std::move(path), http::open_to_all, http::bind(handler, *this), summary}.undocumented());
    };
    add("/openapi.json", get_openapi, "The OpenAPI document");
    add("/asyncapi.json", get_asyncapi, "The AsyncAPI document of the socket");
    add("/swagger", get_swagger, "Swagger UI");
    add("/redoc", get_redoc, "ReDoc");
    for (const auto* path : {"/swagger/{file}", "/redoc/{file}"}) add(path, get_file, "A file of these pages");
    return routes;
}

}  // namespace parley::pages
