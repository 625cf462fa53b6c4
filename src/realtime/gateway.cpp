// SPDX-License-Identifier: Apache-2.0
#include "realtime/gateway.hpp"

#include "groups/errors.hpp"
#include "groups/store.hpp"
#include "http/errors.hpp"
#include "http/middleware/authentication.hpp"
#include "http/syntax.hpp"
#include "realtime/change_watch.hpp"
#include "realtime/errors.hpp"
#include "realtime/event_stream.hpp"
#include "realtime/session.hpp"
#include "websocket/deflate.hpp"
#include "websocket/errors.hpp"
#include "websocket/handshake.hpp"

#include <algorithm>
#include <array>
#include <coroutine>
#include <optional>
#include <unordered_set>
#include <utility>

namespace parley::realtime {
namespace {

constexpr std::array<std::string_view, 1> subprotocols{"parley.v1"};

/// Values of a header that is sent several times, joined by commas (RFC 9110 section 5.3).
std::string joined(const http::Call& call, std::string_view lower_case_name) {
    std::string all;
    for (const auto& field : call.head().fields) {
        if (http::equal_ignoring_case(field.name, lower_case_name)) all += (all.empty() ? "" : ", ") + std::string{field.value};
    }
    return all;
}

/// `co_await OnShard{shard, look}`: what `look` finds on that shard's thread; then goes on where it was.
template <class Look>
class OnShard final : public Work {
public:
    OnShard(net::Shard& shard, Look look) : shard_(shard), look_(std::move(look)) {}
    ~OnShard() = default;
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> waiting) {
        waiting_ = waiting;
        home_ = Executor::current();
        shard_.post(*this);
    }
    auto await_resume() { return std::move(*found_); }
    void run() override {
        if (found_) return waiting_.resume();
        found_.emplace(look_());
        home_->post(*this);
    }

private:
    net::Shard& shard_;
    Look look_;
    Executor* home_ = nullptr;
    std::coroutine_handle<> waiting_;
    std::optional<std::invoke_result_t<Look&>> found_;
};

}  // namespace

Result<http::Reply> switch_protocols(http::Call& call, std::string_view subprotocol, http::Upgrade upgrade) {
    const auto upgrade_field = joined(call, "upgrade"), connection = joined(call, "connection");
    const auto version = joined(call, "sec-websocket-version"), key = joined(call, "sec-websocket-key");
    if (auto checked = websocket::check_upgrade({upgrade_field, connection, version, key}); !checked) {
        if (checked.error().kind().error_class == ErrorClass::upgrade_required) {
            call.reply_headers.emplace_back("Upgrade", "websocket");
            call.reply_headers.emplace_back("Sec-WebSocket-Version", "13");
        }
        return std::unexpected(std::move(checked).error());
    }
    http::Reply reply{.status = 101, .content_type = {}, .body = {}};
    reply.header("Upgrade", "websocket");
    reply.header("Connection", "Upgrade");
    reply.header("Sec-WebSocket-Accept", websocket::accept_key(key));
    if (!subprotocol.empty()) reply.header("Sec-WebSocket-Protocol", std::string{subprotocol});
    reply.upgrade = std::move(upgrade);
    return reply;
}

Gateway::Gateway(net::Shards& shards, storage::Database& db, TaskGroup::OnException on_exception, std::int64_t sockets_per_user)
    : shards_(shards),
      presence_(
          shards[0].clock(), PresenceTimes{},
          [this](UserId user, std::size_t shard) { shards_[shard].post(once([&watchers = *watchers_[shard], user] { watchers.changed(user); })); }),
      counts_(sockets_per_user),
      publisher_(shards, hubs_),
      typing_(shards, hubs_, db) {
    for (std::size_t i = 0; i < shards.size(); ++i) {
        hubs_.push_back(std::make_unique<Hub>(shards[i], db, presence_));
        tasks_.push_back(std::make_unique<TaskGroup>("realtime", on_exception));
        watchers_.push_back(std::make_unique<Watchers>(shards[i], db, presence_, *tasks_[i]));
    }
}

Gateway::~Gateway() = default;

Result<void> Gateway::check_origin(const http::Call& call) const {
    const auto origin = call.head().find("origin");
    if (!origin || own_origin_->is_own(*origin, call.head().host) || std::ranges::find(*allowed_origins_, *origin) != allowed_origins_->end())
        return {};
    return fail(errors::foreign_origin);
}

Result<UserSocket::Owner> Gateway::admit(const Caller& caller) {
    if (stopping_) return fail(http::errors::draining);
    auto place = counts_.take(caller.user);
    if (!place) return fail(Error{errors::too_many_sockets}.with_retry_after(std::chrono::seconds{10}));
    return UserSocket::Owner{caller, *std::move(place)};
}

chat::WatchChanges Gateway::change_watches() {
    return [this](net::Shard& shard, Caller caller, std::chrono::milliseconds longest) { return watch(shard, caller, longest); };
}

/// Nobody waits longer than their token lives.
Task<Result<std::unique_ptr<chat::ChangeWatch>>> Gateway::watch(net::Shard& shard, Caller caller, std::chrono::milliseconds longest) {
    CO_TRY(auto owner, admit(caller));
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(owner.caller.token_expires_at - services_->chat.clock.now());
    auto watch = std::make_unique<HubWatch>(shard, *services_, std::move(owner), std::min(longest, left));
    CO_CHECK(co_await watch->attach());
    co_return std::unique_ptr<chat::ChangeWatch>{std::move(watch)};
}

