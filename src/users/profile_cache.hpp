// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/database.hpp"
#include "users/types.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <unordered_map>

namespace parley::users {

/// Users as they are stored, for the requests that show one: a look here instead of a way to a reader's thread and back, which costs more than the
/// rest of such a request. Used by all shards.
///
/// What a request finds is never older than the last change that was acknowledged: the writer forgets a user before it answers, and a row that was
/// read while anybody changed is not kept.
class ProfileCache final : public storage::CommitListener {
public:
    virtual ~ProfileCache() = default;

    std::optional<UserRow> find(UserId id);

    /// How many changes there were, asked before a row is read from the database.
    struct Version {
        std::uint64_t changes = 0;
    };
    Version version(UserId id);
    /// Keeps a row that was read after `version` was asked, unless something changed since.
    void keep(const UserRow& row, Version version);

    void committed(const storage::Announcements& announcements, Postbag& postbag) override;

private:
    /// Bounded by two generations: when the young one is full it becomes the old one, and what is asked for again moves back.
    struct Stripe {
        std::mutex mutex;
        std::uint64_t changes = 0;
        std::unordered_map<UserId, UserRow> young, old;
    };
    static constexpr std::size_t stripes = 16, generation_rows = 512;  // at most 16 384 rows, about 5 MiB
    Stripe& stripe_of(UserId id) noexcept { return stripes_[static_cast<std::size_t>(id.value) % stripes]; }

    std::array<Stripe, stripes> stripes_;
};

}  // namespace parley::users
