// SPDX-License-Identifier: Apache-2.0
#include "http/url.hpp"

#include "core/encoding.hpp"
#include "core/utf8.hpp"
#include "input.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace parley::http {
namespace {

using fuzz::require;

void check_path(std::string_view text) {
    Path path;
    if (!path.decode(text)) return;
    std::string again;
    for (const auto segment : path.segments()) {
        require(!segment.empty() && segment != "." && segment != ".." && is_utf8(segment));
        require(std::ranges::none_of(segment, [](char byte) { return byte == '/' || byte == '\\' || (byte >= 0 && byte < 0x20) || byte == 0x7F; }));
        again += '/' + percent_encode(segment);
    }
    if (path.trailing_slash() || again.empty()) again += '/';
    Path decoded_again;
    require(decoded_again.decode(again).has_value());
    require(std::ranges::equal(path.segments(), decoded_again.segments()) && path.trailing_slash() == decoded_again.trailing_slash());
}

void check_query(std::string_view query) {
    const auto found = find_query(query, "a");
    if (!found || !*found) return;
    const auto& value = (*found)->value;
    require(value.size() <= max_query_value_bytes && is_utf8(value));
    require(find_query("x=1&%61=" + percent_encode(value), "a").value().value().value == value);
}

void run(std::string_view input) {
    const auto target = split_target(input);
    check_path(target.path);
    check_query(target.query);
}

}  // namespace
}  // namespace parley::http

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string input{data, data + size};
    parley::http::run(input);
    return 0;
}
