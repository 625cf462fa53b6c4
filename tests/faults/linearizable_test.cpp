// SPDX-License-Identifier: Apache-2.0
#include "faults/linearizable.hpp"

#include "faults/checker.hpp"

#include <gtest/gtest.h>
#include <random>

namespace parley::faults {
namespace {

constexpr std::int64_t room = 7, ann = 1;
constexpr int histories = 10'000;

/// Small histories: a true run of up to eight operations that overlap, in most of them with up to three things wrong.
class Generator {
public:
    explicit Generator(std::uint64_t seed) : chance_(seed) {}

    History next() {
        history_ = {};
        history_.conversations[room];
        const int operations = 1 + pick(8);
        for (int i = 0; i < operations; ++i) pick(3) == 0 ? read(i) : send(i);
        for (int wrong = pick(4); wrong > 0; --wrong) spoil();
        return history_;
    }

private:
    int pick(int below) { return static_cast<int>(chance_() % static_cast<std::uint64_t>(below)); }
    Conversation& log() { return history_.conversations[room]; }

    /// Around the moment at which the operation happens, so that neighbours overlap.
    Span span(int index) { return {index * 10 - pick(25), index * 10 + 1 + pick(25)}; }

    void read(int index) { history_.heads.push_back({"reader", room, log().last_seq, span(index)}); }

    void send(int index) {
        const auto key = std::to_string(pick(6));
        Send send{key, room, ann, "text", {}, Outcome::ok, 0, span(index)};
        const int fate = pick(6);
        if (fate == 0) send.outcome = Outcome::refused;
        if (fate == 1) send.outcome = Outcome::unknown;
        if (send.outcome == Outcome::ok || (fate == 1 && pick(2) == 0)) send.seq = place(key);
        if (send.outcome != Outcome::ok) send.seq = 0;
        history_.sends.push_back(send);
    }

    std::int64_t place(const std::string& key) {
        for (const auto& entry : log().log) {
            if (entry.key == key) return entry.seq;
        }
        const auto seq = ++log().last_seq;
        log().log.push_back({seq, "message.created", key, ann, seq, 0, "", key});
        log().messages[seq] = {ann, key, "text", {}, {}};
        return seq;
    }

    /// Changes one number: an answer, a read, or a moment.
    void spoil() {
        const int what = pick(4);
        if (what == 0 && !history_.sends.empty()) history_.sends[index_in(history_.sends)].seq += pick(2) == 0 ? 1 : -1;
        if (what == 1 && !history_.heads.empty()) history_.heads[index_in(history_.heads)].last_seq += pick(2) == 0 ? 1 : -1;
        if (what == 2 && !history_.sends.empty()) move(history_.sends[index_in(history_.sends)].span);
        if (what == 3 && !history_.heads.empty()) move(history_.heads[index_in(history_.heads)].span);
    }
    template <class T>
    std::size_t index_in(const std::vector<T>& all) {
        return chance_() % all.size();
    }
    void move(Span& span) {
        const auto by = pick(100) - 50;
        span = {span.begun + by, span.ended + by};
    }

    std::mt19937_64 chance_;
    History history_;
};

/// The rules that are about an order of sends and reads.
bool is_accepted(const History& history) {
    Anomalies found;
    check_logs(history, found);
    check_sends(history, found);
    check_order(history, found);
    check_heads(history, found);
    return found.empty();
}

TEST(FaultChecker, AgreesWithBruteForceOnTenThousandSmallHistories) {
    Generator generator{20'261'124};
    int accepted = 0, disagreements = 0;
    for (int i = 0; i < histories; ++i) {
        const auto history = generator.next();
        const bool linearizable = is_linearizable(history, room);
        if (linearizable != is_accepted(history)) ++disagreements;
        if (linearizable) ++accepted;
    }
    EXPECT_EQ(disagreements, 0);
    EXPECT_GT(accepted, histories / 4);
    EXPECT_LT(accepted, histories * 3 / 4);
}

}  // namespace
}  // namespace parley::faults
