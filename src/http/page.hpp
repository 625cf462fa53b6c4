// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/json/fields.hpp"
#include "http/call.hpp"
#include "http/cursor.hpp"
#include "http/route.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace parley::http {

inline constexpr std::int64_t default_page_items = 50;

/// What a list call asks for: how many items, and after which position.
struct PageRequest {
    std::int64_t limit = default_page_items;
    std::optional<std::string> after;
};

/// `?limit=` and `?cursor=` of a list; `list` names it, with whatever else the cursor depends on. Errors: bad_query, bad_cursor.
inline Result<PageRequest> page_request(const Call& call, const Cursors& cursors, std::string_view list, std::int64_t most_items) {
    TRY(const auto limit, call.query_number("limit", 1, most_items));
    TRY(const auto cursor, call.query("cursor"));
    TRY(auto after, cursors.read(call.caller().user, list, cursor));
    return PageRequest{limit.value_or(std::min(default_page_items, most_items)), std::move(after)};
}

inline constexpr QueryDoc limit_doc{"limit", "How many items at most.", R"({"type":"integer","minimum":1,"maximum":200,"default":50})"};
inline constexpr QueryDoc cursor_doc{"cursor", "Where to go on: `next_cursor` of the page before.", R"({"type":"string"})"};

/// A page of a list: `{"items": […], "next_cursor": … | null}`.
template <class T>
struct Page {
    std::vector<T> items;
    std::optional<std::string> next_cursor;

    static constexpr std::string_view schema_name = T::page_schema_name;
    static constexpr auto fields = std::tuple{json::Field{"items", &Page::items, ""},
                                              json::Field{"next_cursor", &Page::next_cursor, "The cursor of the next page; null on the last one."}};
};

}  // namespace parley::http
