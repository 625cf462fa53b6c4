// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "auth/signing_key.hpp"

#include "core/clock.hpp"
#include "core/random.hpp"
#include "core/result.hpp"

#include <chrono>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

namespace parley::auth {

struct KeyLifetimes {
    std::chrono::microseconds rotation_age;  // a key older than this signs no more
    std::chrono::microseconds overlap;       // how long it still verifies: the longest life of a token
};

/// The keys that sign tokens, each in a file `<folder>/<id>.pem`: folder 0700, files 0600. The newest signs, all of them verify.
/// Readers on any thread see the keys of one moment; one thread at a time rotates.
class KeyRing {
public:
    /// In the order they were made; never empty.
    using Keys = std::vector<std::shared_ptr<const SigningKey>>;

    /// Reads the folder, or makes it with its first key. `clock` and `random` outlive the ring.
    /// Errors: keys_unusable, whose detail names the file that is no key of ours or cannot be read. A half-written `*.pem.new` of a crash is passed
    /// over. Throws std::system_error where the first key cannot be written.
    static Result<std::unique_ptr<KeyRing>> open(const std::filesystem::path& folder, const Clock& clock, Random& random, KeyLifetimes lifetimes);
    /// For `open`: the keys that were read.
    KeyRing(std::filesystem::path folder, const Clock& clock, Random& random, KeyLifetimes lifetimes, Keys keys);

    /// The key to sign with.
    std::shared_ptr<const SigningKey> newest() const { return keys()->back(); }
    /// The key of this id, or null. Looks among the keys in memory only: an id out of a token never becomes a path.
    std::shared_ptr<const SigningKey> find(std::string_view id) const;

    /// Makes a new key if the newest has reached its age, then forgets keys, file and all, that no token can be signed with any more.
    /// True if the keys changed. Throws std::system_error if the disk refuses; the keys are then as before.
    bool rotate_if_due();

private:
    std::shared_ptr<const Keys> keys() const;
    void replace(Keys keys);

    const std::filesystem::path folder_;
    const Clock& clock_;
    Random& random_;
    const KeyLifetimes lifetimes_;
    // Guards the pointer, not the keys. Not std::atomic<std::shared_ptr>: in libstdc++ 12 its load() releases without ordering, which TSan reports.
    mutable std::mutex mutex_;
    std::shared_ptr<const Keys> keys_;
};

}  // namespace parley::auth
