// SPDX-License-Identifier: Apache-2.0
#include "http/multipart.hpp"

#include "core/utf8.hpp"
#include "http/errors.hpp"
#include "http/lines.hpp"
#include "http/syntax.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace parley::http {
namespace {

constexpr auto npos = std::string_view::npos;
constexpr std::size_t max_boundary_bytes = 70;
constexpr std::string_view line_end = "\r\n";

/// The parameters behind the first `;` of a field's value.
std::string_view parameters_of(std::string_view value) noexcept {
    const auto semicolon = value.find(';');
    return semicolon == npos ? std::string_view{} : value.substr(semicolon);
}

/// Whether a field's value is this one, whatever parameters follow.
bool is_value(std::string_view value, std::string_view lower_case) noexcept {
    return equal_ignoring_case(trim(value.substr(0, value.find(';'))), lower_case);
}

/// Takes `value` for a parameter that may be given once.
bool set_once(std::optional<std::string_view>& slot, std::string_view value) noexcept { return !std::exchange(slot, value).has_value(); }

}  // namespace

Result<std::string> multipart_boundary(std::string_view content_type) {
    if (!is_value(content_type, "multipart/form-data")) return fail(errors::not_multipart);
    std::optional<std::string_view> boundary;
    const bool well_formed = for_each_parameter(parameters_of(content_type), [&](const Parameter& parameter) {
        return !equal_ignoring_case(parameter.name, "boundary") || set_once(boundary, parameter.value);
    });
    if (!well_formed || !boundary || boundary->empty() || boundary->size() > max_boundary_bytes || !all(Bytes::boundary, *boundary))
        return fail(errors::bad_multipart, "Content-Type must name one boundary of 1 to 70 characters.");
    return std::string{*boundary};
}

Multipart::Multipart(std::string_view boundary, MultipartLimits limits) : limits_(limits), delimiter_("\r\n--") {
    delimiter_ += boundary;
    header_.reserve(limits.header_bytes);
}

Result<Multipart::Step> Multipart::next(std::string_view& input) {
    while (!input.empty()) {
        switch (state_) {
            case State::beginning: CHECK(read_beginning(input)); break;
            case State::after_delimiter:
            case State::last_dash:
            case State::line_feed:
                CHECK(read_after_delimiter(input.front()));
                input.remove_prefix(1);
                if (state_ == State::finished) return Step{Event::finished, {}};
                break;
            case State::header:
                CHECK(read_header(input));
                if (state_ == State::data) return Step{Event::part_begin, {}};
                break;
            case State::data: return read_data(input);
            case State::finished: input = {};  // RFC 2046 section 5.1.1: what follows the last boundary is to be ignored
        }
    }
    return Step{Event::need_more, {}};
}

Result<void> Multipart::finish() const {
    if (state_ != State::finished) return fail(errors::bad_multipart, "The form breaks off before its last boundary.");
    return {};
}

/// The first delimiter may lack its CRLF. No text may come before it: no client sends one, and whoever inspects the form may not skip it.
Result<void> Multipart::read_beginning(std::string_view& input) {
    if (matched_ == 0 && input.front() != '\r') matched_ = line_end.size();
    match_delimiter(input);
    if (matched_ == delimiter_.size()) {
        matched_ = 0;
        state_ = State::after_delimiter;
    } else if (!input.empty()) {
        return fail(errors::bad_multipart, "A form begins with its boundary.");
    }
    return {};
}

/// Two dashes end the form, CRLF begins a part. Padding before the CRLF, which RFC 2046 allows to mail, is not taken.
Result<void> Multipart::read_after_delimiter(char byte) {
    if (state_ == State::after_delimiter && byte == '-') state_ = State::last_dash;
    else if (state_ == State::after_delimiter && byte == '\r') state_ = State::line_feed;
    else if (state_ == State::last_dash && byte == '-') state_ = State::finished;
    else if (state_ == State::line_feed && byte == '\n') return begin_part();
    else return fail(errors::bad_multipart, "A boundary is followed by CR and LF, or by two dashes.");
    return {};
}

Result<void> Multipart::begin_part() {
    if (names_.size() == limits_.parts) return fail(errors::too_many_parts);
    state_ = State::header;
    header_.clear();
    line_at_ = 0;
    name_.reset();
    part_ = {.name = {}, .file_name = {}, .content_type = {}, .repeated = false};
    return {};
}

Result<void> Multipart::read_header(std::string_view& input) {
    const auto line_feed = input.find('\n');
    const auto piece = input.substr(0, line_feed == npos ? npos : line_feed + 1);
    if (header_.size() + piece.size() > limits_.header_bytes) return fail(errors::part_header_too_large);
    header_ += piece;
    input.remove_prefix(piece.size());
    if (line_feed == npos) return {};
    auto line = std::string_view{header_}.substr(std::exchange(line_at_, header_.size()));
    if (!line.ends_with(line_end)) return fail(errors::bad_multipart, "A line ends with CR and LF.");
    line.remove_suffix(line_end.size());
    if (!line.empty()) return take_header_line(line);
    if (!name_) return fail(errors::bad_multipart, "A part has a Content-Disposition with a name.");
    part_.name = *name_;
    part_.content_type = part_.content_type.empty() ? "text/plain" : part_.content_type;
    const auto hash = std::hash<std::string_view>{}(part_.name);
    part_.repeated = std::ranges::find(names_, hash) != names_.end();
    names_.push_back(hash);
    state_ = State::data;
    return {};
}

