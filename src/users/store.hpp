// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/transaction.hpp"
#include "users/names.hpp"
#include "users/types.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parley::users {

struct NewUser {
    std::string username, username_key, display_name, email, password_hash;
    bool is_admin = false;
};
/// Nothing if the name, or one that looks like it, is taken.
std::optional<UserRow> insert_user(storage::Transaction& tx, const NewUser& user, Timestamp now);

std::optional<UserRow> find_user(storage::Connection& db, UserId id);
std::optional<UserRow> find_user_by_key(storage::Connection& db, std::string_view username_key);

/// Folds the keys of all users anew. A name that would now collide with another keeps its old key.
void refold_keys(storage::Transaction& tx, const NameFolder& names);

/// Who may sign in, and what their password is checked against.
struct Credentials {
    UserId user;
    std::string password_hash;
};
/// By the key of a username; else by an e-mail address in any case, if it stands on one account only.
std::optional<Credentials> find_credentials(storage::Connection& db, std::string_view username_key, std::string_view email_folded);
std::optional<Credentials> find_credentials(storage::Connection& db, UserId id);

void set_password_hash(storage::Transaction& tx, UserId id, std::string_view password_hash);
/// Announces ProfileChanged.
void update_profile(storage::Transaction& tx, const UserRow& user);

/// Users whose username begins with a folded prefix, after (`after`, `after_id`) in order of name and id.
struct FoundUser {
    UserRow user;
    std::string folded;
};
struct SearchPosition {
    std::string folded;
    UserId id;
};
std::vector<FoundUser> users_by_username(storage::Connection& db, std::string_view prefix, std::string_view prefix_end, const SearchPosition& after,
                                         std::int64_t limit);
/// The same by display name, without those whose username matches too.
std::vector<FoundUser> users_by_display_name(storage::Connection& db, std::string_view prefix, std::string_view prefix_end,
                                             const SearchPosition& after, std::int64_t limit);

}  // namespace parley::users
