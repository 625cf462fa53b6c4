// SPDX-License-Identifier: Apache-2.0
#include "websocket/decoder.hpp"

#include "core/utf8.hpp"

#include "unit/websocket/recorder.hpp"

#include <gtest/gtest.h>
#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>

namespace parley::websocket {
namespace {

using testing::decode_at_once;
using testing::decode_in_pieces;
using testing::Event;
using testing::Outcome;

constexpr Limits limits{.max_message_bytes = 400, .max_fragments = 6};

/// Makes streams a well-behaved client may send, and knows what they lead to.
class Client {
public:
    explicit Client(std::uint32_t seed) : chance_(seed) {}

    std::size_t below(std::size_t bound) { return chance_() % bound; }

    std::string stream(Outcome& expected) {
        std::string out;
        for (auto count = 1 + below(8); count > 0; --count) {
            if (below(4) == 0) send_control(out, expected);
            else send_message(out, expected);
        }
        if (below(4) == 0) send_close(out, expected);
        return out;
    }

    /// Breaks a few bytes: most of them change what the stream means, many make it invalid.
    void mutate(std::string& stream) {
        for (auto count = 1 + below(3); count > 0; --count) {
            const auto at = below(stream.size());
            switch (below(3)) {
                case 0: stream[at] = static_cast<char>(chance_()); break;
                case 1: stream[at] = static_cast<char>(stream[at] ^ (1 << below(8))); break;
                default: stream.erase(at, 1 + below(4)); break;
            }
            if (stream.empty()) stream = "\x81";
        }
    }

private:
    std::string characters(std::size_t max_bytes) {
        static constexpr std::array<std::string_view, 6> some{"a", "Z", "é", "€", "😀", "\U0010FFFF"};
        std::string text;
        while (text.size() + 4 <= max_bytes) text += some[below(some.size())];
        return text;
    }

    void send(std::string& out, Opcode opcode, std::string_view payload, bool fin) {
        append_masked_frame(out, opcode, payload, static_cast<std::uint32_t>(chance_()), fin);
    }

    void send_control(std::string& out, Outcome& expected) {
        const auto opcode = below(2) == 0 ? Opcode::ping : Opcode::pong;
        const auto payload = characters(below(max_control_bytes + 1));
        send(out, opcode, payload, true);
        expected.events.push_back({.kind = opcode, .payload = payload, .code = {}});
    }

    void send_message(std::string& out, Outcome& expected) {
        const auto kind = below(2) == 0 ? Opcode::text : Opcode::binary;
        const auto message = characters(below(limits.max_message_bytes + 1));
        std::string_view rest = message;
        auto opcode = kind;
        for (auto fragments = below(limits.max_fragments); fragments > 0; --fragments) {
            const auto size = below(rest.size() + 1);  // the cut may go through a character
            send(out, opcode, rest.substr(0, size), false);
            rest.remove_prefix(size);
            opcode = Opcode::continuation;
            if (below(3) == 0) send_control(out, expected);
        }
        send(out, opcode, rest, true);
        expected.events.push_back({.kind = kind, .payload = message, .code = {}});
    }

    void send_close(std::string& out, Outcome& expected) {
        const auto reason = characters(below(max_reason_bytes + 1));
        send(out, Opcode::close, close_payload(CloseCode::going_away, reason), true);
        out += "whatever follows";
        expected.events.push_back({.kind = Opcode::close, .payload = reason, .code = 1001});
        expected.end = Fed::closed;
    }

    std::mt19937 chance_;
};

void expect_same_in_pieces(Client& client, const std::string& stream, const Outcome& expected) {
    EXPECT_EQ(decode_in_pieces(stream, limits, [] { return 1U; }), expected);
    for (const std::size_t longest : {3U, 20U, 200U})
        EXPECT_EQ(decode_in_pieces(stream, limits, [&] { return 1 + client.below(longest); }), expected) << longest;
}

TEST(DecoderProperty, ValidStreamsLeadToWhatWasSentHoweverTheyAreCut) {
    for (std::uint32_t seed = 0; seed < 2000 && !::testing::Test::HasFailure(); ++seed) {
        SCOPED_TRACE(seed);
        Client client{seed};
        Outcome expected;
        const auto stream = client.stream(expected);
        EXPECT_EQ(decode_at_once(stream, limits), expected);
        expect_same_in_pieces(client, stream, expected);
    }
}

TEST(DecoderProperty, BrokenStreamsLeadToTheSameHoweverTheyAreCut) {
    std::size_t failures = 0;
    for (std::uint32_t seed = 0; seed < 4000 && !::testing::Test::HasFailure(); ++seed) {
        SCOPED_TRACE(seed);
        Client client{seed};
        Outcome ignored;
        auto stream = client.stream(ignored);
        client.mutate(stream);
        const auto outcome = decode_at_once(stream, limits);
        failures += outcome.end.has_value() ? 0 : 1;
        for (const auto& event : outcome.events) {
            EXPECT_LE(event.payload.size(), limits.max_message_bytes);
            EXPECT_TRUE(event.kind != Opcode::text || is_utf8(event.payload));
        }
        expect_same_in_pieces(client, stream, outcome);
    }
    EXPECT_GT(failures, 1000U);  // or the streams are hardly broken
}

}  // namespace
}  // namespace parley::websocket
