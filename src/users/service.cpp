// SPDX-License-Identifier: Apache-2.0
#include "users/service.hpp"

#include "auth/errors.hpp"
#include "core/errors.hpp"
#include "users/display_name.hpp"
#include "users/errors.hpp"

#include <fmt/format.h>
#include <array>
#include <new>

namespace parley::users {
namespace {

void note(std::vector<FieldError>& errors, std::string pointer, const Error& error) {
    errors.push_back({&error.kind(), std::move(pointer), std::string{error.detail()}});
}

/// Every rule the password breaks, at `pointer`.
void note_password_rules(std::vector<FieldError>& errors, const std::string& pointer, std::string_view password, const auth::PersonalFacts& facts) {
    for (const auto* kind : auth::check_password(password, facts)) errors.push_back({kind, pointer, {}});
}

}  // namespace

User to_user(const UserRow& row) {
    const auto avatar =
        row.avatar_file_id ? std::optional{fmt::format("/api/v1/files/{}/content?inline=1", row.avatar_file_id->value)} : std::nullopt;
    return {row.id, row.username, row.display_name, avatar, row.is_bot, row.created_at};
}

OwnUser to_own_user(const UserRow& row) {
    auto user = to_user(row);
    const auto email = row.email.empty() ? std::nullopt : std::optional{row.email};
    return {user.id,     std::move(user.username), std::move(user.display_name), std::move(user.avatar_url), user.is_bot, user.created_at, email,
            row.is_admin};
}

Service::Service(storage::Database& db, ProfileCache& profiles, auth::Sessions& sessions, WorkerPool& hashing, RateLimiter* failures,
                 const NameFolder& names, const Clock& clock, Random& random, AccountSettings settings, ClaimAvatar claim_avatar)
    : db_(db),
      profiles_(profiles),
      sessions_(sessions),
      hashing_(hashing),
      failures_(failures),
      names_(names),
      clock_(clock),
      random_(random),
      settings_(settings),
      claim_avatar_(std::move(claim_avatar)),
      dummy_hash_(auth::dummy_hash(settings.argon2)) {}

Result<NewUser> Service::checked(const SignUp& draft) const {
    std::vector<FieldError> errors;
    NewUser user;
    if (auto name = parse_username(names_, draft.username)) {
        user.username = std::move(name->display);
        user.username_key = std::move(name->key);
    } else {
        note(errors, "/username", name.error());
    }
    if (auto name = clean_display_name(draft.display_name.value_or(draft.username))) user.display_name = *std::move(name);
    else if (draft.display_name) note(errors, "/display_name", name.error());
    if (draft.email && !draft.email->empty()) {
        if (auto email = parse_email(*draft.email)) user.email = *std::move(email);
        else note(errors, "/email", email.error());
    }
    note_password_rules(errors, "/password", draft.password,
                        {.username = draft.username, .display_name = draft.display_name.value_or(""), .email = draft.email.value_or("")});
    if (!errors.empty()) return fail(Error::of_fields(std::move(errors)));
    return user;
}

Task<Result<UserRow>> Service::sign_up(SignUp draft) {
    if (settings_.registration == config::Registration::closed) co_return fail(errors::registration_closed);
    if (settings_.registration == config::Registration::invite) co_return fail(errors::invite_required);
    co_return co_await create(std::move(draft), false);
}

Task<Result<UserRow>> Service::create(SignUp draft, bool is_admin) {
    CO_TRY(auto user, checked(draft));
    user.is_admin = is_admin;
    CO_TRY(user.password_hash, co_await hash(std::move(draft.password)));
    co_return co_await db_.write([&](storage::Transaction& tx) -> Result<UserRow> {
        CHECK(tx.require_room());
        if (auto row = insert_user(tx, user, clock_.now())) return *std::move(row);
        return fail(errors::username_taken);
    });
}

Task<Result<std::string>> Service::hash(std::string password) {
    std::array<std::byte, auth::password_salt_bytes> salt{};
    random_.fill(salt);
    co_return co_await hashing_.run([&]() -> Result<std::string> { return auth::hash_password(password, salt, settings_.argon2); });
}

Task<Result<bool>> Service::matches(std::string encoded, std::string password) {
    co_return co_await hashing_.run([&]() -> Result<bool> { return auth::verify_password(encoded, password); });
}

/// Counted before the password is looked at, so that guesses sent side by side do not all come before the first one's outcome.
Result<void> Service::count_failure(const std::string& counted_as) {
    if (failures_ == nullptr) return {};
    const auto verdict = failures_->take(counted_as, clock_.steady());
    if (!verdict.allowed) return fail(Error{auth::errors::too_many_failures}.with_retry_after(verdict.wait));
    return {};
}

void Service::forget_failure(const std::string& counted_as) {
    if (failures_ != nullptr) failures_->give_back(counted_as, clock_.steady());
}

Task<Result<Service::Entered>> Service::sign_in(std::string name, std::string password, auth::SessionKind kind, auth::Device device) {
    if (name.size() > max_name_key_bytes) name.clear();  // nobody's, and not worth folding on a shard
    const auto key = names_.key(name);
    const auto counted_as = fmt::format("{} {}", key, device.ip);
    CO_CHECK(count_failure(counted_as));
    CO_TRY(const auto found, co_await db_.read([&](storage::Connection& db) -> Result<std::optional<Credentials>> {
        return find_credentials(db, key, search_key(name));
    }));
    CO_TRY(const bool right, co_await matches(found ? found->password_hash : dummy_hash_, password));
    if (!found || !right) co_return fail(auth::errors::invalid_credentials);
    forget_failure(counted_as);
    if (auth::needs_rehash(found->password_hash, settings_.argon2))
        CO_CHECK(co_await rehash_if_due(found->user, found->password_hash, std::move(password)));
    co_return co_await db_.write([&](storage::Transaction& tx) -> Result<Entered> {
        auto row = find_user(tx, found->user);
        if (!row) return fail(auth::errors::invalid_credentials);
        return Entered{sessions_.begin(tx, found->user, kind, device), *std::move(row)};
    });
}

/// A hash made with cheaper parameters than today's is replaced while the password is at hand.
Task<Result<void>> Service::rehash_if_due(UserId user, std::string encoded, std::string password) {
    CO_TRY(const auto fresh, co_await hash(std::move(password)));
    co_return co_await db_.write([&](storage::Transaction& tx) -> Result<void> {
        const auto now = find_credentials(tx, user);
        if (now && now->password_hash == encoded) set_password_hash(tx, user, fresh);
        return {};
    });
}

Task<Result<Service::Entered>> Service::refresh(std::string refresh_token) {
    CO_TRY(auto tokens, co_await sessions_.refresh(std::move(refresh_token)));
    CO_TRY(auto user, co_await find(tokens.user));
    co_return Entered{std::move(tokens), std::move(user)};
}

Task<Result<void>> Service::change_password(Caller caller, PasswordChange change) {
    struct Known {
        UserRow user;
        Credentials credentials;
    };
    CO_TRY(const auto known, co_await db_.read([&](storage::Connection& db) -> Result<Known> {
        auto user = find_user(db, caller.user);
        auto credentials = find_credentials(db, caller.user);
        if (!user || !credentials) return fail(parley::errors::not_found);
        return Known{*std::move(user), *std::move(credentials)};
    }));
    const auto counted_as = fmt::format("password {}", caller.user.value);
    CO_CHECK(count_failure(counted_as));
    std::vector<FieldError> errors;
    CO_TRY(const bool right, co_await matches(known.credentials.password_hash, std::move(change.current_password)));
    if (right) forget_failure(counted_as);
    else errors.push_back({&auth::errors::wrong_password, "/current_password", {}});
    note_password_rules(errors, "/new_password", change.new_password, {known.user.username, known.user.display_name, known.user.email});
    if (!errors.empty()) co_return fail(Error::of_fields(std::move(errors)));
    CO_TRY(const auto fresh, co_await hash(std::move(change.new_password)));
    co_return co_await db_.write([&](storage::Transaction& tx) -> Result<void> {
        set_password_hash(tx, caller.user, fresh);
        sessions_.revoke_others(tx, caller.user, caller.session);
        return {};
    });
}

Task<Result<UserRow>> Service::find(UserId id) {
    if (auto known = profiles_.find(id)) co_return *std::move(known);
    const auto version = profiles_.version(id);
    CO_TRY(auto row, co_await db_.read([&](storage::Connection& db) -> Result<UserRow> {
        if (auto found = find_user(db, id)) return *std::move(found);
        return fail(parley::errors::not_found);
    }));
    profiles_.keep(row, version);
    co_return row;
}

Task<Result<bool>> Service::is_taken(std::string username) {
    if (username.size() > max_name_key_bytes) co_return false;  // as in `sign_in`
    const auto key = names_.key(username);
    co_return co_await db_.read([&](storage::Connection& db) -> Result<bool> { return find_user_by_key(db, key).has_value(); });
}

Task<Result<UserRow>> Service::change_profile(Caller caller, ProfileChange change) {
    std::vector<FieldError> errors;
    if (change.display_name) {
        if (auto name = clean_display_name(*change.display_name)) change.display_name = *std::move(name);
        else note(errors, "/display_name", name.error());
    }
    if (change.email && !change.email->empty()) {
        if (const auto email = parse_email(*change.email); !email) note(errors, "/email", email.error());
    }
    if (!errors.empty()) co_return fail(Error::of_fields(std::move(errors)));
    co_return co_await db_.write([&](storage::Transaction& tx) -> Result<UserRow> {
        auto user = find_user(tx, caller.user);
        if (!user) return fail(parley::errors::not_found);
        if (change.display_name) user->display_name = *change.display_name;
        if (change.email) user->email = *change.email;
        if (change.avatar_file_id && change.avatar_file_id != user->avatar_file_id) {
            CHECK(claim_avatar_(tx, caller.user, *change.avatar_file_id, user->avatar_file_id));
            user->avatar_file_id = change.avatar_file_id;
        }
        update_profile(tx, *user);
        tx.scrub();  // an address or a name somebody took away is gone from the disk, too
        return *std::move(user);
    });
}

}  // namespace parley::users
