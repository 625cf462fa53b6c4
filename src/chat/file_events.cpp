// SPDX-License-Identifier: Apache-2.0
#include "chat/file_events.hpp"

#include "chat/recorder.hpp"
#include "groups/store.hpp"

namespace parley::chat {

files::OnGone record_files_gone(Log& log, const Clock& clock) {
    return [&log, &clock](storage::Transaction& tx, files::GoneBy how, std::optional<UserId> actor, FileId file,
                          std::span<const files::FileUse> uses) -> Result<void> {
        Recorder recorder{log, tx, clock.now()};
        const auto kind = how == files::GoneBy::expiry ? EventKind::file_expired : EventKind::file_deleted;
        for (const auto& use : uses) {
            if (groups::find_conversation(tx, use.conversation)) recorder.file_gone(kind, use.conversation, use.message_seq, file, actor);
        }
        return {};
    };
}

}  // namespace parley::chat
