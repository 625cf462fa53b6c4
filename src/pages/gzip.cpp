// SPDX-License-Identifier: Apache-2.0
#include "pages/gzip.hpp"

#include <zlib.h>
#include <stdexcept>

namespace parley::pages {
namespace {

constexpr int gzip_window = 15 + 16;  // the largest window; 16 more asks zlib for gzip's header and not its own
constexpr int memory_level = 9;

}  // namespace

std::string gzip(std::string_view text) {
    z_stream stream{};
    if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, gzip_window, memory_level, Z_DEFAULT_STRATEGY) != Z_OK)
        throw std::runtime_error("no memory for compressing");
    std::string out(deflateBound(&stream, text.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));  // zlib reads it only
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const int ended = deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    if (ended != Z_STREAM_END) throw std::runtime_error("compressing did not end");
    return out;
}

}  // namespace parley::pages
