// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chat/context.hpp"
#include "chat/types.hpp"
#include "core/caller.hpp"
#include "core/task.hpp"
#include "jobs/left.hpp"

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace parley::chat {

/// Conversations as their members find them: the list, direct ones, mute, read marks, and what changed since.
class Conversations {
public:
    explicit Conversations(Context& context) : context_(context) {}

    /// Error: not_found for what is neither one's own nor public.
    Task<Result<Conversation>> find(Caller caller, ConversationId id);

    struct List {
        std::vector<Conversation> items;
        std::optional<std::int64_t> next;  // log id of the last one's activity, if there may be more
    };
    /// One's own, the latest activity first, those whose activity lies before `before`.
    Task<Result<List>> list(Caller caller, std::optional<std::int64_t> before, std::int64_t limit);

    struct Opened {
        Conversation conversation;
        bool created = false;
    };
    /// The conversation of two people, made if there is none; one, however many ask at once. Errors: with_oneself, not_found.
    Task<Result<Opened>> open_direct(Caller caller, UserId peer);
    Task<Result<Conversation>> mute(Caller caller, ConversationId id, std::optional<Timestamp> until);
    /// Moves one's read mark forward, at most to the end.
    Task<Result<ReadMark>> read_up_to(Caller caller, ConversationId id, Seq seq);

    /// How far a `sync` has come. What is no event, such as a read mark, counts as a change at the event that follows; until that is there, `edge` is
    /// a digest of such changes, so that they are not told again and again.
    struct SyncPosition {
        std::int64_t log_id = 0;
        std::uint64_t edge = 0;
    };
    struct Changes {
        Sync sync;
        SyncPosition position;  // of the cursor
    };
    /// All of one's own, or those in which something happened after a position. Never misses one; may repeat one.
    Task<Result<Changes>> sync(Caller caller, std::optional<SyncPosition> after);

    /// The job that a deletion leaves behind: erases the conversation's log, a slice at a time.
    static constexpr std::string_view erase_job = "chat.erase_conversation";
    Task<Result<jobs::Left>> erase(ConversationId id);

private:
    Context& context_;
};

}  // namespace parley::chat
