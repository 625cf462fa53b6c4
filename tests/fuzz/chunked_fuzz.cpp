// SPDX-License-Identifier: Apache-2.0
#include "http/chunked.hpp"

#include "input.hpp"

#include "support/beast_oracle.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace parley::http {
namespace {

using fuzz::require;

struct Decoded {
    std::string body, rest;
    bool finished = false, refused = false;

    friend bool operator==(const Decoded&, const Decoded&) = default;
};

Decoded decode(const std::vector<std::string_view>& pieces) {
    ChunkedDecoder decoder;
    Decoded decoded;
    for (auto input : pieces) {
        while (!input.empty() && !decoded.finished) {
            const auto step = decoder.feed(input);
            if (!step) {
                decoded.refused = true;
                return decoded;
            }
            require(step->consumed <= input.size() && (step->consumed > 0 || step->finished));
            decoded.body += step->data;
            decoded.finished = step->finished;
            input.remove_prefix(step->consumed);
        }
        decoded.rest += input;
    }
    return decoded;
}

void run(const fuzz::Input& input) {
    const auto whole = decode({input.bytes()});
    require(whole == decode(input.pieces()));
    if (!whole.finished) return;
    const auto coded = std::string_view{input.bytes()}.substr(0, input.bytes().size() - whole.rest.size());
    const auto theirs = testing::beast_dechunk(coded);
    // Beast knows the grammar inside an extension, which we only check for controls.
    require(theirs ? *theirs == whole.body : coded.find(';') != std::string_view::npos);
}

}  // namespace
}  // namespace parley::http

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    parley::http::run({data, size});
    return 0;
}
