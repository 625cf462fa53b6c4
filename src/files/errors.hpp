// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.hpp"

#include <array>

namespace parley::files::errors {

inline constexpr ErrorKind too_large{"files.too_large", ErrorClass::too_large, "The file is larger than this server takes."};
inline constexpr ErrorKind quota_exceeded{"files.quota_exceeded", ErrorClass::storage_full, "Your files would take more than your quota."};
inline constexpr ErrorKind gone{"files.gone", ErrorClass::gone, "This file has expired or was deleted."};
inline constexpr ErrorKind not_ready{"files.not_ready", ErrorClass::conflict, "This file is not complete yet."};
inline constexpr ErrorKind quarantined{"files.quarantined", ErrorClass::forbidden, "This file was found to be harmful."};
inline constexpr ErrorKind not_uploader{"files.not_uploader", ErrorClass::forbidden, "Only who uploaded a file may change or delete it."};
inline constexpr ErrorKind no_file{"files.no_file", ErrorClass::unprocessable, "The form needs one part named file, with a file name."};
inline constexpr ErrorKind already_past{"files.expires_in_the_past", ErrorClass::unprocessable, "A file cannot expire in the past."};
inline constexpr ErrorKind keeping_not_allowed{"files.keeping_not_allowed", ErrorClass::unprocessable, "This server keeps no file for ever."};
inline constexpr ErrorKind not_usable{"files.not_usable", ErrorClass::unprocessable, "This is not a file of yours that can be used here."};

inline constexpr std::array all{&too_large,    &quota_exceeded, &gone,         &not_ready,           &quarantined,
                                &not_uploader, &no_file,        &already_past, &keeping_not_allowed, &not_usable};

}  // namespace parley::files::errors
