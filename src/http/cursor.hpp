// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/ids.hpp"
#include "core/result.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace parley::http {

/// Makes the opaque cursors of lists and reads them back: a position, sealed together with whom and which list it was made for, so that a forged one,
/// another user's, or another list's is refused.
class Cursors {
public:
    /// `secret` is the database's own, so that cursors outlive a restart.
    explicit Cursors(std::string secret) : secret_(std::move(secret)) {}

    std::string make(UserId user, std::string_view list, std::string_view position) const;
    /// The position inside; none for no cursor. Error: bad_cursor.
    Result<std::optional<std::string>> read(UserId user, std::string_view list, const std::optional<std::string>& cursor) const;

private:
    std::string seal(UserId user, std::string_view list, std::string_view position) const;

    const std::string secret_;
};

}  // namespace parley::http
