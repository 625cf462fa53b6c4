// SPDX-License-Identifier: Apache-2.0
#include "http/router.hpp"

#include <algorithm>
#include <stdexcept>

namespace parley::http {
namespace {

std::vector<std::string_view> split(std::string_view path) {
    std::vector<std::string_view> segments;
    while (!path.empty()) {
        path.remove_prefix(1);  // the slash
        const auto end = std::min(path.find('/'), path.size());
        if (end > 0) segments.push_back(path.substr(0, end));
        path.remove_prefix(end);
    }
    return segments;
}

}  // namespace

bool Router::Node::has_route() const noexcept {
    return std::ranges::any_of(by_verb, [](const Route* route) { return route != nullptr; });
}

void Router::add(Routes routes) {
    for (auto& route : routes) {
        Node* node = &root_;
        for (const auto segment : split(route.path)) {
            auto& next = segment.front() == '{' ? node->parameter : node->literal[std::string{segment}];
            if (!next) next = std::make_unique<Node>();
            node = next.get();
        }
        auto& place = node->by_verb[static_cast<std::size_t>(route.verb)];
        if (place != nullptr) throw std::logic_error("two routes for " + route.path);
        routes_.push_back(std::make_unique<const Route>(std::move(route)));
        place = routes_.back().get();
    }
}

void Router::set_error_reply(std::string prefix, ErrorReply render) { error_replies_.emplace_back(std::move(prefix), render); }

ErrorReply Router::error_reply_of(std::string_view path) const noexcept {
    for (const auto& [prefix, render] : error_replies_) {
        if (path.starts_with(prefix) && (path.size() == prefix.size() || path[prefix.size()] == '/')) return render;
    }
    return nullptr;
}

/// Literal segments come before parameters: /users/me is not the user called "me".
const Router::Node* Router::descend(const Node& node, std::span<const std::string_view> segments, std::vector<std::string_view>& parameters) const {
    if (segments.empty()) return node.has_route() ? &node : nullptr;
    if (const auto found = node.literal.find(segments.front()); found != node.literal.end()) {
        if (const auto* end = descend(*found->second, segments.subspan(1), parameters)) return end;
    }
    if (!node.parameter) return nullptr;
    parameters.push_back(segments.front());
    if (const auto* end = descend(*node.parameter, segments.subspan(1), parameters)) return end;
    parameters.pop_back();
    return nullptr;
}

Router::Match Router::find(Verb verb, std::span<const std::string_view> segments) const {
    Match match;
    const auto* node = descend(root_, segments, match.parameters);
    if (node == nullptr) return match;
    for (std::size_t i = 0; i < verb_count; ++i) match.allowed[i] = node->by_verb[i] != nullptr;
    const auto get = static_cast<std::size_t>(Verb::get), head = static_cast<std::size_t>(Verb::head);
    if (match.allowed[get]) match.allowed[head] = true;
    match.allowed[static_cast<std::size_t>(Verb::options)] = true;
    match.route = node->by_verb[static_cast<std::size_t>(verb)];
    if (match.route == nullptr && verb == Verb::head) match.route = node->by_verb[get];
    return match;
}

std::string allow_of(const std::array<bool, verb_count>& allowed) {
    std::string list;
    for (std::size_t i = 0; i < verb_count; ++i) {
        if (allowed[i]) list += (list.empty() ? "" : ", ") + std::string{json::name_of(static_cast<Verb>(i))};
    }
    return list;
}

}  // namespace parley::http
