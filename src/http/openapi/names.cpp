// SPDX-License-Identifier: Apache-2.0
#include "http/openapi/names.hpp"

#include "http/status.hpp"

#include <algorithm>

namespace parley::http::openapi {
namespace {

constexpr std::string_view base = "/api/v1/";

/// "PUT" as "put".
std::string lower(std::string_view text) {
    std::string out{text};
    std::ranges::transform(out, out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return out;
}

}  // namespace

std::string operation_id(const Route& route) {
    std::string_view rest = route.path;
    rest.remove_prefix(rest.starts_with(base) ? base.size() : 1);
    std::string id = lower(json::name_of(route.verb));
    while (!rest.empty()) {
        const auto end = std::min(rest.find('/'), rest.size());
        const auto segment = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (segment.empty()) continue;
        if (segment.front() != '{') id += '_' + std::string{segment};
        else if (id.size() > 2 && id.back() == 's' && id[id.size() - 2] != '_') id.pop_back();
    }
    std::ranges::replace_if(id, [](char c) { return c == '-' || c == '.'; }, '_');
    return id;
}

std::string response_name(int status) {
    std::string name{reason_of(status)};
    std::erase(name, ' ');
    return name;
}

}  // namespace parley::http::openapi