Task<Result<http::Reply>> Gateway::upgrade(Gateway& gateway, http::Call& call) {
    if (gateway.stopping_) co_return fail(http::errors::draining);
    CO_CHECK(gateway.check_origin(call));
    auto& services = *gateway.services_;
    const auto offered = joined(call, "sec-websocket-protocol");
    CO_TRY(const auto subprotocol, websocket::choose_subprotocol(offered, subprotocols));
    std::optional<UserSocket::Owner> owner;
    if (const auto authorization = call.header("authorization"); !authorization.empty()) {
        const auto token = http::bearer_token(authorization);
        if (!token) co_return fail(http::errors::not_signed_in);
        CO_TRY(const auto caller, services.guard.check(call.shard(), *token));
        CO_TRY(auto admitted, gateway.admit(caller));
        owner.emplace(std::move(admitted));
    }
    const auto extension = services.settings.compression ? websocket::accept_deflate(joined(call, "sec-websocket-extensions")) : std::nullopt;
    const bool compresses = extension.has_value();
    CO_TRY(auto reply,
           switch_protocols(call, subprotocol, [&services, compresses, owner = std::move(owner)](net::Socket socket, std::string rest) mutable {
               const auto session = std::make_shared<Session>(std::move(socket), services, std::move(owner));
               if (compresses) session->compress();
               session->open(std::move(rest));
           }));
    if (extension) reply.header("Sec-WebSocket-Extensions", std::string{*extension});
    co_return reply;
}

/// All that can be refused is refused before the answer begins.
Task<Result<http::Reply>> Gateway::stream(Gateway& gateway, http::Call& call) {
    CO_CHECK(gateway.check_origin(call));
    CO_TRY(auto owner, gateway.admit(call.caller()));
    const auto framing = call.head().minor_version == 0 ? StreamSocket::Framing::until_close : StreamSocket::Framing::chunked;
    const auto stream = std::make_shared<EventStream>(call.shard(), *gateway.services_, std::move(owner), framing);
    CO_CHECK(co_await stream->prepare(call.header("last-event-id")));
    http::Reply reply{.content_type = "text/event-stream", .body = {}, .close = true, .streams = true};
    reply.header("X-Accel-Buffering", "no");  // nginx holds answers back otherwise
    reply.upgrade = [stream](net::Socket socket, const std::string&) { stream->start(std::move(socket)); };
    co_return reply;
}

/// A look at each shard's hub, one after the other: what it costs follows from who is online, not from how many members there are.
Task<Result<http::Reply>> Gateway::presence_in(Gateway& gateway, http::Call& call) {
    CO_TRY(const auto conversation, call.path<ConversationId>("conversation"));
    CO_CHECK(co_await gateway.services_->chat.db.read(
        [&](storage::Connection& db) -> Result<void> { return groups::check_member(db, conversation, call.caller().user); }));
    std::unordered_set<UserId> online;
    for (auto& shard : gateway.shards_) {
        const auto here = co_await OnShard{*shard, [&] { return gateway.hub_of(*shard).online_in(conversation); }};
        online.insert(here.begin(), here.end());
    }
    co_return http::ok(ConversationPresence{std::ssize(online)});
}

http::Routes Gateway::routes() {
    http::Routes routes;
    routes.push_back(http::Route{http::verb::get, "/api/v1/realtime", http::open_to_all, http::bind(upgrade, *this),
                                 "Open a socket (WebSocket, subprotocol parley.v1)"}
                         .gives_bytes(101, "", "The connection is a WebSocket from here on; asyncapi.json tells what is spoken there.")
                         .fails({&websocket::errors::not_an_upgrade, &websocket::errors::unsupported_version, &websocket::errors::invalid_key,
                                 &websocket::errors::unknown_subprotocol, &errors::too_many_sockets, &errors::foreign_origin})
                         .may_be_signed_in()
                         .tagged("Realtime"));
    routes.push_back(
        http::Route{http::verb::get, "/api/v1/realtime/sse", http::signed_in, http::bind(stream, *this), "Read events as a stream"}
            .gives_bytes(200, "text/event-stream",
                         "`event:` is the type, `data:` the text of the socket's frame, and `id:` what `Last-Event-ID` takes to go on behind it.")
            .fails({&errors::resync_required, &errors::too_many_sockets, &errors::foreign_origin, &http::errors::draining})
            .tagged("Realtime"));
    routes.push_back(http::Route{http::verb::get, "/api/v1/conversations/{conversation}/presence", http::signed_in, http::bind(presence_in, *this),
                                 "How many members are online"}
                         .gives<ConversationPresence>()
                         .fails({&groups::errors::not_a_member})
                         .tagged("Realtime"));
    return routes;
}

void Gateway::send_everybody_away(Random& random, std::chrono::milliseconds spread) {
    stopping_ = true;
    for (auto& shard : shards_) {
        shard->run_soon([&random, spread, &hub = hub_of(*shard)] {
            hub.send_everybody_away([&random, spread] {
                constexpr std::chrono::milliseconds least{500};
                return least + std::chrono::milliseconds{random.below(static_cast<std::uint64_t>(spread.count()) + 1)};
            });
        });
    }
}

void Gateway::close_all() {
    for (auto& shard : shards_) {
        shard->run_soon([&hub = hub_of(*shard)] { hub.for_each_receiver([](Receiver& receiver) { receiver.cut(); }); });
    }
}

std::size_t Gateway::tasks_running() const noexcept {
    std::size_t running = 0;
    for (const auto& tasks : tasks_) running += tasks->running();
    return running;
}

}  // namespace parley::realtime
