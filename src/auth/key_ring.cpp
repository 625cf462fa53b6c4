// SPDX-License-Identifier: Apache-2.0
#include "auth/key_ring.hpp"

#include "auth/errors.hpp"

#include "storage/data_folder.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

namespace parley::auth {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view suffix = ".pem";
constexpr std::uintmax_t max_file_bytes = 4096;

auto unusable(const fs::path& path, std::string_view why) { return fail(errors::keys_unusable, fmt::format("{}: {}.", path.string(), why)); }

/// A key file under a name we give, read into a key. Only regular files: a link would lead out of the folder.
Result<std::shared_ptr<const SigningKey>> read_key(const fs::directory_entry& entry) {
    const auto& path = entry.path();
    if (!entry.is_regular_file() || entry.is_symlink() || path.extension() != suffix || !is_key_id(path.stem().string()))
        return unusable(path, "this file does not belong into the folder of the signing keys");
    // Restoring a backup may have opened the file to others; the owner's wish is known.
    fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
    std::ifstream file{path, std::ios::binary};
    std::string pem;
    if (entry.file_size() <= max_file_bytes) pem.assign(std::istreambuf_iterator<char>{file}, {});
    if (!file) return unusable(path, "the signing key cannot be read");
    auto key = SigningKey::from_pem(path.stem().string(), pem);
    if (!key) return unusable(path, "this is no Ed25519 signing key of Parley");
    return std::make_shared<const SigningKey>(*std::move(key));
}

bool is_left_over(const fs::path& path) { return path.string().ends_with(".pem.new"); }

fs::path path_of(const fs::path& folder, const SigningKey& key) { return folder / fmt::format("{}{}", key.id(), suffix); }

Result<KeyRing::Keys> read_folder(const fs::path& folder) {
    KeyRing::Keys keys;
    fs::create_directories(folder);
    fs::permissions(folder, fs::perms::owner_all);
    for (const auto& entry : fs::directory_iterator{folder}) {
        if (is_left_over(entry.path())) continue;
        TRY(auto key, read_key(entry));
        keys.push_back(std::move(key));
    }
    std::ranges::sort(keys, {}, [](const auto& key) { return std::pair{key->made_at(), key->id()}; });
    return keys;
}

std::shared_ptr<const SigningKey> make_key(const fs::path& folder, Timestamp now, Random& random) {
    auto key = std::make_shared<const SigningKey>(SigningKey::make(now, random));
    storage::write_file_durably(path_of(folder, *key), key->to_pem());
    return key;
}

}  // namespace

Result<std::unique_ptr<KeyRing>> KeyRing::open(const fs::path& folder, const Clock& clock, Random& random, KeyLifetimes lifetimes) {
    try {
        TRY(auto keys, read_folder(folder));
        if (keys.empty()) keys.push_back(make_key(folder, clock.now(), random));
        return std::make_unique<KeyRing>(folder, clock, random, lifetimes, std::move(keys));
    } catch (const fs::filesystem_error& error) {
        return unusable(error.path1(), error.code().message());
    }
}

KeyRing::KeyRing(fs::path folder, const Clock& clock, Random& random, KeyLifetimes lifetimes, Keys keys)
    : folder_(std::move(folder)),
      clock_(clock),
      random_(random),
      lifetimes_(lifetimes),
      keys_(std::make_shared<const Keys>(std::move(keys))) {}

std::shared_ptr<const SigningKey> KeyRing::find(std::string_view id) const {
    const auto keys = this->keys();
    const auto found = std::ranges::find(*keys, id, [](const auto& key) -> std::string_view { return key->id(); });
    return found == keys->end() ? nullptr : *found;
}

bool KeyRing::rotate_if_due() {
    const auto now = clock_.now();
    Keys kept = *keys(), dropped;
    const bool due = now - kept.back()->made_at() >= lifetimes_.rotation_age;
    if (due) kept.push_back(make_key(folder_, now, random_));
    // A key has signed until its successor was made; the tokens of that moment end one overlap later.
    while (kept.size() > 1 && now - kept[1]->made_at() > lifetimes_.overlap) {
        dropped.push_back(kept.front());
        kept.erase(kept.begin());
    }
    if (!due && dropped.empty()) return false;
    replace(std::move(kept));
    for (const auto& key : dropped) fs::remove(path_of(folder_, *key));
    return true;
}

std::shared_ptr<const KeyRing::Keys> KeyRing::keys() const {
    const std::scoped_lock lock{mutex_};
    return keys_;
}

void KeyRing::replace(Keys keys) {
    auto fresh = std::make_shared<const Keys>(std::move(keys));
    const std::scoped_lock lock{mutex_};
    keys_ = std::move(fresh);
}

}  // namespace parley::auth
