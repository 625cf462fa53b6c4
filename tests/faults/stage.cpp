// SPDX-License-Identifier: Apache-2.0
#include "faults/stage.hpp"

#include "support/connection.hpp"

#include <limits>

namespace parley::faults {
namespace {

/// What broke in trouble may show a little later.
constexpr std::chrono::seconds shows_within{3};

}  // namespace

void Stage::open(const std::string& address) {
    const std::scoped_lock lock{mutex_};
    life_ = {life_.number + 1, address};
    up_ = true;
    doomed_ = false;
    changed_.notify_all();
}

void Stage::doom() {
    const std::scoped_lock lock{mutex_};
    doomed_ = true;
}

void Stage::close() {
    const std::scoped_lock lock{mutex_};
    up_ = false;
    changed_.notify_all();
}

void Stage::pause() {
    const std::scoped_lock lock{mutex_};
    paused_ = true;
}

void Stage::go_on() {
    const std::scoped_lock lock{mutex_};
    paused_ = false;
    changed_.notify_all();
}

void Stage::begin_trouble() {
    const std::scoped_lock lock{mutex_};
    troubled_ = true;
    troubles_.push_back({moment_ns(), std::numeric_limits<std::int64_t>::max()});
}

void Stage::end_trouble() {
    const std::scoped_lock lock{mutex_};
    troubled_ = false;
    troubles_.back().ended = moment_ns();
    calm_since_ = testing::moment();
}

bool Stage::troubled() {
    const std::scoped_lock lock{mutex_};
    return troubled_ || testing::moment() < calm_since_ + shows_within;
}

void Stage::finish() {
    const std::scoped_lock lock{mutex_};
    finished_ = true;
    changed_.notify_all();
}

std::vector<Span> Stage::troubles() {
    const std::scoped_lock lock{mutex_};
    return troubles_;
}

std::optional<Stage::Life> Stage::next_life(std::uint64_t seen) {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [&] { return finished_ || (up_ && life_.number > seen); });
    if (finished_) return std::nullopt;
    return life_;
}

bool Stage::alive(std::uint64_t number) {
    const std::scoped_lock lock{mutex_};
    return goes_on(number);
}

bool Stage::may_write(std::uint64_t number) {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [&] { return !paused_ || !goes_on(number); });
    return goes_on(number);
}

bool Stage::rest(std::uint64_t number, std::chrono::milliseconds time) {
    std::unique_lock lock{mutex_};
    return !changed_.wait_for(lock, time, [&] { return !goes_on(number); });
}

bool Stage::ends_within(std::uint64_t number, std::chrono::milliseconds limit) {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, limit, [&] { return doomed_ || !up_ || life_.number != number; });
}

void Stage::acknowledged() {
    const auto count = ++acknowledged_;
    if (count != awaited_) return;
    const std::scoped_lock lock{mutex_};
    changed_.notify_all();
}

bool Stage::wait_for_acknowledgements(std::uint64_t more, std::chrono::milliseconds limit) {
    std::unique_lock lock{mutex_};
    const auto target = acknowledged_ + more;
    awaited_ = target;
    return changed_.wait_for(lock, limit, [&] { return acknowledged_ >= target; });
}

}  // namespace parley::faults
