// SPDX-License-Identifier: Apache-2.0
#include "http/head_rules.hpp"

#include "http/errors.hpp"
#include "http/host.hpp"
#include "http/syntax.hpp"

#include <charconv>
#include <limits>

namespace parley::http {
namespace {

/// The fields with a say in how a request is read.
enum class Name : std::uint8_t { other, host, expect, connection, authorization, content_length, content_encoding, transfer_encoding };

/// No two of the names are equally long, so one comparison is enough.
Name name_of(std::string_view text) noexcept {
    const auto either = [&](std::string_view lower_case, Name name) { return equal_ignoring_case(text, lower_case) ? name : Name::other; };
    switch (text.size()) {
        case 4: return either("host", Name::host);
        case 6: return either("expect", Name::expect);
        case 10: return either("connection", Name::connection);
        case 13: return either("authorization", Name::authorization);
        case 14: return either("content-length", Name::content_length);
        case 16: return either("content-encoding", Name::content_encoding);
        case 17: return either("transfer-encoding", Name::transfer_encoding);
        default: return Name::other;
    }
}

/// The rules that need more than one line: collects the fields that matter, then judges them together.
class Rules {
public:
    explicit Rules(Head& head) : head_(head) {}

    Result<void> apply() {
        for (const auto& field : head_.fields) CHECK(collect(field));
        CHECK(judge_framing());
        CHECK(judge_host());
        CHECK(judge_target());
        CHECK(judge_body());
        head_.keep_alive = !close_ && (head_.minor_version == 1 || keep_alive_);
        return {};
    }

private:
    using Value = std::optional<std::string_view>;

    Result<void> collect(const Field& field) {
        switch (name_of(field.name)) {
            case Name::other: return {};
            case Name::host: return once(host_, field, errors::bad_host);
            case Name::expect: return once(expect_, field, errors::expectation_failed);
            case Name::connection: return collect_connection(field.value);
            case Name::authorization: return once(authorization_, field, errors::bad_request);
            case Name::content_length: return once(content_length_, field, errors::bad_request);
            case Name::transfer_encoding: return once(transfer_encoding_, field, errors::bad_request);
            case Name::content_encoding: compressed_ |= !equal_ignoring_case(field.value, "identity"); return {};
        }
        return {};
    }

    /// Two of them are refused even when they are equal (RFC 9110 section 8.6 would allow it for Content-Length): someone else may read the other.
    static Result<void> once(Value& slot, const Field& field, const ErrorKind& kind) {
        if (slot) return fail(kind, "A field that may be given once is given twice.");
        slot = field.value;
        return {};
    }

    /// RFC 9110 section 7.6.1.
    Result<void> collect_connection(std::string_view list) {
        while (!list.empty()) {
            const auto option = take_until(',', list);
            if (!all(Bytes::token, option)) return fail(errors::bad_request, "Connection is a list of names.");
            close_ |= equal_ignoring_case(option, "close");
            keep_alive_ |= equal_ignoring_case(option, "keep-alive");
        }
        return {};
    }

    /// RFC 9112 section 6.3, without the repairs it allows.
    Result<void> judge_framing() {
        head_.framing = Framing::none;
        head_.content_length = 0;
        if (transfer_encoding_ && content_length_) return fail(errors::bad_request, "Content-Length and Transfer-Encoding exclude each other.");
        if (transfer_encoding_) return judge_transfer_encoding(*transfer_encoding_);
        if (content_length_) return judge_content_length(*content_length_);
        return {};
    }

    Result<void> judge_content_length(std::string_view digits) {
        constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
        const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), head_.content_length);
        if (code != std::errc{} || end != digits.data() + digits.size() || head_.content_length > most)
            return fail(errors::bad_request, "Content-Length is a number below 2^63, in digits only.");
        head_.framing = Framing::content_length;
        return {};
    }

    Result<void> judge_transfer_encoding(std::string_view codings) {
        // RFC 9112 section 6.1: a client of HTTP/1.0 did not mean it, and an old proxy before us did not see it.
        if (head_.minor_version == 0) return fail(errors::bad_request, "HTTP/1.0 has no Transfer-Encoding.");
        head_.framing = Framing::chunked;
        if (equal_ignoring_case(codings, "chunked")) return {};
        for (bool chunked = false;;) {
            const auto coding = take_until(',', codings);
            if (chunked || !is_token(coding)) return fail(errors::bad_request, "In Transfer-Encoding, chunked comes last and once.");
            if (codings.empty()) return fail(errors::unknown_transfer_coding);
            chunked = equal_ignoring_case(coding, "chunked");
        }
    }

    /// RFC 9112 section 3.2.
    Result<void> judge_host() {
        head_.host = host_.value_or("");
        if (!host_) return head_.minor_version == 0 ? Result<void>{} : fail(errors::bad_host);
        if (!view_host(*host_)) return fail(errors::bad_host);
        return {};
    }

    Result<void> judge_target() {
        if (head_.target.starts_with('/')) return {};
        if (head_.target == "*" && head_.method == "OPTIONS") return {};
        if (head_.target.size() > 7 && equal_ignoring_case(head_.target.substr(0, 7), "http://")) return judge_absolute(7, 80);
        if (head_.target.size() > 8 && equal_ignoring_case(head_.target.substr(0, 8), "https://")) return judge_absolute(8, 443);
        return fail(errors::bad_request, "The target is a path.");
    }

    /// RFC 9112 section 3.2.2: the authority of an absolute target counts, and Host does not. A proxy may have looked at the other one, so they
    /// must agree.
    Result<void> judge_absolute(std::size_t authority_at, std::uint16_t default_port) {
        const auto slash = head_.target.find('/', authority_at);
        const auto text = head_.target.substr(authority_at, slash == std::string_view::npos ? slash : slash - authority_at);
        const auto authority = parse_host(text);
        if (!authority) return fail(errors::bad_host);
        if (const auto host = parse_host(head_.host); host) {
            const bool same_port = host->port.value_or(default_port) == authority->port.value_or(default_port);
            if (host->name != authority->name || !same_port) return fail(errors::misdirected);
        }
        head_.host = text;
        // No path means "/" (RFC 9110 section 4.2.3); there is one right before the authority, among the bytes that all views point into.
        head_.target = slash == std::string_view::npos ? head_.target.substr(authority_at - 1, 1) : head_.target.substr(slash);
        return {};
    }

    Result<void> judge_body() {
        if (compressed_ && head_.has_body()) return fail(errors::unsupported_content_coding);
        if (expect_ && !equal_ignoring_case(*expect_, "100-continue")) return fail(errors::expectation_failed);
        // RFC 9110 section 10.1.1: to be ignored in HTTP/1.0.
        head_.expects_continue = expect_.has_value() && head_.has_body() && head_.minor_version == 1;
        return {};
    }

    Head& head_;
    Value host_, expect_, authorization_, content_length_, transfer_encoding_;
    bool close_ = false, keep_alive_ = false, compressed_ = false;
};

}  // namespace

Result<void> apply_rules(Head& head) { return Rules{head}.apply(); }

}  // namespace parley::http
