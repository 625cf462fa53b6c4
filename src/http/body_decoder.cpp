// SPDX-License-Identifier: Apache-2.0
#include "http/body_decoder.hpp"

#include <algorithm>

namespace parley::http {

void BodyDecoder::begin(const Head& head) {
    chunked_ = head.framing == Framing::chunked;
    length_ = remaining_ = head.content_length;
    finished_ = !head.has_body();
    decoder_.reset();
}

Result<ChunkedDecoder::Step> BodyDecoder::feed(std::string_view input) {
    if (chunked_) {
        TRY(const auto step, decoder_.feed(input));
        finished_ = step.finished;
        return step;
    }
    const auto piece = input.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(remaining_, input.size())));
    remaining_ -= piece.size();
    finished_ = remaining_ == 0;
    return ChunkedDecoder::Step{piece.size(), piece, finished_};
}

}  // namespace parley::http
