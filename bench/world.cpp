// SPDX-License-Identifier: Apache-2.0
#include "world.hpp"

#include "app/meta.hpp"
#include "auth/key_ring.hpp"
#include "auth/sessions.hpp"
#include "chat/context.hpp"
#include "chat/groups.hpp"
#include "core/blocking.hpp"
#include "core/encoding.hpp"
#include "storage/data_folder.hpp"
#include "storage/schema.hpp"
#include "storage/sqlite/database.hpp"
#include "users/store.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <stdexcept>

namespace parley::bench {
namespace {

constexpr std::chrono::hours token_life{24};
constexpr std::int64_t messages_per_commit = 2000;

template <class T>
T require(Result<T> result) {
    if (!result) throw std::runtime_error{std::string{result.error().detail()}};
    if constexpr (!std::is_void_v<T>) return *std::move(result);
}

/// The server's own objects over a data folder, without the server.
struct Folder {
    explicit Folder(const std::filesystem::path& path)
        : folder(require(storage::DataFolder::take(path))),
          db(require(storage::sqlite::open({.path = (path / "parley.db").string()}, embedded::migrations(), clock))),
          meta(app::load_meta(*db, random, names)) {}
    ~Folder() { db->stop(); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    SystemClock clock;
    SystemRandom random;
    users::NameFolder names;
    storage::DataFolder folder;
    std::unique_ptr<storage::Database> db;
    app::Meta meta;
};

std::vector<Person> add_people(Folder& at, std::size_t count) {
    const auto keys =
        require(auth::KeyRing::open(at.folder.path() / "keys", at.clock, at.random, {std::chrono::hours{24 * 90}, std::chrono::hours{24}}));
    auth::Sessions sessions{*at.db, *keys, at.clock, at.random, {.access_token = token_life}};
    return require(at.db->write_now([&](storage::Transaction& tx) -> Result<std::vector<Person>> {
        std::vector<Person> people;
        for (std::size_t i = 0; i < count; ++i) {
            const auto name = fmt::format("person{}", i);
            const auto user = users::insert_user(tx, {.username = name, .username_key = at.names.key(name), .display_name = name}, at.clock.now());
            const auto pair = sessions.begin(tx, user.value().id, auth::SessionKind::parley, {"bench", "127.0.0.1"});
            people.push_back({user->id, pair.access_token, {}});
        }
        return people;
    }));
}

Task<void> add_group(chat::Groups& groups, std::vector<Person>& people, const WorldPlan& plan, std::size_t index) {
    const auto member = [&](std::size_t k) -> Person& { return people[(index + k) % people.size()]; };
    std::vector<UserId> others;
    for (std::size_t k = 1; k < plan.members_per_group; ++k) others.push_back(member(k).id);
    const Caller owner{member(0).id, {}, {}};
    const auto group = require(co_await groups.create(owner, {.name = fmt::format("group {}", index), .member_ids = others}));
    for (std::size_t k = 0; k < plan.members_per_group; ++k) member(k).groups.push_back(group.id);
}

/// All at once, so that they share commits.
void add_groups(Folder& at, chat::Log& log, std::vector<Person>& people, const WorldPlan& plan) {
    chat::Context context{*at.db, log, at.names, at.clock, {}, at.meta.fingerprint_secret, at.meta.epoch};
    chat::Groups groups{context};
    BlockingLoop loop;
    std::exception_ptr escaped;
    TaskGroup tasks{"groups", [&](const std::string&, std::exception_ptr exception) { escaped = std::move(exception); }};
    for (std::size_t i = 0; i < plan.groups; ++i) tasks.spawn(add_group(groups, people, plan, i));
    loop.run_until([&] { return tasks.running() == 0; });
    if (escaped) std::rethrow_exception(escaped);
}

/// The next messages of `people` in turn, in one transaction.
Result<void> append_some(chat::Log& log, storage::Transaction& tx, const std::vector<Person>& people, ClientIds& ids, std::int64_t first,
                         std::int64_t end, Timestamp now) {
    for (auto i = first; i < end; ++i) {
        const auto& person = people[static_cast<std::size_t>(i) % people.size()];
        const auto round = static_cast<std::size_t>(i) / people.size();
        const auto text = fmt::format("{:0>{}}", i, text_bytes);
        const auto client_id = ids.next(to_micros(now) / 1000);
        log.append(
            tx, {.conversation = person.groups[round % person.groups.size()], .at = now, .actor = person.id, .text = text, .client_id = client_id});
    }
    return {};
}

}  // namespace

std::string ClientIds::next(std::int64_t unix_ms) {
    const auto high = random_(), low = random_();
    return fmt::format("{:08x}-{:04x}-7{:03x}-{:04x}-{:012x}", static_cast<std::uint64_t>(unix_ms) >> 16U,
                       static_cast<std::uint64_t>(unix_ms) & 0xFFFFU, high & 0xFFFU, 0x8000U | (high >> 12U & 0x3FFFU), low & 0xFFFF'FFFF'FFFFU);
}

std::vector<Person> make_world(const std::filesystem::path& data_dir, const WorldPlan& plan) {
    Folder at{data_dir};
    chat::Log log{*at.db};
    auto people = add_people(at, plan.people);
    add_groups(at, log, people, plan);
    at.db->stop();
    return people;
}

void add_messages(const std::filesystem::path& data_dir, const std::vector<Person>& people, std::int64_t count) {
    Folder at{data_dir};
    // The index keeps pace with the commits, as behind a busy server.
    chat::Log log{*at.db, {.least_slice = 2 * messages_per_commit}};
    ClientIds ids{7};
    for (std::int64_t done = 0; done < count; done += messages_per_commit) {
        require(at.db->write_now([&](storage::Transaction& tx) {
            return append_some(log, tx, people, ids, done, std::min(count, done + messages_per_commit), at.clock.now());
        }));
    }
    at.db->stop();
}

namespace {

struct Head {
    ConversationId conversation;
    Seq seq = 0;
};

}  // namespace

Positions positions_in(const std::filesystem::path& data_dir) {
    const Folder at{data_dir};
    return require(at.db->read_now([](storage::Connection& db) -> Result<Positions> {
        Positions positions;
        for (const auto& head : db.rows<Head>("SELECT conversation_id, max(seq) FROM log GROUP BY conversation_id"))
            positions.emplace(head.conversation, head.seq);
        return positions;
    }));
}

std::string epoch_of(const std::filesystem::path& data_dir) { return Folder{data_dir}.meta.epoch; }

std::int64_t events_in(const std::filesystem::path& data_dir) {
    const Folder at{data_dir};
    return require(at.db->read_now([](storage::Connection& db) -> Result<std::int64_t> {
        return db.row<std::optional<std::int64_t>>("SELECT max(id) FROM log").value_or(std::nullopt).value_or(0);
    }));
}

}  // namespace parley::bench
