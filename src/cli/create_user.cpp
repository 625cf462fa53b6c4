// SPDX-License-Identifier: Apache-2.0
#include "admin/types.hpp"
#include "app/meta.hpp"
#include "app/settings.hpp"
#include "auth/access_token.hpp"
#include "auth/key_ring.hpp"
#include "cli/command_line.hpp"
#include "cli/commands.hpp"
#include "cli/http_client.hpp"
#include "core/blocking.hpp"
#include "core/json/read.hpp"
#include "storage/data_folder.hpp"
#include "storage/schema.hpp"
#include "storage/sqlite/database.hpp"
#include "users/service.hpp"

#include <iostream>

namespace parley::cli {
namespace {

int refuse(const Error& error) {
    std::cerr << "parley: " << error.detail() << '\n';
    for (const auto& field : error.fields()) {
        std::cerr << "  " << field.pointer << ": " << (field.detail.empty() ? field.kind->sentence : std::string_view{field.detail}) << '\n';
    }
    return failed;
}

/// With the server stopped: in the database itself.
Result<UserId> create_here(const config::Loaded& loaded, const storage::DataFolder& folder, users::SignUp draft, bool is_admin) {
    const auto& config = loaded.config;
    const SystemClock clock;
    SystemRandom random;
    TRY(const auto keys, auth::KeyRing::open(folder.path() / "keys", clock, random, {config.auth.key_rotation, app::longest_token_life(config)}));
    TRY(const auto db,
        storage::sqlite::open({.path = config.storage.database_url.substr(std::string_view{"sqlite:"}.size())}, embedded::migrations(), clock));
    const users::NameFolder names;
    app::load_meta(*db, random, names);
    auth::Sessions sessions{*db, *keys, clock, random, app::session_times(config)};
    WorkerPool hashing{"hashing", 1, 1};
    users::ProfileCache profiles;
    users::Service users{*db, profiles, sessions, hashing, nullptr, names, clock, random, app::account_settings(config), nullptr};
    TRY(const auto user, run_blocking(users.create(std::move(draft), is_admin)));
    return user.id;
}

/// The field errors of a problem, as sentences.
std::string sentences_of(const std::string& problem) {
    json::Document document;
    std::string sentences;
    if (!document.parse(problem) || document.root().kind() != json::Kind::object) return "The server refused.";
    for (const auto member : document.root()) {
        if (member.key() == "detail" && member.kind() == json::Kind::string) sentences = member.string();
    }
    return sentences;
}

/// With the server running: only it may write, so it is asked, with a token that only who reads the data folder can make.
int create_there(const config::Loaded& loaded, const users::SignUp& draft, bool is_admin) {
    const std::filesystem::path folder = loaded.config.storage.data_dir;
    const SystemClock clock;
    SystemRandom random;
    const auto keys = auth::KeyRing::open(folder / "keys", clock, random, {loaded.config.auth.key_rotation, app::longest_token_life(loaded.config)});
    if (!keys) return refuse(keys.error());
    const auto now = clock.now();
    const auto token =
        auth::issue_token(**keys, {.kind = auth::TokenKind::control, .issued_at = now, .expires_at = now + std::chrono::minutes{1}}, random);
    const auto json = json::to_json(admin::UserDraft{draft.username, draft.password, draft.email, is_admin});
    const auto response = ask_server(folder, "POST", "/control/users", token, json);
    if (!response) return refuse(response.error());
    json::Document document;
    if (response->status == 201 && document.parse(response->body)) {
        if (const auto made = json::read<admin::MadeUser>(document)) {
            std::cout << made->id.value << '\n';
            return done;
        }
    }
    std::cerr << "parley: " << sentences_of(response->body) << '\n';
    return failed;
}

}  // namespace

int create_user(const config::Loaded& loaded, const NewUser& user) {
    users::SignUp draft{.username = user.name, .password = {}, .email = std::nullopt, .display_name = std::nullopt};
    if (!user.email.empty()) draft.email = user.email;
    std::getline(std::cin, draft.password);
    const auto folder = storage::DataFolder::take(loaded.config.storage.data_dir);
    if (!folder && folder.error().is(storage::errors::folder_in_use)) return create_there(loaded, draft, user.is_admin);
    if (!folder) return refuse(folder.error());
    const auto id = create_here(loaded, *folder, std::move(draft), user.is_admin);
    if (!id) return refuse(id.error());
    std::cout << id->value << '\n';
    return done;
}

}  // namespace parley::cli
