// SPDX-License-Identifier: Apache-2.0
#include "users/email.hpp"

#include "users/errors.hpp"

#include "core/json/errors.hpp"
#include "core/utf8.hpp"

#include <arpa/inet.h>
#include <unicode/bytestream.h>
#include <unicode/idna.h>
#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <stdexcept>

namespace parley::users {
namespace {

constexpr bool is_alphanumeric(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool is_atom_character(char c) { return is_alphanumeric(c) || std::string_view{"!#$%&'*+-/=?^_`{|}~"}.contains(c); }
constexpr bool is_label_character(char c) { return is_alphanumeric(c) || c == '-'; }

/// RFC 5322 section 3.2.3: atoms with single dots between them.
bool is_dot_atom(std::string_view text) {
    char before = '.';
    for (const char c : text) {
        if (c == '.' ? before == '.' : !is_atom_character(c)) return false;
        before = c;
    }
    return before != '.';
}

/// RFC 5322 section 3.2.4: visible characters in quotes; a space, quote or backslash after a backslash only.
bool is_quoted_string(std::string_view text) {
    if (text.size() < 2 || !text.starts_with('"') || !text.ends_with('"')) return false;
    text = text.substr(1, text.size() - 2);
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool escaped = text[i] == '\\';
        if (escaped && ++i == text.size()) return false;
        const char lowest = escaped ? ' ' : '!';
        if (text[i] < lowest || text[i] > '~' || (!escaped && text[i] == '"')) return false;
    }
    return true;
}

/// RFC 1034 section 3.5: letters, digits, and hyphens inside.
bool is_label(std::string_view text) {
    return !text.empty() && text.size() <= 63 && std::ranges::all_of(text, is_label_character) && text.front() != '-' && text.back() != '-';
}

/// At least two labels; Django lets the last begin with a hyphen.
bool is_domain_name(std::string_view text) {
    const auto last_dot = text.rfind('.');
    if (last_dot == std::string_view::npos) return false;
    const auto top = text.substr(last_dot + 1);
    if (top.size() < 2 || top.size() > 63 || top.back() == '-' || !std::ranges::all_of(top, is_label_character)) return false;
    for (auto rest = text.substr(0, last_dot);;) {
        const auto dot = rest.find('.');
        if (!is_label(rest.substr(0, dot))) return false;
        if (dot == std::string_view::npos) return true;
        rest.remove_prefix(dot + 1);
    }
}

/// RFC 5321 section 4.1.3, as Django reads it: an address in brackets, without the tag `IPv6:`.
bool is_address_literal(std::string_view text) {
    if (text.size() < 2 || !text.starts_with('[') || !text.ends_with(']')) return false;
    const std::string address{text.substr(1, text.size() - 2)};
    std::array<unsigned char, sizeof(in6_addr)> bytes;
    return !address.contains('\0') &&
           (::inet_pton(AF_INET, address.c_str(), bytes.data()) == 1 || ::inet_pton(AF_INET6, address.c_str(), bytes.data()) == 1);
}

/// A domain in international characters in its ASCII form (UTS #46); empty if it has none. Transitional, and with hyphens judged afterwards by
/// `is_domain_name`, as in Python's IDNA 2003; its rule for right-to-left labels is that of RFC 5893, which lets them end in a digit.
std::string ascii_domain(std::string_view domain) {
    constexpr std::uint32_t options = UIDNA_CHECK_BIDI;
    constexpr std::uint32_t hyphens = UIDNA_ERROR_LEADING_HYPHEN | UIDNA_ERROR_TRAILING_HYPHEN | UIDNA_ERROR_HYPHEN_3_4;
    UErrorCode code = U_ZERO_ERROR;
    const std::unique_ptr<icu::IDNA> idna{icu::IDNA::createUTS46Instance(options, code)};
    icu::IDNAInfo info;
    std::string ascii;
    icu::StringByteSink<std::string> sink{&ascii};
    if (U_SUCCESS(code)) idna->nameToASCII_UTF8({domain.data(), static_cast<std::int32_t>(domain.size())}, sink, info, code);
    if (U_FAILURE(code)) throw std::runtime_error(std::string{"ICU: "} + u_errorName(code));
    return (info.getErrors() & ~hyphens) == 0 ? ascii : std::string{};
}

bool is_domain(std::string_view domain) {
    if (domain == "localhost" || is_domain_name(domain) || is_address_literal(domain)) return true;
    const bool international = std::ranges::any_of(domain, [](char c) { return static_cast<unsigned char>(c) > 0x7F; });
    return international && is_domain_name(ascii_domain(domain));
}

}  // namespace

bool is_email(std::string_view text) {
    const auto at = text.rfind('@');
    if (at == std::string_view::npos || !is_utf8(text)) return false;
    const auto local = text.substr(0, at);
    return (is_dot_atom(local) || is_quoted_string(local)) && is_domain(text.substr(at + 1));
}

Result<std::string> parse_email(std::string_view text) {
    if (text.size() > max_email_bytes) return fail(json::errors::too_long);
    if (!is_email(text)) return fail(errors::invalid_email);
    return std::string{text};
}

}  // namespace parley::users
