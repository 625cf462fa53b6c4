// SPDX-License-Identifier: Apache-2.0
#include "users/service.hpp"

#include <fmt/format.h>
#include <charconv>

/// Search by prefix: first the users whose username begins with it, in order of that, then those whose display name does.
namespace parley::users {
namespace {

enum class By : std::uint8_t { username, display_name };

struct Position {
    By by = By::username;
    SearchPosition last;
};

/// "u:17:ann" and "d:17:ann smith"; what a cursor seals, so it is well-formed.
Position read_position(const std::optional<std::string>& text) {
    if (!text || text->size() < 4) return {};
    Position position{text->front() == 'd' ? By::display_name : By::username, {}};
    const auto colon = text->find(':', 2);
    std::from_chars(text->data() + 2, text->data() + colon, position.last.id.value);
    position.last.folded = text->substr(colon + 1);
    return position;
}

std::string write_position(By by, const FoundUser& last) {
    return fmt::format("{}:{}:{}", by == By::display_name ? 'd' : 'u', last.user.id.value, last.folded);
}

}  // namespace

Task<Result<UserPage>> Service::search(std::string prefix, std::optional<std::string> after, std::int64_t limit) {
    const auto folded = search_key(prefix);
    // Where no text is greater than all with the prefix: a byte that no UTF-8 has is greater than everything.
    const auto end = prefix_upper_bound(folded).value_or("\xFF");
    const auto position = read_position(after);
    co_return co_await db_.read([&](storage::Connection& db) -> Result<UserPage> {
        UserPage page;
        const auto take = [&](By by, std::vector<FoundUser> found) {
            for (const auto& one : found) {
                page.items.push_back(to_user(one.user));
                page.next = write_position(by, one);
            }
        };
        // One more than the page holds is asked for only where the list may go on.
        if (position.by == By::username) take(By::username, users_by_username(db, folded, end, position.last, limit));
        const auto rest = limit - std::ssize(page.items);
        if (rest > 0 && !folded.empty()) {
            const auto from = position.by == By::display_name ? position.last : SearchPosition{};
            take(By::display_name, users_by_display_name(db, folded, end, from, rest));
        }
        if (std::ssize(page.items) < limit) page.next.reset();
        return page;
    });
}

}  // namespace parley::users
