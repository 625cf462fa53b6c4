// SPDX-License-Identifier: Apache-2.0
#include "http/lines.hpp"

#include "http/errors.hpp"
#include "http/syntax.hpp"

#include <algorithm>
#include <array>

namespace parley::http {
namespace {

constexpr bool is_digit(char byte) noexcept { return byte >= '0' && byte <= '9'; }
constexpr bool is_hex(char byte) noexcept { return is_digit(byte) || (to_lower(byte) >= 'a' && to_lower(byte) <= 'f'); }

/// Methods are case-sensitive (RFC 9110 section 9.1).
Result<void> judge_method(std::string_view method) {
    static constexpr std::array<std::string_view, 7> served{"GET", "POST", "PATCH", "HEAD", "PUT", "DELETE", "OPTIONS"};
    if (std::ranges::find(served, method) != served.end()) return {};
    // CONNECT would make a proxy of us, TRACE would show a page what its own cookies are.
    if (method == "CONNECT" || method == "TRACE") return fail(errors::method_not_allowed);
    return fail(errors::unknown_method);
}

/// RFC 9112 section 2.3. A higher 1.x is refused as well: there is none, and who sends it expects what we do not know.
Result<std::uint8_t> judge_version(std::string_view version) {
    const bool well_formed =
        version.size() == version_bytes && version.starts_with("HTTP/") && is_digit(version[5]) && version[6] == '.' && is_digit(version[7]);
    if (!well_formed) return fail(errors::bad_request, "A request line ends with its version, such as HTTP/1.1.");
    if (version == "HTTP/1.1") return std::uint8_t{1};
    if (version == "HTTP/1.0") return std::uint8_t{0};
    return fail(errors::unsupported_version);
}

/// Only bytes that RFC 3986 has in a URL without fragment, and whole percent-encodings: what else a browser or proxy might make of "\", "#" or a
/// raw byte does not matter then.
Result<void> judge_target(std::string_view target) {
    for (auto percent = target.find('%'); percent != std::string_view::npos; percent = target.find('%')) {
        const bool whole = percent + 2 < target.size() && is_hex(target[percent + 1]) && is_hex(target[percent + 2]);
        if (!whole || !all(Bytes::target, target.substr(0, percent))) return fail(errors::bad_request, "The target is not a well-formed URL.");
        target.remove_prefix(percent + 3);
    }
    if (!all(Bytes::target, target)) return fail(errors::bad_request, "The target is not a well-formed URL.");
    return {};
}

}  // namespace

Result<RequestLine> parse_request_line(std::string_view line) {
    // RFC 9113 section 3.4: the preface of HTTP/2. Its sender would not understand that only the version is wrong.
    if (line == "PRI * HTTP/2.0") return fail(errors::bad_request, "HTTP/2 is not spoken here.");
    const auto method_end = std::min(line.find(' '), line.size());
    const auto method = line.substr(0, method_end);
    if (!is_token(method)) return fail(errors::bad_request, "A request line begins with a method.");
    const auto target_end = line.find(' ', method_end + 1);
    if (target_end == std::string_view::npos) return fail(errors::bad_request, "A request line is a method, a target and a version.");
    const auto target = line.substr(method_end + 1, target_end - method_end - 1);
    TRY(const auto minor_version, judge_version(line.substr(target_end + 1)));
    CHECK(judge_method(method));
    CHECK(judge_target(target));
    return RequestLine{method, target, minor_version};
}

Result<Field> parse_field_line(std::string_view line, const ErrorKind& kind) {
    if (line.starts_with(' ') || line.starts_with('\t')) return fail(kind, "A field is not continued on the next line.");  // RFC 9112 section 5.2
    const auto colon = std::min(line.find(':'), line.size());
    // A space before the colon is no part of the name and nothing else either (RFC 9112 section 5.1).
    if (colon == line.size() || !is_token(line.substr(0, colon))) return fail(kind, "A field is a name, a colon right behind it, and a value.");
    const auto value = line.substr(colon + 1);
    if (!all(Bytes::field_value, value)) return fail(kind, "A field holds control characters.");
    return Field{line.substr(0, colon), trim(value)};
}

}  // namespace parley::http
