// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/field.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

/// Every setting, once: its name, default and sentence. `parley config print`, docs/reference/settings.md and deploy/parley.toml are made from here.
/// In a struct, sizes are bytes (`*_bytes`, written 64KiB), durations are milliseconds (written 30s, 15m, 10d).
namespace parley::config {

using Duration = std::chrono::milliseconds;
inline constexpr std::uint64_t KiB = 1024, MiB = 1024 * KiB, GiB = 1024 * MiB;

#ifdef PARLEY_PACKAGED
inline constexpr std::string_view default_data_dir = "/var/lib/parley";
#else
inline constexpr std::string_view default_data_dir = "./data";
#endif

enum class Registration : std::uint8_t { open, invite, closed };
constexpr auto names_of(Registration) { return std::array<std::string_view, 3>{"open", "invite", "closed"}; }

enum class LogLevel : std::uint8_t { trace, debug, info, warning, error };
constexpr auto names_of(LogLevel) { return std::array<std::string_view, 5>{"trace", "debug", "info", "warning", "error"}; }

enum class LogFormat : std::uint8_t { automatic, text, json };
constexpr auto names_of(LogFormat) { return std::array<std::string_view, 3>{"auto", "text", "json"}; }

/// A switch, written on or off.
enum class Switch : std::uint8_t { off, on };
constexpr auto names_of(Switch) { return std::array<std::string_view, 2>{"off", "on"}; }

struct Server {
    std::string listen = "127.0.0.1:8080";
    std::string internal_listen = "127.0.0.1:8081";
    std::int64_t threads = 0;
    Duration header_timeout = std::chrono::seconds{10};
    Duration body_timeout = std::chrono::seconds{30};
    Duration idle_timeout = std::chrono::seconds{60};
    std::vector<std::string> trusted_proxies;
    std::string public_url;
    std::vector<std::string> allowed_origins;
    Duration drain = std::chrono::seconds{10};

    static constexpr auto fields = std::tuple{
        Field{"listen", &Server::listen, "Address and port of the public listener; port 0 picks a free one."},
        Field{"internal_listen", &Server::internal_listen,
              "Address and port of the internal listener, for metrics and the command line; keep it away from the outside."},
        Field{"threads", &Server::threads, "Threads that serve connections; 0 means one per core."},
        Field{"header_timeout", &Server::header_timeout, "Longest time until a request's headers are complete."},
        Field{"body_timeout", &Server::body_timeout, "Longest stall of a request's body, and the grace before 1 KiB/s is asked of it."},
        Field{"idle_timeout", &Server::idle_timeout, "How long a connection without a request is kept."},
        Field{"trusted_proxies", &Server::trusted_proxies, "Addresses or networks of proxies whose Forwarded or X-Forwarded-For is believed."},
        Field{"public_url", &Server::public_url,
              "The origin people use, such as https://chat.example.org: for links and for the checks of Host and Origin. Empty: taken from the "
              "listener."},
        Field{"allowed_origins", &Server::allowed_origins,
              "Exact origins of web pages that may call the API and open sockets; empty means only our own."},
        Field{"drain", &Server::drain, "Longest time a stop waits for requests and sockets to end."}};
};

struct Storage {
    std::string data_dir = std::string{default_data_dir};
    std::string database_url;

    static constexpr auto fields = std::tuple{
        Field{"data_dir", &Storage::data_dir, "Folder of the database, the files and the keys; made at the first start."},
        Field{"database_url", &Storage::database_url, "The database; empty means sqlite:<data_dir>/parley.db.", Secrecy::may_hold_password}};
};

struct Blob {
    std::string url;

    static constexpr auto fields =
        std::tuple{Field{"url", &Blob::url, "Where file contents are kept; empty means file:<data_dir>/blobs.", Secrecy::may_hold_password}};
};

struct Bus {
    std::string url = "memory:";

    static constexpr auto fields =
        std::tuple{Field{"url", &Bus::url, "How several nodes tell each other of news; memory: is for one node.", Secrecy::may_hold_password}};
};

struct Auth {
    Duration access_token_ttl = std::chrono::minutes{10};
    Duration refresh_token_ttl = std::chrono::hours{24 * 30};
    Duration key_rotation = std::chrono::hours{24 * 90};
    std::uint64_t password_memory_bytes = 46 * MiB;

    static constexpr auto fields =
        std::tuple{Field{"access_token_ttl", &Auth::access_token_ttl, "How long an access token is good for."},
                   Field{"refresh_token_ttl", &Auth::refresh_token_ttl, "How long a session lives without being refreshed."},
                   Field{"key_rotation", &Auth::key_rotation,
                         "Age at which the key that signs tokens is replaced; the old one still verifies until its tokens have ended."},
                   Field{"password_memory_bytes", &Auth::password_memory_bytes, "Memory of one Argon2id password hash (t=1, p=1); not below 19MiB."}};
};

struct Users {
    Registration registration = Registration::open;

