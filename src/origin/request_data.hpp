// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::origin {

/// A value of a request, as far as a text field asks what it is.
struct Value {
    enum class Kind : std::uint8_t { null, boolean, number, text, other };
    Kind kind = Kind::text;
    std::string text;  // of text; of a number, what Python's `str` makes of it
};

/// The fields of a request, from whichever of the three kinds of body.
class RequestData {
public:
    void add(std::string name, Value value) { fields_.emplace_back(std::move(name), std::move(value)); }
    /// The last value of this name, as in Python's dict and Django's QueryDict; nullptr if there is none.
    const Value* find(std::string_view name) const noexcept;

private:
    std::vector<std::pair<std::string, Value>> fields_;
};

/// Reads a body as Django REST framework's JSONParser, FormParser and MultiPartParser do. An empty body has no fields, whatever its type.
/// Errors: unsupported_media_type, parse_error, invalid_field at "" (JSON, but no object).
Result<RequestData> read_request_data(std::string_view content_type, std::string_view body);

/// A number as Python's `repr(float)`: "1.0", "1e+16", "inf".
std::string python_float(double value);

}  // namespace parley::origin
