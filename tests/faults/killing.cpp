// SPDX-License-Identifier: Apache-2.0
#include "faults/killing.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <csignal>

namespace parley::faults {
namespace {

/// Authors that get no answer at all for so long: the server hangs.
constexpr std::chrono::seconds longest_silence{15};
constexpr int most_acknowledgements = 250;

}  // namespace

std::chrono::milliseconds Killing::some(int least, int most) {
    return std::chrono::milliseconds{least + static_cast<int>(chance_() % static_cast<std::uint64_t>(most - least + 1))};
}

Moment Killing::pick_moment() {
    if (deck_.empty()) {
        using enum Moment;
        deck_ = {acknowledgement, acknowledgement, acknowledgement, acknowledgement, any, any, lull, lull, starting, starting, draining, draining};
        std::ranges::shuffle(deck_, chance_);
    }
    const auto moment = deck_.back();
    deck_.pop_back();
    return moment;
}

void Killing::kill_once() {
    const auto moment = pick_moment();
    wait_for(moment);
    end(moment);
    stage_.close();
    if (moment == Moment::starting) {
        server_.launch();
        const auto usual = starts_.empty() ? std::chrono::milliseconds{300} : starts_.back();
        let_run(some(0, static_cast<int>(usual.count())));
        server_.kill();
        count(moment);
    }
    stage_.go_on();
    starts_.push_back(server_.start());
    stage_.open(server_.address());
}

void Killing::let_run(std::chrono::milliseconds time) {
    if (const auto code = server_.wait_for_exit(time)) {
        surprises_.push_back(fmt::format("the server ended by itself: {}", *code));
        stage_.close();
        starts_.push_back(server_.start());
        stage_.open(server_.address());
    }
}

void Killing::wait_for(Moment moment) {
    if (moment == Moment::acknowledgement) {
        if (!stage_.wait_for_acknowledgements(1 + chance_() % most_acknowledgements, longest_silence))
            surprises_.emplace_back("authors were not answered any more");
        return;
    }
    let_run(some(50, 700));
    if (moment != Moment::lull) return;
    stage_.pause();
    let_run(some(150, 500));
}

void Killing::end(Moment moment) {
    stage_.doom();
    if (moment == Moment::draining) return end_draining();
    server_.kill();
    count(moment);
}

void Killing::end_draining() {
    server_.signal(SIGTERM);
    if (const auto code = server_.wait_for_exit(some(0, 300))) {
        if (*code != 0) surprises_.push_back(fmt::format("the drained server ended with {}", *code));
        return;
    }
    server_.kill();
    count(Moment::draining);
}

void Killing::count(Moment moment) {
    ++kills_;
    ++kills_by_moment_[moment];
}

}  // namespace parley::faults
