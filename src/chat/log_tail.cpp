// SPDX-License-Identifier: Apache-2.0
#include "chat/log_tail.hpp"

#include "storage/errors.hpp"

#include <algorithm>
#include <mutex>

namespace parley::chat {

void LogTail::add(ConversationId conversation, const TailEntry& entry) {
    const std::scoped_lock lock{mutex_};
    tails_[conversation].push_back(entry);
    ++size_;
}

void LogTail::remove_last(ConversationId conversation) {
    const std::scoped_lock lock{mutex_};
    const auto found = tails_.find(conversation);
    found->second.pop_back();
    if (found->second.empty()) tails_.erase(found);
    --size_;
}

void LogTail::drop_up_to(std::int64_t log_id, std::uint64_t revision) {
    const std::scoped_lock lock{mutex_};
    dropped_at_revision_ = revision;
    std::size_t left = 0;
    for (auto it = tails_.begin(); it != tails_.end();) {
        auto& entries = it->second;
        entries.erase(entries.begin(), std::ranges::upper_bound(entries, log_id, {}, &TailEntry::log_id));
        left += entries.size();
        it = entries.empty() ? tails_.erase(it) : std::next(it);
    }
    size_ = left;
}

const LogTail::Entries* LogTail::find(const View& view, ConversationId conversation) const {
    if (view.revision < dropped_at_revision_) throw storage::SnapshotMoved{};
    const auto found = tails_.find(conversation);
    return found == tails_.end() ? nullptr : &found->second;
}

std::vector<TailEntry> LogTail::range(const View& view, ConversationId conversation, Seq after, Seq before, bool messages_only, std::size_t limit,
                                      bool newest) const {
    const std::shared_lock lock{mutex_};
    std::vector<TailEntry> found;
    const auto* entries = find(view, conversation);
    if (entries == nullptr) return found;
    const auto wanted = [&](const TailEntry& entry) { return entry.log_id <= view.last_log_id && (entry.is_message || !messages_only); };
    const auto begin = std::ranges::upper_bound(*entries, after, {}, &TailEntry::seq);
    const auto end = std::ranges::lower_bound(*entries, before, {}, &TailEntry::seq);
    if (newest) {
        for (auto it = end; it > begin && found.size() < limit;) {
            if (wanted(*--it)) found.push_back(*it);
        }
        std::ranges::reverse(found);
    } else {
        for (auto it = begin; it < end && found.size() < limit; ++it) {
            if (wanted(*it)) found.push_back(*it);
        }
    }
    return found;
}

std::optional<TailEntry> LogTail::last(const View& view, ConversationId conversation) const {
    const std::shared_lock lock{mutex_};
    const auto* entries = find(view, conversation);
    if (entries == nullptr) return std::nullopt;
    const auto end = std::ranges::upper_bound(*entries, view.last_log_id, {}, &TailEntry::log_id);
    if (end == entries->begin()) return std::nullopt;
    return *std::prev(end);
}

std::optional<TailEntry> LogTail::last_message(const View& view, ConversationId conversation) const {
    const auto found = range(view, conversation, 0, max_id, true, 1, true);
    if (found.empty()) return std::nullopt;
    return found.front();
}

std::optional<TailEntry> LogTail::last_message_of(const View& view, ConversationId conversation, UserId user) const {
    const std::shared_lock lock{mutex_};
    const auto* entries = find(view, conversation);
    if (entries == nullptr) return std::nullopt;
    for (auto it = entries->rbegin(); it != entries->rend(); ++it) {
        if (it->sender == user && it->is_message && it->log_id <= view.last_log_id) return *it;
    }
    return std::nullopt;
}

std::int64_t LogTail::last_log_id(const View& view, ConversationId conversation) const {
    const auto entry = last(view, conversation);
    return entry ? entry->log_id : 0;
}

std::vector<LogTail::Block> LogTail::sorted() const {
    const std::shared_lock lock{mutex_};
    std::vector<Block> blocks;
    blocks.reserve(tails_.size());
    for (const auto& [conversation, entries] : tails_) blocks.push_back({conversation, entries});
    std::ranges::sort(blocks, {}, &Block::conversation);
    return blocks;
}

}  // namespace parley::chat
