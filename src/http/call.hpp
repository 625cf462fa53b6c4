// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/caller.hpp"
#include "core/ids.hpp"
#include "core/json/read.hpp"
#include "core/result.hpp"
#include "core/task.hpp"
#include "http/address.hpp"
#include "http/body.hpp"
#include "http/head.hpp"
#include "http/url.hpp"
#include "http/verb.hpp"
#include "net/shard.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace parley::http {

struct Route;

/// One request on its way through the middleware to its handler. It owns the bytes of its head and stays where it is until it is answered.
class Call {
public:
    /// Copies the head's bytes, which stand in a buffer that is about to be used again.
    Call(const Head& head, net::Shard& shard, const Address& peer);
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;

    Verb verb() const noexcept { return verb_; }
    const Head& head() const noexcept { return head_; }
    Target target() const noexcept { return target_; }
    net::Shard& shard() const noexcept { return shard_; }
    /// The value of a header field, its name in lower case; empty if it is not there.
    std::string_view header(std::string_view lower_case_name) const noexcept { return head_.find(lower_case_name).value_or(std::string_view{}); }

    /// A part of the path as an id. Error: not_found, because nothing has an id that is none.
    template <class IdType>
    Result<IdType> path(std::string_view name) const {
        TRY(const auto number, positive(name));
        return IdType{number};
    }
    /// A part of the path as a position. Error: not_found.
    Result<Seq> path_seq(std::string_view name) const { return positive(name); }
    /// A part of the path, decoded.
    std::string_view path_text(std::string_view name) const noexcept;

    /// A query parameter, decoded. Errors: bad_query, also when it is given twice.
    Result<std::optional<std::string>> query(std::string_view name) const;
    /// A query parameter as a number. Error: bad_query, if it is none or outside [least, most].
    Result<std::optional<std::int64_t>> query_number(std::string_view name, std::int64_t least, std::int64_t most) const;

    /// The JSON body as a described type. Errors: not_json (415), those of json/errors.hpp.
    template <json::Described T>
    Result<T> body() {
        CHECK(parse_json());
        return json::read<T>(document_);
    }
    const std::string& raw_body() const noexcept { return raw_body_; }
    /// Of a route that streams its body: the pieces as they arrive.
    Body& stream() noexcept { return *stream_; }

    /// Who is calling; only on routes for the signed in.
    const Caller& caller() const noexcept { return *caller_; }
    const std::optional<Caller>& maybe_caller() const noexcept { return caller_; }

    const std::string& request_id() const noexcept { return request_id_; }
    /// The client's address, as the trusted proxies tell it.
    const Address& client() const noexcept { return client_; }
    std::string_view user_agent() const noexcept { return header("user-agent").substr(0, 300); }

    // For the server and its middleware.

    const Route* route = nullptr;
    const Path& decoded_path() const noexcept { return path_; }
    Result<void> decode_path() { return path_.decode(target_.path); }
    void set_parameters(std::vector<std::string_view> values) { parameters_ = std::move(values); }
    void set_caller(Caller caller) { caller_ = caller; }
    void set_request_id(std::string id) { request_id_ = std::move(id); }
    void set_client(Address client) { client_ = client; }
    std::string& mutable_body() noexcept { return raw_body_; }
    void set_stream(Body& stream) noexcept { stream_ = &stream; }
    const Address& peer() const noexcept { return peer_; }
    Moment started() const noexcept { return started_; }
    /// Header fields for the answer, whatever it will be.
    std::vector<std::pair<std::string_view, std::string>> reply_headers;

private:
    Result<std::int64_t> positive(std::string_view name) const;
    Result<void> parse_json();

    std::string head_bytes_;
    Head head_;
    Target target_;
    Verb verb_;
    net::Shard& shard_;
    Address peer_, client_;
    Path path_;
    std::vector<std::string_view> parameters_;
    std::string raw_body_;
    json::Document document_;
    Body* stream_ = nullptr;
    std::optional<Caller> caller_;
    std::string request_id_;
    Moment started_;
};

}  // namespace parley::http
