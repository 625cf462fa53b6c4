// SPDX-License-Identifier: Apache-2.0
#include "realtime/replay.hpp"

#include "chat/view.hpp"
#include "groups/store.hpp"
#include "realtime/errors.hpp"

#include <algorithm>

namespace parley::realtime {
namespace {

/// The own member.left of who is no member any more, `after` if there is none: up to there they may read what they missed.
Seq end_of_membership(const chat::LogReader& log, ConversationId conversation, Seq after, UserId user) {
    constexpr std::int64_t rows_at_once = 200;
    Seq end = after;
    for (auto position = after;;) {
        const auto rows = log.events(conversation, position, rows_at_once);
        for (const auto& row : rows) {
            if (row.event_kind() == chat::EventKind::member_left && row.subject == user.value) end = row.seq;
        }
        if (std::ssize(rows) < rows_at_once) return end;
        position = rows.back().seq;
    }
}

}  // namespace

/// Waits until little of the outbox is left to send.
auto Replay::drained() {
    struct Awaiter {
        Replay& replay;
        bool await_ready() const noexcept { return replay.session_.waiting_bytes() < page_bytes || !replay.session_.is_open(); }
        void await_suspend(std::coroutine_handle<> waiting) const noexcept {
            replay.waiting_for_drain_ = waiting;
            replay.session_.await_drain();
        }
        void await_resume() const noexcept {}
    };
    return Awaiter{*this};
}

auto Replay::turn() {
    struct Awaiter {
        Replay& replay;
        bool await_ready() const noexcept { return !std::exchange(replay.busy_, true); }
        void await_suspend(std::coroutine_handle<> waiting) const { replay.queue_.push_back(waiting); }
        void await_resume() const noexcept {}
    };
    return Awaiter{*this};
}

void Replay::pass_turn() {
    if (queue_.empty()) {
        busy_ = false;
        return;
    }
    const auto next = queue_.front();
    queue_.pop_front();
    next.resume();
}

void Replay::on_drained() {
    if (waiting_for_drain_) std::exchange(waiting_for_drain_, {}).resume();
}

bool Replay::take(const Delivery& delivery) {
    if (held_ == nullptr) return false;
    const auto found = held_->find(delivery.conversation);
    if (found == held_->end()) return false;
    auto& held = found->second;
    if (held.skip_up_to > 0) {
        const bool replayed = delivery.seq <= held.skip_up_to;
        if (delivery.seq >= held.skip_up_to) forget(delivery.conversation);
        return replayed;
    }
    if (held.overflowed) return true;
    const auto bytes = delivery.frame->bytes().size();
    if (held_bytes_ + bytes > page_bytes * 2) {
        for (const auto& [seq, frame] : held.events) held_bytes_ -= frame->bytes().size();
        held.events.clear();
        held.overflowed = true;
        return true;
    }
    held_bytes_ += bytes;
    held.events.emplace_back(delivery.seq, delivery.frame);
    return true;
}

void Replay::forget(ConversationId conversation) {
    held_->erase(conversation);
    if (held_->empty()) held_.reset();
}

bool Replay::release(ConversationId conversation, Seq replayed_up_to) {
    auto& held = held_->at(conversation);
    auto events = std::exchange(held.events, {});
    for (const auto& [seq, frame] : events) held_bytes_ -= frame->bytes().size();
    if (std::exchange(held.overflowed, false)) return false;
    for (const auto& [seq, frame] : events) {
        if (seq > replayed_up_to) session_.send(frame);
    }
    const auto reached = events.empty() ? replayed_up_to : std::max(replayed_up_to, events.back().first);
    // The log may be ahead of the hub: what was replayed comes by once more.
    if (hub_.last_seq(conversation) < reached) held.skip_up_to = reached;
    else forget(conversation);
    return true;
}

/// Lets live events of a conversation through again that is not replayed; gives the position from which they come.
Seq Replay::release_truncated(ConversationId conversation, Seq head) {
    if (release(conversation, head)) return head;
    const auto thrown_away_up_to = std::max(head, hub_.last_seq(conversation));
    release(conversation, thrown_away_up_to);
    return thrown_away_up_to;
}

bool Replay::thrown_away() const {
    return held_ != nullptr && std::ranges::any_of(*held_, [](const auto& entry) { return entry.second.overflowed; });
}

void Replay::release_all() {
    std::vector<ConversationId> all;
    if (held_ != nullptr) {
        for (const auto& [conversation, held] : *held_) {
            if (held.skip_up_to == 0) all.push_back(conversation);
        }
    }
    for (const auto conversation : all) release(conversation, held_->at(conversation).replayed_before);
}

Task<Result<ResumedData>> Replay::run(Caller caller, const ResumeFrame& frame) {
    co_await turn();
    auto result = co_await run_in_turn(caller, frame);
    // Before anything was replayed all is as it was. A replay that breaks off, or events nobody has any more, would be a gap.
    if (!result && &result.error().kind() == &errors::resync_required && !thrown_away()) release_all();
    else if (!result) session_.close(websocket::CloseCode::internal_error, result.error().detail());
    pass_turn();
    co_return result;
}

/// Holds back the conversations the user is in; others are left out.
std::vector<Replay::Behind> Replay::hold(Caller caller, const Positions& positions) {
    const auto rooms = hub_.rooms_of(caller.user);
    std::vector<Behind> wanted;
    for (const auto& [conversation, position] : positions.by_conversation) {
        if (!rooms.contains(conversation)) continue;
        if (held_ == nullptr) held_ = std::make_unique<std::unordered_map<ConversationId, Held>>();
        auto& held = (*held_)[conversation];
        held.replayed_before = std::exchange(held.skip_up_to, 0);  // what an earlier resume would have skipped, this one replays anew
        // Where the log is ahead of the hub, only the log knows all.
        held.recent = held.replayed_before == 0 ? hub_.recent(conversation, position, page_bytes) : std::nullopt;
        wanted.push_back({conversation, position, {}});
        if (held.recent) wanted.back().head = position + std::ssize(*held.recent);
    }
    return wanted;
}

Task<Result<void>> Replay::find_heads(std::vector<Behind>& wanted) {
    if (std::ranges::all_of(wanted, [](const Behind& one) { return one.head.has_value(); })) co_return Result<void>{};
    co_return co_await chat_.db.read([&](storage::Connection& db) -> Result<void> {
        const auto log = chat_.log.on(db);
        for (auto& one : wanted) {
            if (!one.head) one.head = log.head(one.conversation).seq;
        }
        return {};
    });
}

bool Replay::send_recent(Behind& one, ResumedData& data) {
    const auto recent = std::exchange(held_->at(one.conversation).recent, std::nullopt);
    if (!recent) return false;
    for (const auto& frame : *recent) session_.send(frame);
    one.position += std::ssize(*recent);
    if (!release(one.conversation, one.position)) return false;
    data.conversations.push_back({one.conversation, one.position});
    return true;
}

Task<Result<ResumedData>> Replay::run_in_turn(Caller caller, const ResumeFrame& frame) {
    if (frame.epoch != chat_.epoch) co_return fail(errors::resync_required);
    auto wanted = hold(caller, frame.positions);
    CO_CHECK(co_await find_heads(wanted));
    if (std::ranges::any_of(wanted, [](const Behind& one) { return one.position > *one.head; })) co_return fail(errors::resync_required);
    ResumedData data;
    std::deque<Behind> behind;
    for (auto& one : wanted) {
        if (*one.head - one.position > furthest_behind) {
            data.truncated.push_back({one.conversation, release_truncated(one.conversation, *one.head)});
        } else if (!send_recent(one, data)) {
            behind.push_back(one);
        } else {
            co_await drained();
        }
    }
    while (!behind.empty() && session_.is_open()) {
        CO_TRY(const auto page, co_await read_page(caller, behind));
        send_page(page, behind, data);
        co_await drained();
    }
    co_return data;
}

/// The next events of the first conversations, as many as fit a page.
Task<Result<Replay::Page>> Replay::read_page(Caller caller, const std::deque<Behind>& wanted) {
    co_return co_await chat_.db.read([&](storage::Connection& db) -> Result<Page> {
        const auto log = chat_.log.on(db);
        const auto now = chat_.clock.now();
        Page page;
        std::int64_t events = 0;
        std::size_t bytes = 0;
        for (const auto& one : wanted) {
            if (events >= page_events || bytes >= page_bytes) break;
            Page::Part part{one.conversation, {}, one.position, true};
            auto rows = log.events(one.conversation, one.position, page_events - events);
            // Who was removed meanwhile reads on to that, and nothing behind it.
            if (!groups::find_member(db, one.conversation, caller.user)) {
                const auto end = end_of_membership(log, one.conversation, one.position, caller.user);
                std::erase_if(rows, [end](const chat::LogRow& row) { return row.seq > end; });
            }
            part.complete = std::ssize(rows) < page_events - events;
            for (const auto& row : rows) {
                if (bytes >= page_bytes) {
                    part.complete = false;
                    break;
                }
                part.frames.push_back(websocket::prepare_text(event_frame(chat::to_event(db, log, row, now))));
                part.last_seq = row.seq;
                bytes += part.frames.back()->bytes().size();
            }
            events += std::ssize(part.frames);
            page.parts.push_back(std::move(part));
        }
        return page;
    });
}

void Replay::send_page(const Page& page, std::deque<Behind>& wanted, ResumedData& data) {
    for (const auto& part : page.parts) {
        for (const auto& frame : part.frames) session_.send(frame);
        wanted.pop_front();
        const bool held = held_ != nullptr && held_->contains(part.conversation);
        if (part.complete && (!held || release(part.conversation, part.last_seq))) data.conversations.push_back({part.conversation, part.last_seq});
        else wanted.push_front({part.conversation, part.last_seq, {}});
        if (!wanted.empty() && wanted.front().conversation == part.conversation) return;  // it goes on before the next one
    }
}

}  // namespace parley::realtime