    static constexpr auto fields =
        std::tuple{Field{"registration", &Users::registration, "Who may sign up: open (anyone), invite (with an invitation), closed (nobody)."}};
};

struct Files {
    Duration default_ttl = std::chrono::hours{24 * 10};
    Duration expiry_interval = std::chrono::seconds{60};
    std::uint64_t max_file_bytes = 2 * GiB;
    std::uint64_t quota_bytes = 10 * GiB;
    Switch allow_keep = Switch::off;
    Duration upload_ttl = std::chrono::hours{24};

    static constexpr auto fields =
        std::tuple{Field{"default_ttl", &Files::default_ttl, "Lifetime of a file whose uploader chose none."},
                   Field{"expiry_interval", &Files::expiry_interval,
                         "How often the job looks for files that have expired; their content is refused from the moment they expire."},
                   Field{"max_file_bytes", &Files::max_file_bytes, "Largest file a user may upload."},
                   Field{"quota_bytes", &Files::quota_bytes, "Most bytes one user's files may take together."},
                   Field{"allow_keep", &Files::allow_keep, "Whether a user may keep a file for ever (expires_at null)."},
                   Field{"upload_ttl", &Files::upload_ttl, "How long an unfinished upload is kept."}};
};

struct Realtime {
    Duration ping_interval = std::chrono::seconds{25};
    Duration pong_timeout = std::chrono::seconds{10};
    std::uint64_t outbox_bytes = MiB;
    Switch compression = Switch::off;

    static constexpr auto fields =
        std::tuple{Field{"ping_interval", &Realtime::ping_interval, "How often a socket is pinged."},
                   Field{"pong_timeout", &Realtime::pong_timeout, "How long a socket may take to answer a ping before it is closed (1011)."},
                   Field{"outbox_bytes", &Realtime::outbox_bytes, "Most bytes that wait for one socket; one that reads too slowly is closed (4008)."},
                   Field{"compression", &Realtime::compression,
                         "Whether sockets that offer permessage-deflate get it: fewer bytes for more CPU, most of it once an event."}};
};

struct Limits {
    Switch rate_limits = Switch::on;
    std::uint64_t json_body_bytes = 256 * KiB;
    std::uint64_t message_text_bytes = 16 * KiB;
    std::uint64_t frame_bytes = 64 * KiB;
    std::uint64_t head_bytes = 16 * KiB;
    std::int64_t head_fields = 100;
    std::uint64_t target_bytes = 8 * KiB;
    std::int64_t page_items = 200;
    std::int64_t files_per_message = 20;
    std::int64_t sockets_per_user = 64;
    std::int64_t sends_per_second = 10;
    std::int64_t send_burst = 50;
    std::int64_t sign_ups_per_hour = 20;
    std::int64_t sign_in_failures = 5;

    static constexpr auto fields = std::tuple{
        Field{"rate_limits", &Limits::rate_limits, "off lifts every rate limit and nothing else; for benchmarks and tests."},
        Field{"json_body_bytes", &Limits::json_body_bytes, "Largest JSON body."},
        Field{"message_text_bytes", &Limits::message_text_bytes, "Longest text of a message, in bytes of UTF-8."},
        Field{"frame_bytes", &Limits::frame_bytes, "Largest message a socket may send."},
        Field{"head_bytes", &Limits::head_bytes, "Largest head of a request: request line and header fields."},
        Field{"head_fields", &Limits::head_fields, "Most header fields of a request."},
        Field{"target_bytes", &Limits::target_bytes, "Longest request target."},
        Field{"page_items", &Limits::page_items, "Most items of one page of a list."},
        Field{"files_per_message", &Limits::files_per_message, "Most files one message may carry."},
        Field{"sockets_per_user", &Limits::sockets_per_user, "Most sockets one user may have open."},
        Field{"sends_per_second", &Limits::sends_per_second, "Messages a user may send each second in the long run."},
        Field{"send_burst", &Limits::send_burst, "Messages a user may send at once before that rate holds."},
        Field{"sign_ups_per_hour", &Limits::sign_ups_per_hour, "Accounts one address may make in an hour."},
        Field{"sign_in_failures", &Limits::sign_in_failures, "Failed sign-ins of one account from one address in 15 minutes before it has to wait."}};
};

struct Log {
    LogLevel level = LogLevel::info;
    LogFormat format = LogFormat::automatic;

    static constexpr auto fields = std::tuple{Field{"level", &Log::level, "Least severity that is logged: trace, debug, info, warning, error."},
                                              Field{"format", &Log::format, "text, json, or auto: text on a terminal, json elsewhere."}};
};

struct Config {
    Server server;
    Storage storage;
    Blob blob;
    Bus bus;
    Auth auth;
    Users users;
    Files files;
    Realtime realtime;
    Limits limits;
    Log log;

    static constexpr auto sections =
        std::tuple{Section{"server", &Config::server}, Section{"storage", &Config::storage},   Section{"blob", &Config::blob},
                   Section{"bus", &Config::bus},       Section{"auth", &Config::auth},         Section{"users", &Config::users},
                   Section{"files", &Config::files},   Section{"realtime", &Config::realtime}, Section{"limits", &Config::limits},
                   Section{"log", &Config::log}};
};

}  // namespace parley::config
