// SPDX-License-Identifier: Apache-2.0
#include "users/profile_cache.hpp"

#include "users/announcements.hpp"

#include <utility>

namespace parley::users {

std::optional<UserRow> ProfileCache::find(UserId id) {
    auto& stripe = stripe_of(id);
    const std::scoped_lock lock{stripe.mutex};
    if (const auto young = stripe.young.find(id); young != stripe.young.end()) return young->second;
    auto found = stripe.old.extract(id);
    if (found.empty()) return std::nullopt;
    return stripe.young.insert(std::move(found)).position->second;
}

ProfileCache::Version ProfileCache::version(UserId id) {
    auto& stripe = stripe_of(id);
    const std::scoped_lock lock{stripe.mutex};
    return {stripe.changes};
}

void ProfileCache::keep(const UserRow& row, Version version) {
    auto& stripe = stripe_of(row.id);
    const std::scoped_lock lock{stripe.mutex};
    if (stripe.changes != version.changes) return;
    if (stripe.young.size() >= generation_rows) stripe.old = std::exchange(stripe.young, {});
    stripe.young.insert_or_assign(row.id, row);
}

void ProfileCache::committed(const storage::Announcements& announcements, Postbag&) {
    for (const auto& announcement : announcements) {
        const auto* changed = announcement->as<ProfileChanged>();
        if (changed == nullptr) continue;
        auto& stripe = stripe_of(changed->user);
        const std::scoped_lock lock{stripe.mutex};
        ++stripe.changes;
        stripe.young.erase(changed->user);
        stripe.old.erase(changed->user);
    }
}

}  // namespace parley::users
