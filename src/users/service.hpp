// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "auth/password_hash.hpp"
#include "auth/sessions.hpp"
#include "config/config.hpp"
#include "core/rate_limiter.hpp"
#include "core/worker_pool.hpp"
#include "users/names.hpp"
#include "users/profile_cache.hpp"
#include "users/store.hpp"
#include "users/types.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace parley::users {

/// Makes a file of the user's the picture everybody may see, and lets go of the one before; inside the caller's transaction.
/// Errors, at /avatar_file_id: the file's own.
using ClaimAvatar = std::function<Result<void>(storage::Transaction& tx, UserId user, FileId file, std::optional<FileId> before)>;

struct AccountSettings {
    config::Registration registration = config::Registration::open;
    auth::Argon2Params argon2;
};

/// A found page of users and where the next one begins.
struct UserPage {
    std::vector<User> items;
    std::optional<std::string> next;  // a position for `search`
};

/// Accounts: signing up and in, profile, password, search.
class Service {
public:
    /// `hashing` is as wide as the cores and has a short queue: a flood of sign-ins is answered `overloaded`.
    /// `profiles` hears of every commit.
    /// `failures` counts failed sign-ins by account and address; null where rate limits are off.
    Service(storage::Database& db, ProfileCache& profiles, auth::Sessions& sessions, WorkerPool& hashing, RateLimiter* failures,
            const NameFolder& names, const Clock& clock, Random& random, AccountSettings settings, ClaimAvatar claim_avatar);

    /// Errors: registration_closed, invite_required, username_taken, broken fields (each broken password rule among them), overloaded.
    Task<Result<UserRow>> sign_up(SignUp draft);
    /// The command line's sign-up: no closed registration keeps it out. Errors: as above.
    Task<Result<UserRow>> create(SignUp draft, bool is_admin);

    struct Entered {
        auth::TokenPair tokens;
        UserRow user;
    };
    /// Same answer and same time for an unknown user as for a wrong password. Errors: invalid_credentials, too_many_failures, overloaded.
    Task<Result<Entered>> sign_in(std::string name, std::string password, auth::SessionKind kind, auth::Device device);
    Task<Result<Entered>> refresh(std::string refresh_token);

    /// Ends every other session of the user. Errors: at /current_password wrong_password, at /new_password the rules; overloaded.
    Task<Result<void>> change_password(Caller caller, PasswordChange change);

    Task<Result<UserRow>> find(UserId id);
    /// Whether somebody has this username, or one that looks like it.
    Task<Result<bool>> is_taken(std::string username);
    Task<Result<UserRow>> change_profile(Caller caller, ProfileChange change);
    /// Users by prefix of username, then by prefix of display name; all if the prefix is empty.
    Task<Result<UserPage>> search(std::string prefix, std::optional<std::string> after, std::int64_t limit);

private:
    Result<void> count_failure(const std::string& counted_as);
    void forget_failure(const std::string& counted_as);
    Result<NewUser> checked(const SignUp& draft) const;
    Task<Result<std::string>> hash(std::string password);
    Task<Result<bool>> matches(std::string encoded, std::string password);
    Task<Result<void>> rehash_if_due(UserId user, std::string encoded, std::string password);

    storage::Database& db_;
    ProfileCache& profiles_;
    auth::Sessions& sessions_;
    WorkerPool& hashing_;
    RateLimiter* failures_;
    const NameFolder& names_;
    const Clock& clock_;
    Random& random_;
    const AccountSettings settings_;
    const ClaimAvatar claim_avatar_;
    const std::string dummy_hash_;
};

}  // namespace parley::users
