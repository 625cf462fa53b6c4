// SPDX-License-Identifier: Apache-2.0
#include "auth/access_token.hpp"

#include "auth/errors.hpp"

#include "core/encoding.hpp"
#include "core/json/document.hpp"
#include "core/json/writer.hpp"

#include <charconv>
#include <chrono>
#include <optional>
#include <set>
#include <utility>

namespace parley::auth {
namespace {

using std::chrono::seconds;

constexpr std::string_view issuer = "parley";
constexpr std::string_view operator_subject = "operator";

constexpr std::string_view type_of(TokenKind kind) { return kind == TokenKind::access ? "at+jwt" : "parley-control+jwt"; }
constexpr std::string_view audience_of(TokenKind kind) { return kind == TokenKind::access ? "parley" : "parley-control"; }

std::int64_t whole_seconds(Timestamp at) { return std::chrono::floor<seconds>(at.time_since_epoch()).count(); }

std::string header_text(const SigningKey& key, TokenKind kind) {
    std::string text;
    json::Writer{text}.begin_object().key("alg").string("EdDSA").key("kid").string(key.id()).key("typ").string(type_of(kind)).end_object();
    return text;
}

void write_subject(json::Writer& out, const Claims& claims) {
    if (claims.kind == TokenKind::control) {
        out.key("sub").string(operator_subject);
        return;
    }
    out.key("sub").string(std::to_string(claims.user.value)).key("sid").string(std::to_string(claims.session.value));
    // What SimpleJWT puts into the origin's access tokens: its clients decode them and look for it. Nothing here reads it.
    out.key("token_type").string("access").key("user_id").integer(claims.user.value);
}

std::string payload_text(const Claims& claims, Random& random) {
    const auto issued_at = whole_seconds(claims.issued_at);
    std::string text;
    json::Writer out{text};
    out.begin_object().key("iss").string(issuer).key("aud").string(audience_of(claims.kind));
    write_subject(out, claims);
    out.key("jti").string(random.name()).key("iat").integer(issued_at).key("nbf").integer(issued_at);
    out.key("exp").integer(whole_seconds(claims.expires_at)).end_object();
    return text;
}

/// The three parts of JWS compact serialization (RFC 7515 section 7.1), still encoded.
struct Parts {
    std::string_view header, payload, signature;
    std::string_view signed_part;  // header, dot, payload
};

std::optional<Parts> split(std::string_view token) {
    const auto first = token.find('.');
    const auto last = token.rfind('.');
    if (first == last || token.find('.', first + 1) != last) return std::nullopt;
    return Parts{token.substr(0, first), token.substr(first + 1, last - first - 1), token.substr(last + 1), token.substr(0, last)};
}

/// The object in one part of a token, each of its members once.
class Object {
public:
    bool read(std::string_view part) {
        const auto text = base64url_decode(part);
        if (!text || !document_.parse(*text) || document_.root().kind() != json::Kind::object) return false;
        std::set<std::string_view> names;
        for (const auto member : document_.root()) {
            if (!names.insert(member.key()).second) return false;
        }
        return true;
    }

    std::size_t size() const { return document_.root().size(); }
    /// Nothing too if the member is there with another type.
    std::optional<std::string_view> string(std::string_view name) const {
        const auto member = find(name, json::Kind::string);
        return member ? std::optional{member->string()} : std::nullopt;
    }
    std::optional<std::int64_t> integer(std::string_view name) const {
        const auto member = find(name, json::Kind::integer);
        return member ? std::optional{member->integer()} : std::nullopt;
    }

private:
    std::optional<json::Value> find(std::string_view name, json::Kind kind) const {
        for (const auto member : document_.root()) {
            if (member.key() == name && member.kind() == kind) return member;
        }
        return std::nullopt;
    }

    json::Document document_;
};

/// The key a header names, if it is one of ours and the header says what ours say and nothing else. So there is no `alg` to choose, no `jwk`,
/// `jku`, `x5u` or `x5c` to follow, and no `crit` or `b64` to heed (RFC 8725 sections 3.1 and 3.10).
std::shared_ptr<const SigningKey> key_of_header(const KeyRing& ring, std::string_view part, TokenKind expected) {
    Object header;
    if (!header.read(part) || header.size() != 3) return nullptr;
    if (header.string("alg") != "EdDSA" || header.string("typ") != type_of(expected)) return nullptr;
    const auto id = header.string("kid");
    return id ? ring.find(*id) : nullptr;
}

bool has_good_signature(const SigningKey& key, const Parts& parts) {
    const auto signature = base64url_decode(parts.signature);
    return signature && key.verify(parts.signed_part, *signature);
}

/// A time in whole seconds, up to the end of year 9999, beyond which microseconds would overflow.
std::optional<Timestamp> time_of(const Object& payload, std::string_view name) {
    const auto value = payload.integer(name);
    if (!value || *value < 0 || *value > 253'402'300'799) return std::nullopt;
    return Timestamp{seconds{*value}};
}

/// An id in decimal as `std::to_string` writes it: no sign, no leading zero.
template <class IdType>
std::optional<IdType> id_of(const Object& payload, std::string_view name) {
    const auto text = payload.string(name);
    IdType id;
    if (!text || text->empty() || text->front() < '1' || text->front() > '9') return std::nullopt;
    const auto [end, code] = std::from_chars(text->data(), text->data() + text->size(), id.value);
    if (code != std::errc{} || end != text->data() + text->size() || id.value > max_id) return std::nullopt;
    return id;
}

/// Who the token is for, where it is of the kind that has a user.
bool read_subject(const Object& payload, Claims& claims) {
    if (claims.kind == TokenKind::control) return payload.string("sub") == operator_subject;
    const auto user = id_of<UserId>(payload, "sub");
    const auto session = id_of<SessionId>(payload, "sid");
    if (!user || !session) return false;
    claims.user = *user;
    claims.session = *session;
    return true;
}

bool read_times(const Object& payload, Timestamp now, Claims& claims) {
    constexpr seconds skew{60};  // clocks of several nodes differ (trust.md section 5)
    const auto issued_at = time_of(payload, "iat"), not_before = time_of(payload, "nbf"), expires_at = time_of(payload, "exp");
    if (!issued_at || !not_before || !expires_at) return false;
    claims.issued_at = *issued_at;
    claims.expires_at = *expires_at;
    return *issued_at <= now + skew && *not_before <= now + skew;
}

}  // namespace

std::string issue_token(const KeyRing& ring, const Claims& claims, Random& random) {
    const auto key = ring.newest();
    auto token = base64url_encode(header_text(*key, claims.kind)) + '.' + base64url_encode(payload_text(claims, random));
    const auto signature = key->sign(token);
    return token += '.' + base64url_encode(signature);
}

Result<Claims> verify_token(const KeyRing& ring, std::string_view token, Timestamp now, TokenKind expected) {
    const auto parts = token.size() <= max_token_bytes ? split(token) : std::nullopt;
    if (!parts) return fail(errors::invalid_token);
    const auto key = key_of_header(ring, parts->header, expected);
    if (!key || !has_good_signature(*key, *parts)) return fail(errors::invalid_token);

    // From here on the text is ours.
    Object payload;
    Claims claims{.kind = expected};
    const bool ours = payload.read(parts->payload) && payload.string("iss") == issuer && payload.string("aud") == audience_of(expected) &&
                      payload.string("jti") && read_subject(payload, claims) && read_times(payload, now, claims);
    if (!ours) return fail(errors::invalid_token);
    if (now >= claims.expires_at) return fail(errors::token_expired);
    return claims;
}

}  // namespace parley::auth
