// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parley::http {

/// The boundary a Content-Type names (RFC 2046 section 5.1.1: 1 to 70 characters; none with spaces, which nobody uses). Errors: not_multipart
/// for another media type, bad_multipart.
Result<std::string> multipart_boundary(std::string_view content_type);

struct MultipartLimits {
    std::size_t parts = 20;               // above: too_many_parts
    std::size_t header_bytes = 8 * 1024;  // of each part, from its first byte to the end of the empty line; above: part_header_too_large
};

/// What the header of a part says. The views last until the next part's header is read.
struct Part {
    std::string_view name;                      // decoded, valid UTF-8
    std::optional<std::string_view> file_name;  // decoded, any bytes: for clean_file_name. Absent for a plain field
    std::string_view content_type;              // as sent; text/plain if nothing is (RFC 7578 section 4.4)
    bool repeated;                              // an earlier part may have this name
};

/// Reads multipart/form-data (RFC 7578) as it arrives, in time linear in the body and in memory for the boundary and one part's header. A part's
/// data is passed on as it stands, multipart inside multipart included. `filename*` is left out as RFC 7578 section 4.2 asks.
class Multipart {
public:
    enum class Event : std::uint8_t { need_more, part_begin, data, part_end, finished };
    struct Step {
        Event event;
        std::string_view data;  // of Event::data, until the next call
    };

    explicit Multipart(std::string_view boundary, MultipartLimits limits = {});

    /// Takes what makes the next event off `input`; need_more only once all of it is taken. Errors: bad_multipart, too_many_parts,
    /// part_header_too_large. For a caller that awaits between the pieces.
    Result<Step> next(std::string_view& input);

    /// The part that began last.
    const Part& part() const noexcept { return part_; }

    /// Reads all of `input` into a sink with `part_begin(const Part&)`, `part_data(std::string_view)`, `part_end()` and `finished()`, each of
    /// which gives a Result<void> and stops the reading by an error.
    template <class Sink>
    Result<void> feed(std::string_view input, Sink&& sink) {
        for (;;) {
            TRY(const auto step, next(input));
            switch (step.event) {
                case Event::need_more: return {};
                case Event::part_begin: CHECK(sink.part_begin(part())); break;
                case Event::data: CHECK(sink.part_data(step.data)); break;
                case Event::part_end: CHECK(sink.part_end()); break;
                case Event::finished: CHECK(sink.finished()); break;
            }
        }
    }

    /// To be asked at the end of the body. Error: bad_multipart, if the last boundary has not come.
    Result<void> finish() const;

private:
    enum class State : std::uint8_t { beginning, after_delimiter, last_dash, line_feed, header, data, finished };

    Result<void> read_beginning(std::string_view& input);
    Result<void> read_after_delimiter(char byte);
    Result<void> read_header(std::string_view& input);
    Result<void> take_header_line(std::string_view line);
    Result<void> take_disposition(std::string_view value);
    Result<void> begin_part();
    Step read_data(std::string_view& input);

    std::size_t find_delimiter(std::string_view input) const noexcept;
    void match_delimiter(std::string_view& input) noexcept;
    std::string_view decode(std::string_view value) noexcept;

    MultipartLimits limits_;
    std::string delimiter_;    // CRLF, two dashes, the boundary
    std::size_t matched_ = 0;  // bytes of it that ended the input so far: data, unless the rest of it follows
    State state_ = State::beginning;
    std::string header_;       // of the current part; never grows beyond what is reserved, so that views into it last
    std::size_t line_at_ = 0;  // where its last line begins
    Part part_{};
    std::optional<std::string_view> name_;
    std::vector<std::size_t> names_;  // hashes: two names that collide are only said to be equal to who sent them
};

}  // namespace parley::http
