// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "faults/client.hpp"
#include "faults/history.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace parley::faults {

/// Who there is, and where they talk.
struct World {
    std::map<std::string, Account> people;
    std::map<std::int64_t, std::vector<std::string>> members;  // of each conversation; the first can read all of it in the end
    std::int64_t hot = 0, calm = 0, gate = 0, direct = 0;      // conversations; at the gate guests come and go

    const Account& of(const std::string& name) const { return people.at(name); }
    /// The same people on a server that was restored from this one's backup.
    World signed_in_again(const std::string& address) const;
    /// The conversations somebody is in.
    std::vector<std::int64_t> conversations_of(const std::string& name) const;
};

World make_world(const std::string& address);

/// What everything is in the end, by what the API says: into `history`.
void read_final_state(const World& world, const std::string& address, History& history);
/// The names of the files in the blob folder.
std::vector<std::string> blobs_in(const std::filesystem::path& data_folder);
/// What the database of a server that has ended says of its blobs and of itself.
Disk read_disk(const std::filesystem::path& data_folder);

}  // namespace parley::faults
