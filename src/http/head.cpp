// SPDX-License-Identifier: Apache-2.0
#include "http/head.hpp"

#include "http/syntax.hpp"

namespace parley::http {

std::optional<std::string_view> Head::find(std::string_view lower_case_name) const noexcept {
    for (const auto& field : fields) {
        if (equal_ignoring_case(field.name, lower_case_name)) return field.value;
    }
    return std::nullopt;
}

void Head::move_to(const char* copy) noexcept {
    const auto move = [&](std::string_view& view) {
        if (!view.empty()) view = {copy + (view.data() - bytes.data()), view.size()};
    };
    move(method);
    move(target);
    move(host);
    for (auto& field : fields) {
        move(field.name);
        move(field.value);
    }
    bytes = {copy, bytes.size()};
}

}  // namespace parley::http
