// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace parley::users {

inline constexpr std::size_t max_email_bytes = 254;  // RFC 5321 section 4.5.3.1.3, less the angle brackets

/// An e-mail address as it was given, if Django's EmailValidator accepts it: a dot-atom or quoted local part; a domain name (international ones
/// too), `localhost`, or an address in brackets. Refused although Django accepts them: control characters in a quoted local part, and the four
/// letters its case-blind pattern takes for ASCII ones there (İ, ı, ſ and the Kelvin sign). Such an address would be another's under case folding.
/// Errors: invalid_email, json's too_long.
Result<std::string> parse_email(std::string_view text);

/// The same, whatever its length.
bool is_email(std::string_view text);

}  // namespace parley::users
