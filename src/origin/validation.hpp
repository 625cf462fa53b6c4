// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.hpp"
#include "origin/request_data.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::origin {

/// Reads the text fields of a request by the rules of Django REST framework's CharField, and collects what is wrong with which.
class Validation {
public:
    explicit Validation(const RequestData& data) : data_(data) {}

    struct Presence {
        bool required = true;
        bool may_be_blank = false;
        std::string_view when_no_text = "Not a valid string.";  // of a truth, a list, an object or a file
    };
    /// The text without the white space around it. Nothing if it is absent or was refused; what is refused is noted.
    std::optional<std::string> text(std::string_view name, Presence presence);
    std::optional<std::string> text(std::string_view name) { return text(name, {}); }

    /// Notes a text of more than `most` code points.
    void check_length(std::string_view name, std::string_view value, std::size_t most);
    /// Notes a text with a NUL in it.
    void check_nulls(std::string_view name, std::string_view value);

    void note(std::string_view name, std::string sentence);
    bool failed() const noexcept { return !broken_.empty(); }
    /// All that was noted: invalid_field with its fields.
    Error take_error() { return Error::of_fields(std::move(broken_)); }

private:
    const RequestData& data_;
    std::vector<FieldError> broken_;
};

}  // namespace parley::origin
