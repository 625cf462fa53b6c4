// SPDX-License-Identifier: Apache-2.0
#include "websocket/deflate.hpp"

#include <zlib.h>
#include <algorithm>
#include <array>
#include <stdexcept>

namespace parley::websocket {
namespace {

constexpr std::string_view answer = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
/// What ends a flushed block, and is left out on the wire.
constexpr std::string_view empty_block{"\x00\x00\xff\xff", 4};
constexpr int window_bits = 15;

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view white_space = " \t";
    text.remove_prefix(std::min(text.find_first_not_of(white_space), text.size()));
    return text.substr(0, text.find_last_not_of(white_space) + 1);
}

std::string_view take_up_to(std::string_view& text, char separator) {
    const auto end = text.find(separator);
    const auto part = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    return trimmed(part);
}

/// 8 to 15, without a leading zero (RFC 7692 section 7.1.2); it may stand in quotes (RFC 6455 section 9.1).
std::optional<int> bits_of(std::string_view value) {
    if (value.size() > 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
    for (int bits = 8; bits <= window_bits; ++bits) {
        if (value == std::to_string(bits)) return bits;
    }
    return std::nullopt;
}

bool is_acceptable(std::string_view name, std::optional<std::string_view> value) {
    if (name == "server_no_context_takeover" || name == "client_no_context_takeover") return !value;
    if (name == "client_max_window_bits") return !value || bits_of(*value);
    if (name == "server_max_window_bits") return value && bits_of(*value) == window_bits;
    return false;
}

bool is_acceptable_offer(std::string_view offer) {
    if (take_up_to(offer, ';') != "permessage-deflate") return false;
    std::array<std::string_view, 4> seen;
    for (std::size_t count = 0; !offer.empty(); ++count) {
        auto parameter = take_up_to(offer, ';');
        const bool has_value = parameter.contains('=');
        const auto name = take_up_to(parameter, '=');
        const auto value = has_value ? std::optional{trimmed(parameter)} : std::nullopt;
        if (count == seen.size() || std::ranges::find(seen, name) != seen.end() || !is_acceptable(name, value)) return false;
        seen.at(count) = name;
    }
    return true;
}

/// A thread's compressor and decompressor, made with the first message that needs them: about 300 KiB together.
class Streams {
public:
    Streams() {
        if (deflateInit2(&out_, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -window_bits, 8, Z_DEFAULT_STRATEGY) != Z_OK ||
            inflateInit2(&in_, -window_bits) != Z_OK)
            throw std::runtime_error{"zlib does not start"};
    }
    ~Streams() {
        deflateEnd(&out_);
        inflateEnd(&in_);
    }
    Streams(const Streams&) = delete;
    Streams& operator=(const Streams&) = delete;

    static Streams& of_thread() {
        static thread_local Streams streams;
        return streams;
    }
    z_stream& out() {
        deflateReset(&out_);
        return out_;
    }
    z_stream& in() {
        inflateReset(&in_);
        return in_;
    }

private:
    z_stream out_{}, in_{};
};

void set_input(z_stream& stream, std::string_view bytes) {
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));  // zlib does not write there
    stream.avail_in = static_cast<uInt>(bytes.size());
}

/// Takes what `stream` makes of its input, in steps. False if that is more than `most_bytes`.
template <class Step>
bool run(z_stream& stream, std::string& out, std::size_t most_bytes, Step&& step) {
    constexpr std::size_t step_bytes = std::size_t{16} * 1024;
    do {
        const auto before = out.size();
        out.resize(before + std::min(step_bytes, most_bytes + 1 - before));
        stream.next_out = reinterpret_cast<Bytef*>(out.data() + before);
        stream.avail_out = static_cast<uInt>(out.size() - before);
        const int result = step(stream);
        out.resize(out.size() - stream.avail_out);
        if (out.size() > most_bytes) return false;
        if (result != Z_OK) break;
    } while (stream.avail_out == 0);
    return true;
}

}  // namespace

std::optional<std::string_view> accept_deflate(std::string_view offered) {
    while (!offered.empty()) {
        if (is_acceptable_offer(take_up_to(offered, ','))) return answer;
    }
    return std::nullopt;
}

std::string deflate(std::string_view message) {
    auto& stream = Streams::of_thread().out();
    set_input(stream, message);
    std::string out;
    run(stream, out, deflateBound(&stream, stream.avail_in) + 64, [](z_stream& one) { return ::deflate(&one, Z_SYNC_FLUSH); });
    out.resize(out.size() - empty_block.size());
    return out;
}

std::expected<std::string, Failure> inflate(std::string_view payload, std::size_t most_bytes) {
    auto& stream = Streams::of_thread().in();
    std::string out;
    for (const auto part : {payload, empty_block}) {
        set_input(stream, part);
        for (int result = Z_STREAM_END; result == Z_STREAM_END;) {
            const bool fits = run(stream, out, most_bytes, [&result](z_stream& one) { return result = ::inflate(&one, Z_SYNC_FLUSH); });
            if (!fits) return std::unexpected{Failure{CloseCode::too_big, "A message is too big."}};
            if (result != Z_STREAM_END && result != Z_OK && result != Z_BUF_ERROR)
                return std::unexpected{Failure{CloseCode::invalid_text, "A compressed message is broken."}};
            // RFC 7692 section 7.2.3.4: a block may say that it is the last one; what stands behind it begins anew.
            if (result == Z_STREAM_END && stream.avail_in == 0) return out;
            if (result == Z_STREAM_END) inflateReset(&stream);
        }
    }
    return out;
}

}  // namespace parley::websocket
