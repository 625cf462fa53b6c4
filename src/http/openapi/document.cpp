// SPDX-License-Identifier: Apache-2.0
#include "http/openapi/document.hpp"

#include "http/openapi/components.hpp"
#include "http/openapi/names.hpp"
#include "http/openapi/operation.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>

namespace parley::http::openapi {
namespace {

using PathRoutes = std::pair<std::string_view, std::vector<const Route*>>;

bool is_described(const Route& route) { return route.documented && route.access != Access::control && route.listening != Listening::internal_only; }

/// The routes by path, both in the order in which they were added.
std::vector<PathRoutes> paths_of(const Router& router) {
    std::vector<PathRoutes> paths;
    for (const auto& route : router.routes()) {
        if (!is_described(*route)) continue;
        auto found = std::ranges::find(paths, std::string_view{route->path}, &PathRoutes::first);
        if (found == paths.end()) found = paths.insert(paths.end(), {route->path, {}});
        found->second.push_back(route.get());
    }
    return paths;
}

void check_ids(const std::vector<PathRoutes>& paths) {
    std::set<std::string> seen;
    for (const auto& [path, routes] : paths) {
        for (const auto* route : routes) {
            if (!seen.insert(operation_id(*route)).second) throw std::logic_error("two operations are called " + operation_id(*route));
        }
    }
}

/// A member of a path item is the verb in lower case.
std::string member_of(Verb verb) {
    std::string name{json::name_of(verb)};
    std::ranges::transform(name, name.begin(), [](char c) { return static_cast<char>(c - 'A' + 'a'); });
    return name;
}

void write_info(json::Writer& writer, const Source& source) {
    writer.key("info").begin_object();
    writer.key("title").string(source.title);
    writer.key("version").string(source.version);
    writer.key("description").string(source.description);
    writer.key("license").begin_object();
    writer.key("name").string(source.license);
    writer.key("url").string(source.license_url);
    writer.end_object();
    writer.end_object();
}

void write_tags(json::Writer& writer, const Source& source, const std::vector<PathRoutes>& paths) {
    std::vector<std::string_view> used;
    for (const auto& [path, routes] : paths) {
        for (const auto* route : routes) used.push_back(route->tag.empty() ? "Other" : route->tag);
    }
    const auto is_used = [&](std::string_view name) { return std::ranges::find(used, name) != used.end(); };
    std::set<std::string_view> written;
    const auto write = [&](std::string_view name, std::string_view sentence) {
        if (!is_used(name) || !written.insert(name).second) return;
        writer.begin_object().key("name").string(name).key("description").string(sentence).end_object();
    };
    writer.key("tags").begin_array();
    for (const auto& tag : source.tags) write(tag.name, tag.sentence);
    for (const auto name : used) write(name, name);
    writer.end_array();
}

}  // namespace

std::string document(const Source& source) {
    const auto paths = paths_of(source.router);
    check_ids(paths);
    std::string text;
    json::Writer writer{text};
    Components components{source};
    writer.begin_object();
    writer.key("openapi").string("3.1.0");
    write_info(writer, source);
    writer.key("servers").raw(R"([{"url":"/","description":"The server this document comes from."}])");
    write_tags(writer, source, paths);
    writer.key("paths").begin_object();
    for (const auto& [path, routes] : paths) {
        writer.key(path).begin_object();
        for (const auto* route : routes) {
            writer.key(member_of(route->verb));
            write_operation(writer, *route, source, components);
        }
        writer.end_object();
    }
    writer.end_object();
    writer.key("components");
    components.write(writer);
    writer.end_object();
    return text;
}

}  // namespace parley::http::openapi
