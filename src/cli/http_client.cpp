// SPDX-License-Identifier: Apache-2.0
#include "cli/http_client.hpp"

#include "core/json/document.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <boost/asio/ip/tcp.hpp>
#include <charconv>
#include <fstream>
#include <iterator>

namespace parley::cli {
namespace {

namespace asio = boost::asio;

/// "127.0.0.1:8081" out of listen.json.
Result<std::string> internal_address(const std::filesystem::path& data_dir) {
    const auto path = data_dir / "listen.json";
    std::ifstream file{path};
    if (!file) return fail(errors::no_server, fmt::format("No server uses {}: there is no {}.", data_dir.string(), path.string()));
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    json::Document document;
    if (document.parse(text)) {
        for (const auto member : document.root()) {
            if (member.key() == "internal" && member.kind() == json::Kind::string) return std::string{member.string()};
        }
    }
    return fail(errors::no_server, fmt::format("{} cannot be read.", path.string()));
}

std::string converse(asio::ip::tcp::socket& socket, const std::string& request) {
    const timeval limit{10, 0};
    ::setsockopt(socket.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    ::setsockopt(socket.native_handle(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    std::string_view rest = request;
    while (!rest.empty()) {
        const auto sent = ::send(socket.native_handle(), rest.data(), rest.size(), MSG_NOSIGNAL);
        if (sent <= 0) return {};
        rest.remove_prefix(static_cast<std::size_t>(sent));
    }
    std::string answer;
    char buffer[4096];
    for (;;) {
        const auto got = ::recv(socket.native_handle(), buffer, sizeof buffer, 0);
        if (got <= 0) return answer;
        answer.append(buffer, static_cast<std::size_t>(got));
    }
}

}  // namespace

Result<Response> ask_server(const std::filesystem::path& data_dir, std::string_view method, std::string_view path, std::string_view token,
                            std::string_view json) {
    TRY(const auto address, internal_address(data_dir));
    const auto colon = address.rfind(':');
    auto host = address.substr(0, colon);
    if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
    unsigned short port = 0;
    std::from_chars(address.data() + colon + 1, address.data() + address.size(), port);
    asio::io_context context;
    asio::ip::tcp::socket socket{context};
    boost::system::error_code code;
    auto ip = asio::ip::make_address(host, code);
    if (!code && ip.is_unspecified())
        ip = ip.is_v6() ? asio::ip::address{asio::ip::address_v6::loopback()} : asio::ip::address{asio::ip::address_v4::loopback()};
    if (!code) socket.connect({ip, port}, code);
    if (code) return fail(errors::no_server, fmt::format("No server answers at {}: {}.", address, code.message()));
    std::string head = fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n", method, path, address);
    if (!token.empty()) head += fmt::format("Authorization: Bearer {}\r\n", token);
    if (!json.empty()) head += "Content-Type: application/json\r\n";
    head += fmt::format("Content-Length: {}\r\n\r\n{}", json.size(), json);
    const auto answer = converse(socket, head);
    Response response;
    const auto body = answer.find("\r\n\r\n");
    if (!answer.starts_with("HTTP/1.1 ") || body == std::string::npos)
        return fail(errors::no_server, fmt::format("The server at {} did not answer in time.", address));
    std::from_chars(answer.data() + 9, answer.data() + 12, response.status);
    response.body = answer.substr(body + 4);
    return response;
}

}  // namespace parley::cli
