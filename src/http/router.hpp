// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/route.hpp"

#include <array>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace parley::http {

/// How errors are shown under a part of the tree: the origin's routes have shapes of their own.
using ErrorReply = Reply (*)(const Call& call, const Error& error);

/// Finds the route of a path by its segments. Filled once at the start, read by every shard.
class Router {
public:
    /// Throws std::logic_error if two routes have the same verb and path: a defect.
    void add(Routes routes);
    /// Errors of everything under `prefix` ("/api/users") are rendered by `render`.
    void set_error_reply(std::string prefix, ErrorReply render);

    struct Match {
        const Route* route = nullptr;
        std::vector<std::string_view> parameters;
        std::array<bool, verb_count> allowed{};  // by the path; all false: there is no such path
    };
    /// HEAD finds the route of GET, unless there is one of its own.
    Match find(Verb verb, std::span<const std::string_view> segments) const;

    /// How errors of this path are shown; nullptr: as problem+json.
    ErrorReply error_reply_of(std::string_view path) const noexcept;

    /// Every route, in the order it was added.
    const std::vector<std::unique_ptr<const Route>>& routes() const noexcept { return routes_; }

private:
    struct Node {
        std::map<std::string, std::unique_ptr<Node>, std::less<>> literal;
        std::unique_ptr<Node> parameter;
        std::array<const Route*, verb_count> by_verb{};
        bool has_route() const noexcept;
    };
    const Node* descend(const Node& node, std::span<const std::string_view> segments, std::vector<std::string_view>& parameters) const;

    Node root_;
    std::vector<std::unique_ptr<const Route>> routes_;
    std::vector<std::pair<std::string, ErrorReply>> error_replies_;
};

constexpr std::array<bool, verb_count> every_verb() {
    std::array<bool, verb_count> all{};
    all.fill(true);
    return all;
}
/// The value of an Allow field for what a path allows.
std::string allow_of(const std::array<bool, verb_count>& allowed);

}  // namespace parley::http
