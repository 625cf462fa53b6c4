// SPDX-License-Identifier: Apache-2.0
#include "net/listener.hpp"

#include "net/socket_impl.hpp"

#include <fmt/format.h>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <charconv>

namespace parley::net {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

/// Connections that wait to be accepted: enough for a herd that comes back at once.
constexpr int backlog = 4096;
/// How many are accepted before others get their turn.
constexpr int accepts_per_turn = 64;

Result<tcp::endpoint> endpoint_of(std::string_view address) {
    const auto colon = address.rfind(':');
    if (colon == std::string_view::npos) return fail(errors::bad_address);
    auto host = address.substr(0, colon);
    const auto port_text = address.substr(colon + 1);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    if (host == "localhost") host = "127.0.0.1";
    unsigned port = 0;
    const auto [end, code] = std::from_chars(port_text.data(), port_text.data() + port_text.size(), port);
    boost::system::error_code bad_host;
    const auto ip = asio::ip::make_address(std::string{host}, bad_host);
    if (bad_host || code != std::errc{} || end != port_text.data() + port_text.size() || port > 65'535) {
        return fail(errors::bad_address, fmt::format("\"{}\" is no address to listen on: 127.0.0.1:8080 or [::1]:8080 is.", address));
    }
    return tcp::endpoint{ip, static_cast<unsigned short>(port)};
}

/// An IPv4 peer of an IPv6 listener is shown, counted and trusted as the IPv4 address it is.
std::string text_of(const asio::ip::address& address) {
    if (address.is_v6() && address.to_v6().is_v4_mapped()) return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).to_string();
    return address.to_string();
}

}  // namespace

struct Listener::Impl final : Timer, std::enable_shared_from_this<Listener::Impl> {
    Impl(Shard& on, OnConnection callback) : shard(on), acceptor(on.context()), on_connection(std::move(callback)) {}

    void open(const tcp::endpoint& endpoint) {
        acceptor.open(endpoint.protocol());
        acceptor.set_option(tcp::acceptor::reuse_address(true));
        acceptor.set_option(asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>(true));
        acceptor.bind(endpoint);
        acceptor.listen(backlog);
        acceptor.non_blocking(true);
    }

    void wait() {
        acceptor.async_wait(tcp::acceptor::wait_read, [self = shared_from_this()](const boost::system::error_code& code) {
            if (!code) self->shard.turn([&] { self->accept(); });
        });
    }

    void accept() {
        for (int i = 0; i < accepts_per_turn; ++i) {
            boost::system::error_code code;
            tcp::endpoint peer;
            TcpSocket socket{shard.context()};
            acceptor.accept(socket, peer, code);
            if (code == asio::error::would_block) break;
            if (code == asio::error::no_descriptors || code == asio::error::no_memory || code == boost::system::errc::too_many_files_open_in_system)
                return pause();
            if (!code) hand_over(std::move(socket), peer);
        }
        wait();
    }

    void hand_over(TcpSocket socket, const tcp::endpoint& peer) {
        boost::system::error_code ignored;
        socket.non_blocking(true, ignored);
        socket.set_option(tcp::no_delay(true), ignored);
        on_connection(Socket{shard, std::make_unique<Socket::Impl>(std::move(socket))}, text_of(peer.address()));
    }

    /// Out of descriptors: the connection stays in the backlog, and accepting it at once again would only spin.
    void pause() { shard.arm(*this, std::chrono::milliseconds{100}); }
    void expired() override { wait(); }

    Shard& shard;
    asio::basic_socket_acceptor<tcp, asio::io_context::executor_type> acceptor;
    OnConnection on_connection;
};

Listener::Listener(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
Listener::~Listener() = default;

Result<std::unique_ptr<Listener>> Listener::open(Shard& shard, std::string_view address, OnConnection on_connection) {
    TRY(const auto endpoint, endpoint_of(address));
    auto impl = std::make_shared<Impl>(shard, std::move(on_connection));
    try {
        impl->open(endpoint);
    } catch (const boost::system::system_error& error) {
        return fail(errors::cannot_listen, fmt::format("{} cannot be listened on: {}.", address, error.code().message()));
    }
    return std::unique_ptr<Listener>{new Listener{std::move(impl)}};  // NOLINT(cppcoreguidelines-owning-memory): the constructor is private
}

std::string Listener::address() const {
    const auto endpoint = impl_->acceptor.local_endpoint();
    return fmt::format(fmt::runtime(endpoint.address().is_v6() ? "[{}]:{}" : "{}:{}"), endpoint.address().to_string(), endpoint.port());
}

void Listener::start() {
    asio::post(impl_->shard.context(), [impl = impl_] { impl->wait(); });
}

void Listener::stop() {
    boost::system::error_code ignored;
    impl_->cancel();
    impl_->acceptor.close(ignored);
}

}  // namespace parley::net
