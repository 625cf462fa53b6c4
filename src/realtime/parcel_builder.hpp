// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "auth/announcements.hpp"
#include "chat/announcements.hpp"
#include "realtime/delivery.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace parley::realtime {

/// Makes the parcel of one commit. Messages that follow each other in one conversation become a run: their frames lie back to back in one piece of
/// memory, which goes to a socket as a whole.
class ParcelBuilder {
public:
    void add(const chat::EventRecorded& recorded);
    void add(const chat::ReadMarkMoved& moved);
    void add(const auth::SessionRevoked& revoked) { parcel_.ended_sessions.emplace_back(revoked.user, revoked.session); }

    /// Ends the parcel and gives it away.
    Parcel take();

private:
    /// A run is as long as this roughly, so that slow sockets are measured, and fast ones served, in pieces.
    static constexpr std::size_t most_run_bytes = 32 * 1024;

    bool continues_run(const chat::EventRecorded& recorded) const;
    void end_run();

    Parcel parcel_;
    std::size_t run_begin_ = 0;      // in parcel_.deliveries; those from here on have no frame yet
    std::string run_bytes_;          // their frames
    std::vector<std::size_t> ends_;  // of each frame in them
};

}  // namespace parley::realtime
