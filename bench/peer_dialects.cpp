// SPDX-License-Identifier: Apache-2.0
#include "dialect.hpp"

#include <fmt/format.h>
#include <charconv>

namespace parley::bench {
namespace {

/// https://docs.nats.io/reference/reference-protocols/nats-protocol
class Nats final : public Dialect {
public:
    void join(const Connection& connection, std::size_t, std::string& rest) override {
        connection.receive_until("\r\n", rest);  // INFO
        connection.send("CONNECT {\"verbose\":false,\"pedantic\":false}\r\nSUB group 1\r\nPING\r\n");
        connection.receive_until("PONG\r\n", rest);
    }
    void publish(std::string& out, std::string_view text) override { out += fmt::format("PUB group {}\r\n{}\r\n", text.size(), text); }
    std::size_t take(std::string_view& bytes, std::string& answer) override {
        std::size_t deliveries = 0;
        for (;;) {
            const auto end = bytes.find("\r\n");
            if (end == std::string_view::npos) return deliveries;
            const auto line = bytes.substr(0, end);
            std::size_t size = 0;
            if (line.starts_with("MSG")) {
                std::from_chars(line.data() + line.rfind(' ') + 1, line.data() + line.size(), size);
                if (bytes.size() < end + 2 + size + 2) return deliveries;
                size += 2;
                ++deliveries;
            } else if (line.starts_with("PING")) {
                answer += "PONG\r\n";
            }
            bytes.remove_prefix(end + 2 + size);
        }
    }
};

/// MQTT 3.1.1 (OASIS), sections 3.1, 3.3 and 3.8.
class Mqtt final : public Dialect {
public:
    void join(const Connection& connection, std::size_t member, std::string& rest) override {
        const auto id = fmt::format("m{}", member);
        std::string connect = std::string{"\x00\x04MQTT\x04\x02\x00\x00", 10} + sized(id);
        connection.send(packet(0x10, connect));
        receive_packet(connection, rest);  // CONNACK
        connection.send(packet(0x82, std::string{"\x00\x01", 2} + sized("group") + '\0'));
        receive_packet(connection, rest);  // SUBACK
    }
    void publish(std::string& out, std::string_view text) override { out += packet(0x30, sized("group") + std::string{text}); }
    std::size_t take(std::string_view& bytes, std::string&) override {
        std::size_t deliveries = 0;
        for (std::size_t size = 0; (size = whole_packet(bytes)) > 0; bytes.remove_prefix(size)) deliveries += (bytes[0] & 0xF0) == 0x30;
        return deliveries;
    }

private:
    static std::string sized(std::string_view text) { return std::string{'\0', static_cast<char>(text.size())} + std::string{text}; }
    static std::string packet(unsigned type, std::string_view body) {
        std::string out{static_cast<char>(type)};
        auto left = body.size();
        do {
            out += static_cast<char>((left & 0x7FU) | (left > 0x7FU ? 0x80U : 0U));
            left >>= 7U;
        } while (left > 0);
        return out.append(body);
    }
    /// Its size, or 0 if it is not there whole.
    static std::size_t whole_packet(std::string_view bytes) {
        std::size_t left = 0;
        for (std::size_t i = 1; i < bytes.size() && i < 5; ++i) {
            const auto byte = static_cast<unsigned char>(bytes[i]);
            left |= static_cast<std::size_t>(byte & 0x7FU) << 7U * (i - 1);
            if ((byte & 0x80U) == 0) return bytes.size() >= i + 1 + left ? i + 1 + left : 0;
        }
        return 0;
    }
    static void receive_packet(const Connection& connection, std::string& rest) {
        std::size_t size = 0;
        while ((size = whole_packet(rest)) == 0) {
            if (!connection.receive(rest)) throw std::runtime_error{"mosquitto ended a connection"};
        }
        rest.erase(0, size);
    }
};

/// RFC 6120, XEP-0175 (anonymous), XEP-0045 (rooms).
class Xmpp final : public Dialect {
public:
    void join(const Connection& connection, std::size_t member, std::string& rest) override {
        connection.send(stream);
        connection.receive_until("</stream:features>", rest);
        connection.send("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'/>");
        connection.receive_until("<success", rest);
        connection.send(stream);
        connection.receive_until("</stream:features>", rest);
        connection.send("<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>");
        connection.receive_until("</iq>", rest);
        connection.send(
            fmt::format("<presence to='group@conference.localhost/m{}'><x xmlns='http://jabber.org/protocol/muc'>"
                        "<history maxstanzas='0'/></x></presence>",
                        member));
        connection.receive_until("<subject", rest);
    }
    void publish(std::string& out, std::string_view text) override {
        out += fmt::format("<message to='group@conference.localhost' type='groupchat' id='s{}'><body>{}</body></message>", ++sent_, text);
    }
    std::size_t take(std::string_view& bytes, std::string&) override {
        constexpr std::string_view end = "</body>";
        std::size_t deliveries = 0;
        for (auto found = bytes.find(end); found != std::string_view::npos; found = bytes.find(end), ++deliveries)
            bytes.remove_prefix(found + end.size());
        return deliveries;
    }

private:
    static constexpr std::string_view stream =
        "<?xml version='1.0'?><stream:stream to='localhost' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>";
    std::uint64_t sent_ = 0;
};

}  // namespace

std::unique_ptr<Dialect> nats() { return std::make_unique<Nats>(); }
std::unique_ptr<Dialect> mqtt() { return std::make_unique<Mqtt>(); }
std::unique_ptr<Dialect> xmpp() { return std::make_unique<Xmpp>(); }

}  // namespace parley::bench
