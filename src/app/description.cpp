// SPDX-License-Identifier: Apache-2.0
#include "app/description.hpp"

#include "app/errors.hpp"
#include "app/parts.hpp"
#include "app/settings.hpp"
#include "auth/errors.hpp"
#include "http/errors.hpp"
#include "http/openapi/document.hpp"
#include "http/status.hpp"
#include "realtime/asyncapi/document.hpp"
#include "storage/schema.hpp"
#include "storage/sqlite/database.hpp"

#include <fmt/format.h>
#include <filesystem>

namespace parley::app {
namespace {

/// The version of the contract, which is the 1 of /api/v1.
constexpr std::string_view contract_version = "1.0.0";
constexpr std::string_view license = "Apache-2.0", license_url = "https://www.apache.org/licenses/LICENSE-2.0";

constexpr std::string_view introduction =
    "Messages in conversations of two or in groups, and files, in real time. The socket is described by `/asyncapi.json`.\n\n"
    "**Ids** are positive integers below 2^53 and are never used again. **Times** are RFC 3339 in UTC with milliseconds. A slash at the end of a "
    "path changes nothing, and HEAD is answered wherever GET is.\n\n"
    "**Sign in** by `POST /api/v1/auth/token`, and send the access token as `Authorization: Bearer`. A token in a URL is refused.\n\n"
    "**Requests** are strict: a field that is not known, or given twice, is an error. `null` for an optional field is the same as leaving it out, "
    "except where the field says what null means. Query parameters that are not known are ignored.\n\n"
    "**Lists** come in pages: `next_cursor` of one page is the `cursor` of the next.\n\n"
    "**Errors** are problems (RFC 9457) with a stable `code`, and with `errors` where single fields are wrong. Every operation lists its own codes. "
    "Any request at all may also be refused before it is looked at:";

/// What the server says to whoever does not speak HTTP/1.1 well, whatever they ask for; too much to be said again with each operation.
constexpr const ErrorKind* of_http[] = {
    &http::errors::bad_host,          &http::errors::method_not_allowed, &http::errors::uri_too_long,        &http::errors::expectation_failed,
    &http::errors::headers_too_large, &http::errors::unknown_method,     &http::errors::unsupported_version, &http::errors::unknown_transfer_coding};

std::string description() {
    std::string text{introduction};
    for (const auto* kind : of_http) text += fmt::format("\n- {} `{}`: {}", http::status_of(kind->error_class), kind->code, kind->sentence);
    return text;
}

std::vector<http::openapi::TagDoc> tags() {
    return {
        {"Accounts", "Signing up and in, sessions, profiles, and finding people."},
        {"Conversations", "The conversations one is in: how far one has read, and what changed."},
        {"Groups", "Making groups, finding public ones, and who may do what in them."},
        {"Messages", "A conversation's messages, and the log of everything that happened in it."},
        {"Files", "Files, their content and how long they are kept."},
        {"Uploads", "Uploads that go on after an interruption (tus 1.0.0)."},
        {"Links", "Links by which anybody may download a file."},
        {"Realtime", "The socket; what is spoken there is described by `/asyncapi.json`."},
        {"Origin", "What clients of the server before this one call, in its shapes; its errors are no problems. New clients have no use for it."}};
}

/// A folder that is gone with everything in it when the description is made.
class ScratchFolder {
public:
    explicit ScratchFolder(Random& random) : path_(std::filesystem::temp_directory_path() / ("parley-description-" + random.name())) {}
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;
    ~ScratchFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    const std::filesystem::path& path() const noexcept { return path_; }

private:
    const std::filesystem::path path_;
};

/// The same settings, with everything that is kept kept in `folder`.
config::Config kept_in(const std::filesystem::path& folder, config::Config config) {
    config.storage.data_dir = folder.string();
    config.storage.database_url = "sqlite:" + (folder / "parley.db").string();
    config.blob.url = "file:" + (folder / "blobs").string();
    config.log.level = config::LogLevel::error;
    return config;
}

}  // namespace

std::string describe_http(const http::Router& router) {
    const auto text = description();
    return http::openapi::document(
        {.router = router,
         .title = "Parley",
         .version = contract_version,
         .description = text,
         .license = license,
         .license_url = license_url,
         .tags = tags(),
         .all_errors = all_errors(),
         .signed_in_errors = {&http::errors::not_signed_in, &auth::errors::invalid_token, &auth::errors::token_expired, &auth::errors::session_ended},
         .change_errors = {&storage::errors::full, &storage::errors::failed}});
}

Result<std::string> describe_http(const config::Config& settings) {
    const SystemClock clock;
    SystemRandom random;
    const ScratchFolder scratch{random};
    const auto config = kept_in(scratch.path(), settings);
    logging::Logger logger{config.log, clock};
    TRY(auto folder, storage::DataFolder::take(config.storage.data_dir));
    TRY(auto keys, auth::KeyRing::open(folder.path() / "keys", clock, random, {config.auth.key_rotation, longest_token_life(config)}));
    TRY(auto db, storage::sqlite::open({.path = (scratch.path() / "parley.db").string()}, embedded::migrations(), clock));
    const Application::Parts parts{config, clock, random, logger, std::move(folder), std::move(keys), std::move(db)};
    return describe_http(parts.router);
}

std::string describe_socket() {
    return realtime::asyncapi::document({.title = "Parley: the socket", .version = contract_version, .license = license, .license_url = license_url});
}

}  // namespace parley::app
