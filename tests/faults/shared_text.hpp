// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <utility>

namespace parley::faults {

/// A text that many readers have seen: copies share it, so that an event that reaches two hundred costs the memory of one.
class SharedText {
public:
    SharedText() = default;
    SharedText(std::string text) : text_(text.empty() ? nullptr : std::make_shared<const std::string>(std::move(text))) {}
    SharedText(const char* text) : SharedText(std::string{text}) {}

    const std::string& text() const noexcept {
        static const std::string none;
        return text_ ? *text_ : none;
    }
    bool empty() const noexcept { return text_ == nullptr; }

    friend bool operator==(const SharedText& a, const SharedText& b) { return a.text_ == b.text_ || a.text() == b.text(); }

private:
    std::shared_ptr<const std::string> text_;
};

}  // namespace parley::faults
