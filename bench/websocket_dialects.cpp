// SPDX-License-Identifier: Apache-2.0
#include "dialect.hpp"
#include "frames.hpp"
#include "websocket/deflate.hpp"
#include "world.hpp"

#include <fmt/format.h>
#include <stdexcept>
#include <utility>

namespace parley::bench {
namespace {

constexpr std::size_t most_text_bytes = 65'536;

class WebSocketDialect : public Dialect {
public:
    WebSocketDialect(std::uint16_t port, std::string target) : port_(port), target_(std::move(target)) {}

    void join(const Connection& connection, std::size_t member, std::string& rest) override {
        connection.send(upgrade_request(port_, target_, headers(member)));
        const auto head = connection.receive_until("\r\n\r\n", rest);
        if (status_in(head) != 101) throw std::runtime_error{"no upgrade: " + head.substr(0, head.find('\r'))};
        greet(connection, rest);
    }
    void publish(std::string& out, std::string_view text) override { add_client_frame(out, Opcode::text, text); }
    std::size_t take(std::string_view& bytes, std::string& answer) override {
        std::size_t deliveries = 0;
        while (const auto frame = take_server_frame(bytes)) {
            if (frame->opcode == Opcode::ping) add_client_frame(answer, Opcode::pong, frame->payload);
            else if (frame->opcode == Opcode::close) throw std::runtime_error{"a server closed a socket"};
            else if (is_delivery(text_of(*frame), answer)) ++deliveries;
        }
        return deliveries;
    }

protected:
    virtual std::string headers(std::size_t) { return {}; }
    virtual void greet(const Connection&, std::string&) {}
    virtual bool is_delivery(std::string_view, std::string&) { return true; }

    /// Waits for one frame.
    static std::string receive_frame(const Connection& connection, std::string& rest) {
        for (;;) {
            std::string_view bytes = rest;
            if (const auto frame = take_server_frame(bytes)) {
                std::string text{frame->payload};
                rest.erase(0, rest.size() - bytes.size());
                return text;
            }
            if (!connection.receive(rest)) throw std::runtime_error{"a server ended a socket"};
        }
    }

private:
    std::string_view text_of(const ServerFrame& frame) {
        if (!frame.is_compressed) return frame.payload;
        auto text = websocket::inflate(frame.payload, most_text_bytes);
        if (!text) throw std::runtime_error{"a server sent what is no DEFLATE"};
        return inflated_ = std::move(*text);
    }

    std::uint16_t port_;
    std::string target_;
    std::string inflated_;
};

class SocketIo final : public WebSocketDialect {
public:
    explicit SocketIo(std::uint16_t port) : WebSocketDialect(port, "/socket.io/?EIO=4&transport=websocket") {}
    void publish(std::string& out, std::string_view text) override {
        add_client_frame(out, Opcode::text, R"(42["message",")" + std::string{text} + R"("])");
    }

private:
    void greet(const Connection& connection, std::string& rest) override {
        receive_frame(connection, rest);  // open
        std::string connect;
        add_client_frame(connect, Opcode::text, "40");
        connection.send(connect);
        receive_frame(connection, rest);
    }
    bool is_delivery(std::string_view payload, std::string& answer) override {
        if (payload == "2") add_client_frame(answer, Opcode::text, "3");  // its ping
        return payload.starts_with("42");
    }
};

class ParleySocket final : public WebSocketDialect {
public:
    ParleySocket(std::uint16_t port, std::vector<std::string> access_tokens, std::int64_t conversation, bool offers_deflate)
        : WebSocketDialect(port, "/api/v1/realtime"),
          offers_deflate_(offers_deflate),
          access_tokens_(std::move(access_tokens)),
          conversation_(conversation),
          client_ids_(11) {}
    void publish(std::string& out, std::string_view text) override {
        const auto client_id = client_ids_.next(static_cast<std::int64_t>(++sent_));
        add_client_frame(out, Opcode::text,
                         fmt::format(R"({{"id":{},"type":"message.send","conversation_id":{},"text":"{}","client_id":"{}"}})", sent_, conversation_,
                                     text, client_id));
    }

private:
    std::string headers(std::size_t member) override {
        return std::string{offers_deflate_ ? "Sec-WebSocket-Extensions: permessage-deflate\r\n" : ""} +
               "Sec-WebSocket-Protocol: parley.v1\r\nAuthorization: Bearer " + access_tokens_.at(member) + "\r\n";
    }
    void greet(const Connection& connection, std::string& rest) override { receive_frame(connection, rest); }  // hello
    bool is_delivery(std::string_view payload, std::string&) override {
        if (payload.starts_with(R"({"type":"error")")) throw std::runtime_error{"the server says: " + std::string{payload}};
        return payload.starts_with(R"({"type":"event")");
    }

    bool offers_deflate_;
    std::vector<std::string> access_tokens_;
    std::int64_t conversation_;
    ClientIds client_ids_;
    std::uint64_t sent_ = 0;
};

}  // namespace

std::unique_ptr<Dialect> plain_websocket(std::uint16_t port) { return std::make_unique<WebSocketDialect>(port, "/"); }
std::unique_ptr<Dialect> socket_io(std::uint16_t port) { return std::make_unique<SocketIo>(port); }
std::unique_ptr<Dialect> parley_socket(std::uint16_t port, std::vector<std::string> access_tokens, std::int64_t conversation, bool offers_deflate) {
    return std::make_unique<ParleySocket>(port, std::move(access_tokens), conversation, offers_deflate);
}

}  // namespace parley::bench
