// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.hpp"

#include <array>

namespace parley::json::errors {

inline constexpr ErrorKind malformed{"malformed_json", ErrorClass::malformed, "The body is not a JSON document."};
inline constexpr ErrorKind too_deep{"json_too_deep", ErrorClass::malformed, "The JSON document is nested too deeply."};
inline constexpr ErrorKind not_an_object{"not_an_object", ErrorClass::malformed, "A JSON object is expected."};
inline constexpr ErrorKind unknown_field{"unknown_field", ErrorClass::malformed, "There is no field of this name."};
inline constexpr ErrorKind duplicate_field{"duplicate_field", ErrorClass::malformed, "This field is given twice."};
inline constexpr ErrorKind wrong_type{"wrong_type", ErrorClass::malformed, "This value has the wrong type."};
inline constexpr ErrorKind required{"required", ErrorClass::unprocessable, "This field is required."};
inline constexpr ErrorKind too_long{"too_long", ErrorClass::unprocessable, "This value is too long."};
inline constexpr ErrorKind too_short{"too_short", ErrorClass::unprocessable, "This value is too short."};
inline constexpr ErrorKind too_many_items{"too_many_items", ErrorClass::unprocessable, "This list has too many items."};
inline constexpr ErrorKind invalid_value{"invalid_value", ErrorClass::unprocessable, "This value is not acceptable."};

inline constexpr std::array all{&malformed, &too_deep, &not_an_object, &unknown_field,  &duplicate_field, &wrong_type,
                                &required,  &too_long, &too_short,     &too_many_items, &invalid_value};

}  // namespace parley::json::errors
