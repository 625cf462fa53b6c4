// SPDX-License-Identifier: Apache-2.0
#include "files/form_upload.hpp"

#include "files/errors.hpp"
#include "http/content_disposition.hpp"
#include "http/errors.hpp"
#include "http/multipart.hpp"

#include <memory>
#include <string>

namespace parley::files {
namespace {

constexpr std::size_t longest_field = 64;
/// What a form takes beside its file: boundaries, part headers, other fields.
constexpr std::uint64_t form_overhead = 64 * 1024;

/// One form as it arrives.
class FormReader {
public:
    FormReader(Service& files, http::Call& call, const std::string& boundary) : files_(files), call_(call), form_(boundary, {.parts = 10}) {}

    Task<Result<File>> read() {
        auto result = co_await read_all();
        if (!result && file_) co_await files_.abandon(*file_);
        co_return result;
    }

private:
    Task<Result<File>> read_all() {
        std::string bytes;
        for (;;) {
            CO_TRY(const auto piece, co_await call_.stream().read());
            if (piece.empty()) break;
            bytes.assign(piece);  // the piece ends with the next wait
            CO_CHECK(co_await take(bytes));
        }
        CO_CHECK(form_.finish());
        if (!file_) co_return fail(Error::of_fields({{&errors::no_file, "/file", {}}}));
        CO_TRY(const auto expires_at, expiry());
        co_return co_await files_.finish(*file_, expires_at);
    }

    Task<Result<void>> take(std::string_view input) {
        using Event = http::Multipart::Event;
        for (;;) {
            CO_TRY(const auto step, form_.next(input));
            if (step.event == Event::need_more) co_return Result<void>{};
            if (step.event == Event::part_begin) CO_CHECK(co_await begin_part());
            if (step.event == Event::data) CO_CHECK(co_await data(step.data));
        }
    }

    Task<Result<void>> begin_part() {
        const auto& part = form_.part();
        in_file_ = part.name == "file";
        in_expiry_ = part.name == "expires_at";
        if (!in_file_ && !in_expiry_)
            co_return fail(Error::of_fields({{&json::errors::unknown_field, "/" + std::string{part.name.substr(0, 64)}, {}}}));
        if (in_expiry_ && expiry_given_) co_return fail(Error::of_fields({{&json::errors::duplicate_field, "/expires_at", {}}}));
        if (in_expiry_) expiry_given_ = true;
        if (!in_file_) co_return Result<void>{};
        if (file_) co_return fail(Error::of_fields({{&json::errors::duplicate_field, "/file", {}}}));
        if (!part.file_name) co_return fail(Error::of_fields({{&errors::no_file, "/file", {}}}));
        CO_TRY(auto name, http::clean_file_name(*part.file_name));
        CO_TRY(file_, co_await files_.begin(call_.caller(), std::move(name), std::string{part.content_type}));
        co_return Result<void>{};
    }

    Task<Result<void>> data(std::string_view bytes) {
        if (in_file_) co_return co_await files_.append(*file_, bytes);
        expiry_text_ += bytes;
        if (expiry_text_.size() > longest_field) co_return fail(Error::of_fields({{&json::errors::invalid_value, "/expires_at", {}}}));
        co_return Result<void>{};
    }

    /// The part as JSON would have it: left out, null, or a time.
    Result<json::Nullable<Timestamp>> expiry() const {
        if (!expiry_given_) return json::Nullable<Timestamp>{};
        if (expiry_text_ == "null" || expiry_text_.empty()) return json::Nullable<Timestamp>{.given = true, .value = std::nullopt};
        const auto at = parse_rfc3339(expiry_text_);
        if (!at) return fail(Error::of_fields({{&json::errors::invalid_value, "/expires_at", {}}}));
        return json::Nullable<Timestamp>{.given = true, .value = at};
    }

    Service& files_;
    http::Call& call_;
    http::Multipart form_;
    std::unique_ptr<Service::Receiving> file_;
    bool in_file_ = false, in_expiry_ = false, expiry_given_ = false;
    std::string expiry_text_;
};

}  // namespace

Task<Result<File>> receive_form(Service& files, http::Call& call) {
    CO_TRY(const auto boundary, http::multipart_boundary(call.header("content-type")));
    const auto most = static_cast<std::uint64_t>(files.settings().max_file_bytes) + form_overhead;
    if (call.stream().declared_length().value_or(0) > most) co_return fail(errors::too_large);
    FormReader reader{files, call, boundary};
    co_return co_await reader.read();
}

}  // namespace parley::files
