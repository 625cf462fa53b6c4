// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "files/service.hpp"
#include "http/call.hpp"

namespace parley::files {

/// Receives `multipart/form-data` with one part `file` and an optional part `expires_at`, in either order, in constant memory.
/// Errors: not_multipart, bad_multipart, no_file, those of the service; nothing is kept after one.
Task<Result<File>> receive_form(Service& files, http::Call& call);

}  // namespace parley::files
