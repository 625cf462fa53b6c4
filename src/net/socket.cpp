// SPDX-License-Identifier: Apache-2.0
#include "net/socket.hpp"

#include "net/socket_impl.hpp"

#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <algorithm>
#include <cerrno>

namespace parley::net {
namespace {

Socket::Transfer outcome(ssize_t count) {
    if (count > 0) return {Socket::Status::done, static_cast<std::size_t>(count)};
    if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) return {Socket::Status::would_block, 0};
    return {Socket::Status::closed, 0};
}

}  // namespace

Socket::Socket(Shard& shard, std::unique_ptr<Impl> impl) : shard_(&shard), impl_(std::move(impl)), handle_(impl_->socket.native_handle()) {}
Socket::Socket(Socket&&) noexcept = default;
Socket& Socket::operator=(Socket&&) noexcept = default;
Socket::~Socket() = default;

Socket::Transfer Socket::read(std::span<char> into) { return outcome(::recv(handle_, into.data(), into.size(), 0)); }

Socket::Transfer Socket::write(std::span<const iovec> parts) {
    // The kernel reads a header and a list less: a twentieth of what a frame to one of many sockets costs.
    if (parts.size() == 1) return outcome(::send(handle_, parts[0].iov_base, parts[0].iov_len, MSG_NOSIGNAL));
    msghdr message{};
    message.msg_iov = const_cast<iovec*>(parts.data());  // sendmsg(2) does not change it
    message.msg_iovlen = std::min<std::size_t>(parts.size(), IOV_MAX);
    return outcome(::sendmsg(handle_, &message, MSG_NOSIGNAL));
}

Socket::Transfer Socket::send_file(int file, std::int64_t& offset, std::size_t count) {
    static_assert(sizeof(off_t) == sizeof offset);
    const auto sent = ::sendfile(handle_, file, &offset, count);
    // 0 means that the file ends before the promised count: nothing can be sent in its place.
    return outcome(sent);
}

void Socket::wait_readable(std::shared_ptr<SocketOwner> owner) {
    impl_->socket.async_wait(TcpSocket::wait_read, [shard = shard_, owner = std::move(owner)](const boost::system::error_code& code) {
        if (code != boost::asio::error::operation_aborted) shard->turn([&] { owner->readable(); });
    });
}

void Socket::wait_writable(std::shared_ptr<SocketOwner> owner) {
    impl_->socket.async_wait(TcpSocket::wait_write, [shard = shard_, owner = std::move(owner)](const boost::system::error_code& code) {
        if (code != boost::asio::error::operation_aborted) shard->turn([&] { owner->writable(); });
    });
}

void Socket::give_up_after(std::chrono::milliseconds unacknowledged) {
    const auto milliseconds = static_cast<unsigned>(unacknowledged.count());
    ::setsockopt(handle_, IPPROTO_TCP, TCP_USER_TIMEOUT, &milliseconds, sizeof milliseconds);
}

void Socket::shutdown_send() {
    boost::system::error_code ignored;
    impl_->socket.shutdown(TcpSocket::shutdown_send, ignored);
}

void Socket::close(How how) {
    boost::system::error_code ignored;
    if (how == How::reset) impl_->socket.set_option(boost::asio::socket_base::linger{true, 0}, ignored);
    impl_->socket.close(ignored);
    handle_ = -1;
}

bool Socket::is_open() const noexcept { return impl_->socket.is_open(); }

}  // namespace parley::net
