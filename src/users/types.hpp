// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "auth/password_rules.hpp"
#include "core/ids.hpp"
#include "core/json/fields.hpp"
#include "core/time.hpp"
#include "users/email.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

namespace parley::users {

/// A user as it is stored, without the password.
struct UserRow {
    UserId id;
    std::string username;
    std::string display_name;
    std::string email;  // empty: none
    bool is_admin = false;
    bool is_bot = false;
    std::optional<FileId> avatar_file_id;
    Timestamp created_at;
};

/// A user as others see them.
struct User {
    UserId id;
    std::string username;
    std::string display_name;
    std::optional<std::string> avatar_url;
    bool is_bot = false;
    Timestamp created_at;

    static constexpr std::string_view schema_name = "User";
    static constexpr std::string_view page_schema_name = "UserPage";
    static constexpr auto fields = std::tuple{json::Field{"id", &User::id, "The user."},
                                              json::Field{"username", &User::username, "The name one signs in with and is mentioned by."},
                                              json::Field{"display_name", &User::display_name, "The name that is shown."},
                                              json::Field{"avatar_url", &User::avatar_url, "The picture, relative to this server."},
                                              json::Field{"is_bot", &User::is_bot, "Whether a program speaks."},
                                              json::Field{"created_at", &User::created_at, "When the account was made."}};
};

/// A user as they see themselves.
struct OwnUser {
    UserId id;
    std::string username;
    std::string display_name;
    std::optional<std::string> avatar_url;
    bool is_bot = false;
    Timestamp created_at;
    std::optional<std::string> email;
    bool is_admin = false;

    static constexpr std::string_view schema_name = "OwnUser";
    static constexpr auto fields = std::tuple{json::Field{"id", &OwnUser::id, "The user."},
                                              json::Field{"username", &OwnUser::username, "The name one signs in with and is mentioned by."},
                                              json::Field{"display_name", &OwnUser::display_name, "The name that is shown."},
                                              json::Field{"avatar_url", &OwnUser::avatar_url, "The picture, relative to this server."},
                                              json::Field{"is_bot", &OwnUser::is_bot, "Whether a program speaks."},
                                              json::Field{"created_at", &OwnUser::created_at, "When the account was made."},
                                              json::Field{"email", &OwnUser::email, "The e-mail address; only oneself and administrators see it."},
                                              json::Field{"is_admin", &OwnUser::is_admin, "Whether this user administers the server."}};
};

User to_user(const UserRow& row);
OwnUser to_own_user(const UserRow& row);

struct SignUp {
    std::string username;
    std::string password;
    std::optional<std::string> email;
    std::optional<std::string> display_name;

    static constexpr std::string_view schema_name = "SignUp";
    static constexpr auto fields = std::tuple{
        json::Field{"username", &SignUp::username,
                    "1 to 150 letters, digits and _ . @ + - of any script; unique without regard to case and look-alikes."},
        json::Field{"password", &SignUp::password, "8 to 256 characters; not common, not all digits, not like the names or the e-mail address."},
        json::Field{"email", &SignUp::email, "An e-mail address.", json::Limits{.max_bytes = max_email_bytes}},
        json::Field{"display_name", &SignUp::display_name, "The name that is shown; the username if left out."}};
};

struct SignIn {
    std::string username;
    std::string password;
    std::optional<std::string> otp;

    static constexpr std::string_view schema_name = "SignIn";
    static constexpr auto fields =
        std::tuple{json::Field{"username", &SignIn::username, "The username, or an e-mail address that stands on one account only."},
                   json::Field{"password", &SignIn::password, "The password."},
                   json::Field{"otp", &SignIn::otp, "A one-time code, where the account asks for one."}};
};

struct RefreshRequest {
    std::string refresh_token;

    static constexpr std::string_view schema_name = "RefreshRequest";
    static constexpr auto fields =
        std::tuple{json::Field{"refresh_token", &RefreshRequest::refresh_token, "The refresh token; it is good for this one time."}};
};

struct SignedIn {
    std::string access_token;
    std::string refresh_token;
    std::string token_type = "Bearer";
    std::int64_t expires_in = 0;
    OwnUser user;

    static constexpr std::string_view schema_name = "SignedIn";
    static constexpr auto fields = std::tuple{json::Field{"access_token", &SignedIn::access_token, "For the Authorization header."},
                                              json::Field{"refresh_token", &SignedIn::refresh_token, "For the next tokens, once."},
                                              json::Field{"token_type", &SignedIn::token_type, "Bearer."},
                                              json::Field{"expires_in", &SignedIn::expires_in, "Seconds the access token is good for."},
                                              json::Field{"user", &SignedIn::user, "Who signed in."}};
};

struct ProfileChange {
    std::optional<std::string> display_name;
    std::optional<std::string> email;
    std::optional<FileId> avatar_file_id;

    static constexpr std::string_view schema_name = "ProfileChange";
    static constexpr auto fields = std::tuple{json::Field{"display_name", &ProfileChange::display_name, "The name that is shown."},
                                              json::Field{"email", &ProfileChange::email, "The e-mail address; empty to have none."},
                                              json::Field{"avatar_file_id", &ProfileChange::avatar_file_id, "One of one's own files, a picture."}};
};

struct PasswordChange {
    std::string current_password;
    std::string new_password;

    static constexpr std::string_view schema_name = "PasswordChange";
    static constexpr auto fields =
        std::tuple{json::Field{"current_password", &PasswordChange::current_password, "The password as it is."},
                   json::Field{"new_password", &PasswordChange::new_password, "The password as it shall be; the rules of sign-up hold."}};
};

}  // namespace parley::users
