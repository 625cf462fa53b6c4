// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/caller.hpp"
#include "http/stage.hpp"

#include <functional>
#include <string_view>
#include <utility>

namespace parley::http {

/// Finds out who is calling by `Authorization: Bearer`, and keeps those who are nobody from routes for the signed in. A token in the URL is refused
/// wherever it comes (RFC 9700 section 4.3.2: it would stay in logs and histories).
class Authentication final : public Stage {
public:
    /// Checks a token on the shard of the call, without waiting.
    using Check = std::function<Result<Caller>(net::Shard& shard, std::string_view token)>;
    using CheckControl = std::function<Result<void>(std::string_view token)>;

    Authentication(Check check, CheckControl check_control) : check_(std::move(check)), check_control_(std::move(check_control)) {}
    Result<void> before(Call& call) override;

private:
    const Check check_;
    const CheckControl check_control_;
};

/// The token of an Authorization field with the Bearer scheme (RFC 6750 section 2.1); nothing if it is not that.
std::optional<std::string_view> bearer_token(std::string_view authorization) noexcept;

}  // namespace parley::http
