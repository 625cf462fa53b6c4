// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct USpoofChecker;

namespace parley::users {

inline constexpr std::size_t max_name_length = 150;      // code points, of usernames and display names
inline constexpr std::size_t max_name_key_bytes = 2000;  // PostgreSQL indexes no row above 2 704 bytes; one ligature may fold to 33

/// Folds names so that those which look alike or differ in case only become one: what is unique, and what a sign-in is looked up by.
/// One for the whole process: it opens ICU's table of confusables, and any number of threads may use it at once.
class NameFolder {
public:
    /// Throws std::runtime_error if ICU lacks its data.
    NameFolder();

    /// NFKC_Casefold and the skeleton of UTS #39 in turn, until neither changes anything: `Admin`, `аdmin` with a Cyrillic letter and full-width
    /// `ａｄｍｉｎ` have one key. Not a name, never shown. `text` is valid UTF-8; at most 4 rounds. Case is folded first, so a capital I is i and not
    /// the l it looks like. Source: UTS #39 section 4, UAX #31 section 5.
    std::string key(std::string_view text) const;

    /// The version of ICU's tables. Keys that were stored under another one may differ: confusables, unlike case folding, change between versions.
    static std::string version();

private:
    struct Close {
        void operator()(USpoofChecker* checker) const noexcept;
    };
    std::unique_ptr<USpoofChecker, Close> checker_;
};

struct Username {
    std::string display;  // as it was given
    std::string key;      // unique
};

/// A username: 1 to 150 letters, digits and `_.@+-` of any script (Django's `^[\w.@+-]+\Z`), less the invisible ones among them (Hangul fillers).
/// Errors: invalid_username, json's too_short (empty) and too_long (also of the key).
Result<Username> parse_username(const NameFolder& folder, std::string_view text);

/// `text` under NFKC_Casefold (Unicode 3.13), for search by prefix; `text` is valid UTF-8.
std::string search_key(std::string_view text);

/// The smallest text that is greater, byte by byte, than every text that begins with `prefix` (valid UTF-8): `key >= prefix AND key < bound`
/// is an index range for `LIKE 'prefix%'`. Nothing if there is none: an empty prefix, or one of U+10FFFF only.
std::optional<std::string> prefix_upper_bound(std::string_view prefix);

}  // namespace parley::users
