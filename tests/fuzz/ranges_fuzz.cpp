// SPDX-License-Identifier: Apache-2.0
#include "http/ranges.hpp"

#include "input.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace parley::http {
namespace {

using fuzz::require;

void run(std::string_view text) {
    for (const std::uint64_t size : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{1000}, UINT64_MAX}) {
        const auto answer = parse_range(text, size);
        if (const auto* range = std::get_if<ByteRange>(&answer)) require(range->first <= range->last && range->last < size);
    }
    constexpr std::string_view etag = "\"abc\"";
    if (if_range_holds(text, etag)) require(if_none_match_names(text, etag));
    if (if_none_match_names(text, etag)) require(text == "*" || text.find(etag) != std::string_view::npos);
}

}  // namespace
}  // namespace parley::http

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string input{data, data + size};
    parley::http::run(input);
    return 0;
}
