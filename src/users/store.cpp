// SPDX-License-Identifier: Apache-2.0
#include "users/store.hpp"

#include "users/announcements.hpp"
#include "users/names.hpp"

#include <fmt/format.h>
#include <memory>

namespace parley::users {
namespace {

constexpr std::string_view columns = "u.id, u.username, u.display_name, u.email, u.is_admin, u.is_bot, u.avatar_file_id, u.created_at_us";

/// A found row with the folded name it was found by.
struct Found {
    UserId id;
    std::string username, display_name, email;
    bool is_admin, is_bot;
    std::optional<FileId> avatar_file_id;
    Timestamp created_at;
    std::string folded;
};

std::vector<FoundUser> to_found(std::vector<Found> rows) {
    std::vector<FoundUser> users;
    users.reserve(rows.size());
    for (auto& row : rows) {
        users.push_back({{row.id, std::move(row.username), std::move(row.display_name), std::move(row.email), row.is_admin, row.is_bot,
                          row.avatar_file_id, row.created_at},
                         std::move(row.folded)});
    }
    return users;
}

}  // namespace

std::optional<UserRow> insert_user(storage::Transaction& tx, const NewUser& user, Timestamp now) {
    const auto id = tx.row<UserId>(
        "INSERT INTO users (username, username_key, username_folded, display_name, display_name_folded, email, email_folded, password_hash, "
        "is_admin, created_at_us) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (username_key) DO NOTHING RETURNING id",
        user.username, user.username_key, search_key(user.username), user.display_name, search_key(user.display_name), user.email,
        search_key(user.email), user.password_hash, user.is_admin, now);
    if (!id) return std::nullopt;
    return find_user(tx, *id);
}

std::optional<UserRow> find_user(storage::Connection& db, UserId id) {
    static const auto sql = fmt::format("SELECT {} FROM users u WHERE u.id = $1", columns);
    return db.row<UserRow>(sql, id);
}

std::optional<UserRow> find_user_by_key(storage::Connection& db, std::string_view username_key) {
    static const auto sql = fmt::format("SELECT {} FROM users u WHERE u.username_key = $1", columns);
    return db.row<UserRow>(sql, username_key);
}

void refold_keys(storage::Transaction& tx, const NameFolder& names) {
    struct Named {
        UserId id;
        std::string username;
    };
    constexpr std::int64_t slice = 1000;
    for (UserId last;;) {
        const auto users = tx.rows<Named>("SELECT id, username FROM users WHERE id > $1 ORDER BY id LIMIT $2", last, slice);
        if (users.empty()) return;
        for (const auto& user : users) {
            const auto key = names.key(user.username);
            const auto holder = find_user_by_key(tx, key);
            if (!holder) tx.run("UPDATE users SET username_key = $2 WHERE id = $1", user.id, key);
            last = user.id;
        }
    }
}

std::optional<Credentials> find_credentials(storage::Connection& db, std::string_view username_key, std::string_view email_folded) {
    if (auto found = db.row<Credentials>("SELECT id, password_hash FROM users WHERE username_key = $1", username_key)) return found;
    if (email_folded.find('@') == std::string_view::npos) return std::nullopt;
    auto found = db.rows<Credentials>("SELECT id, password_hash FROM users WHERE email_folded = $1 ORDER BY id LIMIT 2", email_folded);
    if (found.size() != 1) return std::nullopt;
    return std::move(found.front());
}

std::optional<Credentials> find_credentials(storage::Connection& db, UserId id) {
    return db.row<Credentials>("SELECT id, password_hash FROM users WHERE id = $1", id);
}

void set_password_hash(storage::Transaction& tx, UserId id, std::string_view password_hash) {
    tx.run("UPDATE users SET password_hash = $2 WHERE id = $1", id, password_hash);
}

void update_profile(storage::Transaction& tx, const UserRow& user) {
    tx.run("UPDATE users SET display_name = $2, display_name_folded = $3, email = $4, email_folded = $5, avatar_file_id = $6 WHERE id = $1", user.id,
           user.display_name, search_key(user.display_name), user.email, search_key(user.email), user.avatar_file_id);
    tx.announce(std::make_unique<ProfileChanged>(user.id));
}

std::vector<FoundUser> users_by_username(storage::Connection& db, std::string_view prefix, std::string_view prefix_end, const SearchPosition& after,
                                         std::int64_t limit) {
    static const auto sql = fmt::format(
        "SELECT {}, u.username_folded FROM users u WHERE u.username_folded >= $1 AND u.username_folded < $2 "
        "AND (u.username_folded, u.id) > ($3, $4) ORDER BY u.username_folded, u.id LIMIT $5",
        columns);
    return to_found(db.rows<Found>(sql, prefix, prefix_end, after.folded, after.id, limit));
}

std::vector<FoundUser> users_by_display_name(storage::Connection& db, std::string_view prefix, std::string_view prefix_end,
                                             const SearchPosition& after, std::int64_t limit) {
    static const auto sql = fmt::format(
        "SELECT {}, u.display_name_folded FROM users u WHERE u.display_name_folded >= $1 AND u.display_name_folded < $2 "
        "AND (u.display_name_folded, u.id) > ($3, $4) AND NOT (u.username_folded >= $1 AND u.username_folded < $2) "
        "ORDER BY u.display_name_folded, u.id LIMIT $5",
        columns);
    return to_found(db.rows<Found>(sql, prefix, prefix_end, after.folded, after.id, limit));
}

}  // namespace parley::users
