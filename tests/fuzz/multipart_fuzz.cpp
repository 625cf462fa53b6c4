// SPDX-License-Identifier: Apache-2.0
#include "http/multipart.hpp"

#include "core/utf8.hpp"
#include "input.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace parley::http {
namespace {

using fuzz::require;

constexpr MultipartLimits limits{.parts = 3, .header_bytes = 128};  // small, so that short inputs reach them
constexpr std::string_view boundary = "b";

/// Writes down what it is told, so that it can be compared.
struct Listener {
    Result<void> part_begin(const Part& part) {
        require(is_utf8(part.name) && !part.content_type.empty());
        told += std::string{part.name} + '|' + std::string{part.file_name.value_or("-")} + '|' + std::string{part.content_type} + '|';
        ++parts;
        return {};
    }
    Result<void> part_data(std::string_view data) {
        require(!data.empty());
        current += data;
        return {};
    }
    Result<void> part_end() {
        require(current.find("\r\n--b") == std::string::npos);
        told += current + ';';
        current.clear();
        return {};
    }
    Result<void> finished() {
        told += '.';
        return {};
    }
    std::string told, current;
    std::size_t parts = 0;
};

std::string read(const std::vector<std::string_view>& pieces) {
    Multipart multipart{boundary, limits};
    Listener listener;
    for (const auto piece : pieces) {
        const std::vector<char> exact{piece.begin(), piece.end()};  // reading beyond a piece is seen
        if (const auto fed = multipart.feed({exact.data(), exact.size()}, listener); !fed) return std::string{fed.error().detail()};
    }
    require(listener.parts <= limits.parts);
    return multipart.finish() ? listener.told : "incomplete: " + listener.told + listener.current;
}

void run(const fuzz::Input& input) {
    require(read({input.bytes()}) == read(input.pieces()));
    if (const auto named = multipart_boundary(input.bytes())) require(!named->empty() && named->size() <= 70);
}

}  // namespace
}  // namespace parley::http

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    parley::http::run({data, size});
    return 0;
}
