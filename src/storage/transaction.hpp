// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.hpp"
#include "storage/connection.hpp"
#include "storage/errors.hpp"

#include <concepts>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <typeinfo>
#include <utility>
#include <vector>

namespace parley::storage {

/// Something that happened, for those who want to know once it is durable: realtime, and later search, webhooks, push, audit.
class Announcement {
public:
    Announcement() = default;
    Announcement(const Announcement&) = delete;
    Announcement& operator=(const Announcement&) = delete;
    virtual ~Announcement() = default;

    /// This announcement as an Event, if it is exactly that.
    template <std::derived_from<Announcement> Event>
    const Event* as() const noexcept {
        return typeid(*this) == typeid(Event) ? static_cast<const Event*>(this) : nullptr;
    }
};

using Announcements = std::vector<std::unique_ptr<const Announcement>>;

/// The connection of one write job. Everything the job does stands or falls together; other jobs of the same commit are not touched by its failure.
class Transaction final : public Connection {
public:
    explicit Transaction(Connection& driver) : driver_(driver) {}

    /// Tells `event` to the listeners after the commit, in the order of the announcements. A job that fails announces nothing.
    template <std::derived_from<Announcement> Event>
    void announce(std::unique_ptr<Event> event) {
        announcements_.push_back(std::move(event));
    }

    /// Registers how to take back what the job changed in memory; called in reverse order if the job or its commit fails.
    void on_undo(std::function<void()> undo) { undo_.push_back(std::move(undo)); }

    /// Says that text was removed which must not stay anywhere in the data folder: the writer empties the log of old pages within seconds.
    void scrub() noexcept { scrub_ = true; }

    /// For jobs that add data: refused (errors::full) while the disk is down to its headroom, which is kept for deleting.
    Result<void> require_room() const {
        if (!has_room_) return fail(errors::full);
        return {};
    }

    std::uint64_t revision() const noexcept override { return driver_.revision(); }

private:
    friend class BatchTransaction;
    Cursor& prepare(std::string_view sql) override { return prepare_on(driver_, sql); }

    Connection& driver_;
    Announcements announcements_;
    std::vector<std::function<void()>> undo_;
    bool scrub_ = false;
    bool has_room_ = true;
};

/// A driver's view of the transaction that all jobs of one commit share.
class BatchTransaction {
public:
    explicit BatchTransaction(Connection& driver) : transaction_(driver) {}

    Transaction& transaction() noexcept { return transaction_; }

    /// Where the batch stands, to come back to when the next job fails.
    struct Mark {
        std::size_t announcements, undo;
        bool scrub;
    };
    Mark mark() const noexcept { return {transaction_.announcements_.size(), transaction_.undo_.size(), transaction_.scrub_}; }
    void undo_to(Mark mark);
    void undo_all() { undo_to({0, 0, false}); }

    void set_room(bool has_room) noexcept { transaction_.has_room_ = has_room; }
    bool scrub_asked() const noexcept { return transaction_.scrub_; }
    Announcements take_announcements() noexcept { return std::exchange(transaction_.announcements_, {}); }
    /// After the commit: nothing can be undone any more.
    void settle() noexcept {
        transaction_.undo_.clear();
        transaction_.scrub_ = false;
    }

private:
    Transaction transaction_;
};

}  // namespace parley::storage
