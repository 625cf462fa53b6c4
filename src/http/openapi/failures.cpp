// SPDX-License-Identifier: Apache-2.0
#include "http/openapi/failures.hpp"

#include "core/errors.hpp"
#include "core/json/errors.hpp"
#include "http/errors.hpp"
#include "http/status.hpp"

#include <algorithm>
#include <initializer_list>
#include <span>

namespace parley::http::openapi {
namespace {

/// Any request: what middleware and server say before and after a handler.
constexpr std::initializer_list<const ErrorKind*> of_any{&errors::bad_request, &errors::bad_path,         &errors::token_in_url,
                                                         &errors::misdirected, &parley::errors::internal, &parley::errors::overloaded,
                                                         &errors::draining,    &errors::answer_timeout};
constexpr std::initializer_list<const ErrorKind*> of_bodies{&errors::bad_chunk, &errors::request_timeout, &errors::unsupported_content_coding};

bool has_body(const Route& route) { return route.request_schema != nullptr || !route.request_raw_schema.empty(); }
bool has_cursor(const Route& route) { return std::ranges::find(route.query, "cursor", &QueryDoc::name) != route.query.end(); }

class Collector {
public:
    void add(std::span<const ErrorKind* const> kinds) {
        for (const auto* kind : kinds) {
            auto& same = failures_[status_of(kind->error_class)];
            if (std::ranges::find(same, kind->code, &ErrorKind::code) == same.end()) same.push_back(kind);
        }
    }
    void add(std::initializer_list<const ErrorKind*> kinds) { add(std::span{kinds.begin(), kinds.size()}); }
    Failures take() && { return std::move(failures_); }

private:
    Failures failures_;
};

void add_body_failures(Collector& failures, const Route& route) {
    if (!has_body(route)) return;
    failures.add(of_bodies);
    if (route.body_mode == BodyMode::collected) failures.add({&errors::body_too_large});
    if (route.request_schema == nullptr) return;
    failures.add({&errors::not_json});
    failures.add(json::errors::all);
}

}  // namespace

Failures failures_of(const Route& route, const Source& source) {
    Collector failures;
    failures.add(route.errors);
    failures.add(of_any);
    if (!route.parameter_names.empty()) failures.add({&parley::errors::not_found});
    if (!route.query.empty()) failures.add({&errors::bad_query});
    if (has_cursor(route)) failures.add({&errors::bad_cursor});
    if (route.access == Access::signed_in || route.token_optional) failures.add(source.signed_in_errors);
    if (!is_safe(route.verb)) failures.add(source.change_errors);
    if (route.rate_class == RateClass::send || route.rate_class == RateClass::sign_up) failures.add({&errors::rate_limited});
    add_body_failures(failures, route);
    return std::move(failures).take();
}

Failures shared_failures(const Source& source) {
    const Route form = Route{Verb::post, "/", Access::signed_in, {}, ""}.takes_form("", "{}");
    const Route query = Route{Verb::get, "/{id}", Access::signed_in, {}, ""}.limited(RateClass::send);
    auto shared = failures_of(form, source);
    for (auto& [status, kinds] : failures_of(query, source)) shared.insert_or_assign(status, std::move(kinds));
    shared.erase(400);  // differs with every kind of route
    shared.insert_or_assign(415, std::vector{&errors::unsupported_content_coding, &errors::not_json});
    shared.insert_or_assign(422, Failures::mapped_type{&json::errors::required, &json::errors::too_long, &json::errors::too_short,
                                                       &json::errors::too_many_items, &json::errors::invalid_value});
    return shared;
}

}  // namespace parley::http::openapi
