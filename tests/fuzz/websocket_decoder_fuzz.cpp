// SPDX-License-Identifier: Apache-2.0
#include "websocket/decoder.hpp"

#include "core/utf8.hpp"

#include "input.hpp"
#include "unit/websocket/recorder.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace parley::websocket {
namespace {

using fuzz::require;

// Small, so that short inputs reach them.
constexpr Limits limits{.max_message_bytes = 300, .max_fragments = 5};

void check(const testing::Event& event) {
    const bool control = event.kind != Opcode::text && event.kind != Opcode::binary;
    require(event.payload.size() <= (control ? max_control_bytes : limits.max_message_bytes));
    if (event.kind == Opcode::text || event.kind == Opcode::close) require(is_utf8(event.payload));
    if (event.code) require(event.kind == Opcode::close && is_valid_close_code(*event.code));
}

/// An input is a count (0 to 7; from 128 on the stream may be compressed), so many sizes of pieces, and the stream; the pieces take their sizes in
/// turn, all of one byte if there are none.
void run(std::span<const std::uint8_t> input) {
    if (input.empty()) return;
    const auto count = std::min<std::size_t>(input[0] % 8U, input.size() - 1);
    const bool deflate = input[0] >= 128;
    const auto sizes = input.subspan(1, count);
    const auto bytes = input.subspan(1 + count);
    const std::string stream{bytes.begin(), bytes.end()};

    const auto whole = testing::decode_at_once(stream, limits, SIZE_MAX, deflate);
    std::size_t piece = 0;
    const auto pieces =
        testing::decode_in_pieces(stream, limits, [&] { return sizes.empty() ? 1U : sizes[piece++ % sizes.size()] + 1U; }, SIZE_MAX, deflate);
    require(whole == pieces);
    for (const auto& event : whole.events) check(event);
}

}  // namespace
}  // namespace parley::websocket

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    parley::websocket::run({data, size});
    return 0;
}
