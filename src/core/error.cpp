// SPDX-License-Identifier: Apache-2.0
#include "core/error.hpp"

#include <algorithm>
#include <utility>

namespace parley {

Error::Error(const ErrorKind& kind, std::string detail) : kind_(&kind) { extra().detail = std::move(detail); }

Error Error::of_fields(std::vector<FieldError> fields) {
    const auto malformed = std::ranges::find(fields, ErrorClass::malformed, [](const FieldError& field) { return field.kind->error_class; });
    const auto& leading = malformed == fields.end() ? fields.front() : *malformed;
    const auto error_class = leading.kind->error_class;
    Error error{*leading.kind, leading.detail};
    std::erase_if(fields, [&](const FieldError& field) { return field.kind->error_class != error_class; });
    error.extra().fields = std::move(fields);
    return error;
}

std::string_view Error::detail() const noexcept { return extra_ && !extra_->detail.empty() ? std::string_view{extra_->detail} : kind_->sentence; }

std::span<const FieldError> Error::fields() const noexcept {
    if (!extra_) return {};
    return extra_->fields;
}

Error Error::with_retry_after(std::chrono::milliseconds wait) && {
    extra().retry_after = wait;
    return std::move(*this);
}

std::optional<std::chrono::milliseconds> Error::retry_after() const noexcept { return extra_ ? extra_->retry_after : std::nullopt; }

Error::Extra& Error::extra() {
    if (!extra_) extra_ = std::make_unique<Extra>();
    return *extra_;
}

}  // namespace parley
