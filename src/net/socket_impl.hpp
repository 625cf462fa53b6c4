// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/socket.hpp"

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace parley::net {

/// The concrete executor spares Asio's type-erased one.
using TcpSocket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

struct Socket::Impl {
    explicit Impl(TcpSocket connected) : socket(std::move(connected)) {}
    TcpSocket socket;
};

}  // namespace parley::net
