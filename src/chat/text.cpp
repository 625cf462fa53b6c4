// SPDX-License-Identifier: Apache-2.0
#include "chat/text.hpp"

#include "core/utf8.hpp"
#include "groups/errors.hpp"
#include "groups/store.hpp"
#include "users/display_name.hpp"
#include "users/store.hpp"

#include <unicode/ubrk.h>
#include <unicode/uchar.h>
#include <unicode/utext.h>
#include <unicode/utf8.h>
#include <algorithm>
#include <memory>

namespace parley::chat {
namespace {

constexpr std::size_t longest_emoji_bytes = 64;
constexpr std::size_t longest_group_name = 255;  // code points
constexpr std::size_t most_mentions = 50;

struct CloseBreaks {
    void operator()(UBreakIterator* breaks) const noexcept { ubrk_close(breaks); }
};

/// What may stand in a username: see users::parse_username, which decides.
bool may_be_in_name(UChar32 c) {
    return u_isalnum(c) || (u_charType(c) >= U_NON_SPACING_MARK && u_charType(c) <= U_COMBINING_SPACING_MARK) || c == '_' || c == '.' || c == '@' ||
           c == '+' || c == '-';
}

/// Whether the @ at `at` belongs to an e-mail address. Of other scripts than Latin any letter may stand before a mention: not all of them write
/// spaces.
bool is_inside_a_word(std::string_view text, std::size_t at) {
    const auto before = at > 0 ? static_cast<unsigned char>(text[at - 1]) : ' ';
    return before < 0x80 && before != '@' && may_be_in_name(before);
}

bool ends_a_sentence(char c) { return c == '.' || c == '-' || c == '+' || c == '@'; }

}  // namespace

bool is_emoji(std::string_view text) {
    if (text.empty() || text.size() > longest_emoji_bytes || !is_utf8(text) || users::is_blank(text)) return false;
    UErrorCode code = U_ZERO_ERROR;
    UText source = UTEXT_INITIALIZER;
    utext_openUTF8(&source, text.data(), static_cast<std::int64_t>(text.size()), &code);
    const std::unique_ptr<UBreakIterator, CloseBreaks> breaks{ubrk_open(UBRK_CHARACTER, "", nullptr, 0, &code)};
    ubrk_setUText(breaks.get(), &source, &code);
    const bool one = U_SUCCESS(code) && ubrk_next(breaks.get()) == static_cast<std::int32_t>(text.size());
    utext_close(&source);
    return one;
}

Result<std::string> clean_group_name(std::string_view name) {
    auto clean = users::clean_line(name, longest_group_name);
    if (!clean) return fail(groups::errors::invalid_name);
    return clean;
}

bool is_client_id(std::string_view id) noexcept {
    const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-'; };
    return !id.empty() && id.size() <= 64 && std::ranges::all_of(id, allowed);
}

std::vector<std::string> mentioned_names(std::string_view text) {
    std::vector<std::string> names;
    const auto add = [&](std::string_view name) {
        if (!name.empty() && names.size() < most_mentions && std::ranges::find(names, name) == names.end()) names.emplace_back(name);
    };
    for (auto at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
        if (is_inside_a_word(text, at)) continue;  // an e-mail address
        const auto rest = text.substr(at + 1, users::max_name_length * 4);
        std::int32_t end = 0;
        for (std::int32_t next = 0; next < static_cast<std::int32_t>(rest.size()); end = next) {
            UChar32 c = 0;
            U8_NEXT(rest.data(), next, static_cast<std::int32_t>(rest.size()), c);
            if (c < 0 || !may_be_in_name(c)) break;
        }
        auto name = rest.substr(0, static_cast<std::size_t>(end));
        add(name);
        while (!name.empty() && ends_a_sentence(name.back())) name.remove_suffix(1);
        add(name);
    }
    return names;
}

std::vector<UserId> find_mentions(storage::Connection& db, const users::NameFolder& names, ConversationId conversation, std::string_view text) {
    std::vector<UserId> mentions;
    for (const auto& name : mentioned_names(text)) {
        const auto user = users::find_user_by_key(db, names.key(name));
        if (user && groups::find_member(db, conversation, user->id) && std::ranges::find(mentions, user->id) == mentions.end())
            mentions.push_back(user->id);
    }
    return mentions;
}

}  // namespace parley::chat