Result<void> Multipart::take_header_line(std::string_view line) {
    TRY(const auto field, parse_field_line(line, errors::bad_multipart));
    if (equal_ignoring_case(field.name, "content-disposition")) return take_disposition(field.value);
    if (equal_ignoring_case(field.name, "content-type")) {
        if (!part_.content_type.empty()) return fail(errors::bad_multipart, "A part has one Content-Type.");
        part_.content_type = field.value;
    }
    // RFC 7578 section 4.7: deprecated. Data sent as base64 would be kept as base64, and nobody would know.
    const bool coded = equal_ignoring_case(field.name, "content-transfer-encoding") && !equal_ignoring_case(field.value, "binary") &&
                       !equal_ignoring_case(field.value, "8bit") && !equal_ignoring_case(field.value, "7bit");
    if (coded) return fail(errors::bad_multipart, "A part is sent without a transfer encoding.");
    return {};
}

/// RFC 7578 section 4.2.
Result<void> Multipart::take_disposition(std::string_view value) {
    std::optional<std::string_view> name, file_name;
    const bool well_formed = is_value(value, "form-data") && for_each_parameter(parameters_of(value), [&](const Parameter& parameter) {
                                 if (equal_ignoring_case(parameter.name, "name")) return set_once(name, parameter.value);
                                 if (equal_ignoring_case(parameter.name, "filename")) return set_once(file_name, parameter.value);
                                 return true;
                             });
    if (!well_formed || !name || name_) return fail(errors::bad_multipart, "A part has one Content-Disposition: form-data with one name.");
    name_ = decode(*name);
    if (file_name) part_.file_name = decode(*file_name);
    if (!is_utf8(*name_)) return fail(errors::bad_multipart, "The name of a part must be valid UTF-8.");
    return {};
}

/// Undoes, in place, what clients do to quotes and line ends in a name: browsers write %22, %0D and %0A (WHATWG HTML, "multipart form data"), others
/// a backslash before quote and backslash. Any other backslash or percent sign stands for itself, as browsers mean it.
std::string_view Multipart::decode(std::string_view value) noexcept {
    char* const begin = header_.data() + (value.data() - header_.data());
    char* end = begin;
    while (!value.empty()) {
        std::size_t taken = 1;
        char byte = value.front();
        if (value.starts_with("\\\"") || value.starts_with("\\\\")) byte = value[1], taken = 2;
        else if (value.starts_with("%22")) byte = '"', taken = 3;
        else if (equal_ignoring_case(value.substr(0, 3), "%0d")) byte = '\r', taken = 3;
        else if (equal_ignoring_case(value.substr(0, 3), "%0a")) byte = '\n', taken = 3;
        value.remove_prefix(taken);
        *end++ = byte;
    }
    return {begin, static_cast<std::size_t>(end - begin)};
}

/// Gives data in pieces as large as the input allows. What ends the input and may be the beginning of a delimiter is held back; it needs no
/// buffer, since it is equal to the delimiter's own first bytes.
Multipart::Step Multipart::read_data(std::string_view& input) {
    if (matched_ == 0) {
        const auto piece = input.substr(0, find_delimiter(input));
        input.remove_prefix(piece.size());
        if (!piece.empty()) return {Event::data, piece};
    }
    match_delimiter(input);
    if (matched_ == delimiter_.size()) {
        matched_ = 0;
        state_ = State::after_delimiter;
        return {Event::part_end, {}};
    }
    if (input.empty()) return {Event::need_more, {}};
    return {Event::data, std::string_view{delimiter_}.substr(0, std::exchange(matched_, 0))};
}

/// Where the delimiter stands in `input`, or as much of it as `input` ends with; its end otherwise. Linear, whatever the data: CR is the first
/// byte of the delimiter and occurs nowhere else in it, so no match can begin inside a failed one.
std::size_t Multipart::find_delimiter(std::string_view input) const noexcept {
    for (auto at = input.find('\r'); at != npos; at = input.find('\r', at)) {
        const auto [delimiter, data] = std::ranges::mismatch(delimiter_, input.substr(at));
        if (delimiter == delimiter_.end() || at + static_cast<std::size_t>(delimiter - delimiter_.begin()) == input.size()) return at;
        at += static_cast<std::size_t>(delimiter - delimiter_.begin());
    }
    return input.size();
}

/// Takes what continues the delimiter off `input`.
void Multipart::match_delimiter(std::string_view& input) noexcept {
    while (matched_ < delimiter_.size() && !input.empty() && input.front() == delimiter_[matched_]) {
        ++matched_;
        input.remove_prefix(1);
    }
}

}  // namespace parley::http
