// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chat/log.hpp"
#include "core/clock.hpp"
#include "files/service.hpp"

namespace parley::chat {

/// What `files` calls when a file is let go: file.expired or file.deleted in the log of each conversation a message of which carries it.
files::OnGone record_files_gone(Log& log, const Clock& clock);

}  // namespace parley::chat
