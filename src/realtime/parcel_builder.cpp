// SPDX-License-Identifier: Apache-2.0
#include "realtime/parcel_builder.hpp"

#include "realtime/frames.hpp"

namespace parley::realtime {

void ParcelBuilder::add(const chat::EventRecorded& recorded) {
    if (!continues_run(recorded)) end_run();
    const auto& event = recorded.event;
    websocket::append_frame(run_bytes_, websocket::Opcode::text, event_frame(event));
    ends_.push_back(run_bytes_.size());
    // An edit shows the whole message: files, which change with the clock, may be in it.
    const bool is_lasting = !recorded.carries_files && recorded.kind != chat::EventKind::message_edited;
    parcel_.deliveries.push_back({.conversation = event.conversation_id,
                                  .seq = event.seq,
                                  .log_id = recorded.log_id,
                                  .kind = recorded.kind,
                                  .subject = recorded.subject,
                                  .frame = {},
                                  .text = recorded.text,
                                  .is_lasting = is_lasting,
                                  .run = {}});
}

void ParcelBuilder::add(const chat::ReadMarkMoved& moved) {
    parcel_.signals.push_back({moved.conversation, websocket::prepare_text(read_signal(moved.conversation, moved.user, moved.last_read_seq))});
}

/// Only messages: other events may change who is in the conversation, between one frame and the next.
bool ParcelBuilder::continues_run(const chat::EventRecorded& recorded) const {
    if (run_begin_ == parcel_.deliveries.size() || run_bytes_.size() >= most_run_bytes) return false;
    const auto& last = parcel_.deliveries.back();
    return last.conversation == recorded.event.conversation_id && last.kind == chat::EventKind::message_created &&
           recorded.kind == chat::EventKind::message_created;
}

void ParcelBuilder::end_run() {
    parcel_.bytes += run_bytes_.size();
    const auto whole = websocket::prepare_bytes(std::exchange(run_bytes_, {}));
    if (ends_.size() == 1) {
        parcel_.deliveries[run_begin_].frame = whole;
    } else if (!ends_.empty()) {
        parcel_.deliveries[run_begin_].run = {whole, ends_.size()};
        for (std::size_t i = 0, begin = 0; i < ends_.size(); begin = ends_[i++])
            parcel_.deliveries[run_begin_ + i].frame = websocket::part_of(whole, begin, ends_[i]);
    }
    run_begin_ = parcel_.deliveries.size();
    ends_.clear();
}

Parcel ParcelBuilder::take() {
    end_run();
    return std::move(parcel_);
}

}  // namespace parley::realtime
