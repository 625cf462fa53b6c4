// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace parley::auth {

/// Whether `password` (valid UTF-8), in lower case and without white space around it, is one of the 20 000 most common ones: the test and the list
/// of Django's CommonPasswordValidator. The list is taken from Debian's python3-django when Parley is built.
bool is_common_password(std::string_view password);

/// How many passwords the list has.
std::size_t common_password_count();

}  // namespace parley::auth
