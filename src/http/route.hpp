// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/histogram.hpp"
#include "core/json/schema.hpp"
#include "core/result.hpp"
#include "core/task.hpp"
#include "http/call.hpp"
#include "http/reply.hpp"
#include "http/verb.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::http {

/// Who may call a route at all; what they may see there the service decides.
enum class Access : std::uint8_t {
    open,       // anybody
    signed_in,  // whoever has a good access token
    control,    // the command line on this machine, by a token made with the data folder's keys; internal listener only
};
inline constexpr auto open_to_all = Access::open, signed_in = Access::signed_in, control = Access::control;

enum class Listening : std::uint8_t { public_only, internal_only, both };

/// How much of the body is there when the handler begins.
enum class BodyMode : std::uint8_t { collected, streamed };

/// The rates of api.md section 9 that are counted by requests.
enum class RateClass : std::uint8_t { none, send, sign_up, sign_in };

using Handler = std::function<Task<Result<Reply>>(Call&)>;
using SchemaOf = std::string (*)(json::SchemaSet&);

struct QueryDoc {
    std::string_view name;
    std::string_view sentence;
    std::string_view schema = R"({"type":"string"})";
    bool required = false;
};
/// A part of the path that is no id, and a header field a client sends, are told of in the same way.
using PathDoc = QueryDoc;
using HeaderDoc = QueryDoc;

/// A header field of an answer, beside those that every answer has.
struct AnswerHeaderDoc {
    int status;
    std::string_view name;
    std::string_view sentence;
    std::string_view schema = R"({"type":"string"})";
};

struct AnswerDoc {
    int status;
    std::string_view sentence;
    SchemaOf schema = nullptr;
    std::string_view media_type = json_type;
};

/// A line of the route table: what is served, and all that OpenAPI tells of it.
struct Route {
    Route(Verb route_verb, std::string route_path, Access route_access, Handler route_handler, std::string_view route_summary);

    template <json::Described T>
    Route&& takes() && {
        request_schema = [](json::SchemaSet& set) { return set.schema_of<T>(json::SchemaSet::Use::request); };
        return std::move(*this);
    }
    /// A body that is no JSON: its media type and its schema as JSON.
    Route&& takes_form(std::string_view media_type, std::string_view schema) && {
        request_media_type = media_type;
        request_raw_schema = schema;
        return std::move(*this);
    }
    template <class T>
    Route&& gives(int status = 200, std::string_view sentence = {}) && {
        answers.push_back({status, sentence, [](json::SchemaSet& set) { return set.schema_of<T>(json::SchemaSet::Use::answer); }});
        return std::move(*this);
    }
    Route&& gives_nothing(std::string_view sentence = {}) && {
        answers.push_back({204, sentence});
        return std::move(*this);
    }
    Route&& gives_bytes(int status, std::string_view media_type, std::string_view sentence) && {
        answers.push_back({status, sentence, nullptr, media_type});
        return std::move(*this);
    }
    Route&& fails(std::initializer_list<const ErrorKind*> kinds) && {
        errors.insert(errors.end(), kinds);
        return std::move(*this);
    }
    Route&& with_query(std::initializer_list<QueryDoc> parameters) && {
        query.insert(query.end(), parameters);
        return std::move(*this);
    }
    /// Parts of the path that are neither ids nor a `seq`.
    Route&& with_path(std::initializer_list<PathDoc> parameters) && {
        path_docs.insert(path_docs.end(), parameters);
        return std::move(*this);
    }
    /// Header fields a client may send, or must.
    Route&& with_headers(std::initializer_list<HeaderDoc> fields) && {
        headers.insert(headers.end(), fields);
        return std::move(*this);
    }
    /// Header fields of one of the answers.
    Route&& answers_with(std::initializer_list<AnswerHeaderDoc> fields) && {
        answer_headers.insert(answer_headers.end(), fields);
        return std::move(*this);
    }
    Route&& tagged(std::string_view name) && {
        tag = name;
        return std::move(*this);
    }
    Route&& limited(RateClass rate) && {
        rate_class = rate;
        return std::move(*this);
    }
    Route&& streams() && {
        body_mode = BodyMode::streamed;
        return std::move(*this);
    }
    /// An open route to which a token means something all the same.
    Route&& may_be_signed_in() && {
        token_optional = true;
        return std::move(*this);
    }
    Route&& on(Listening where) && {
        listening = where;
        return std::move(*this);
    }
    /// Kept out of OpenAPI: pages and probes.
    Route&& undocumented() && {
        documented = false;
        return std::move(*this);
    }
    Route&& body_up_to(std::uint64_t bytes) && {
        max_body_bytes = bytes;
        return std::move(*this);
    }

    Verb verb;
    std::string path;  // "/api/v1/users/{user}"
    Access access;
    Handler handler;
    std::string_view summary;

    std::vector<std::string> parameter_names;  // of the path, in order
    BodyMode body_mode = BodyMode::collected;
    std::optional<std::uint64_t> max_body_bytes;  // of a collected body; else limits.json_body_bytes
    RateClass rate_class = RateClass::none;
    Listening listening = Listening::public_only;
    /// Microseconds from the head of a request to its answer.
    std::unique_ptr<Histogram> latency = std::make_unique<Histogram>();

    std::string_view tag;
    SchemaOf request_schema = nullptr;
    std::string_view request_media_type = json_type;
    std::string_view request_raw_schema;
    std::vector<AnswerDoc> answers;
    std::vector<const ErrorKind*> errors;
    std::vector<QueryDoc> query;
    std::vector<PathDoc> path_docs;
    std::vector<HeaderDoc> headers;
    std::vector<AnswerHeaderDoc> answer_headers;
    bool token_optional = false;
    bool documented = true;
};

using Routes = std::vector<Route>;

/// A handler function with the service it calls: `http::bind(post_message, chat)`. The service outlives the server.
template <class Service>
Handler bind(Task<Result<Reply>> (*function)(Service&, Call&), Service& service) {
    return [function, &service](Call& call) { return function(service, call); };
}

}  // namespace parley::http
