// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/ids.hpp"
#include "core/json/fields.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <tuple>

namespace parley::admin {

struct UserDraft {
    std::string username;
    std::string password;
    std::optional<std::string> email;
    bool is_admin = false;

    static constexpr std::string_view schema_name = "ControlUserDraft";
    static constexpr auto fields = std::tuple{json::Field{"username", &UserDraft::username, ""}, json::Field{"password", &UserDraft::password, ""},
                                              json::Field{"email", &UserDraft::email, ""}, json::Field{"is_admin", &UserDraft::is_admin, ""}};
};

struct MadeUser {
    UserId id;

    static constexpr std::string_view schema_name = "ControlMadeUser";
    static constexpr auto fields = std::tuple{json::Field{"id", &MadeUser::id, ""}};
};

}  // namespace parley::admin
