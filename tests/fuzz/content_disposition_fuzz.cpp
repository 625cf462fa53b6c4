// SPDX-License-Identifier: Apache-2.0
#include "http/content_disposition.hpp"

#include "core/encoding.hpp"
#include "core/utf8.hpp"
#include "http/syntax.hpp"
#include "input.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace parley::http {
namespace {

using fuzz::require;

void check_value(std::string_view name) {
    const auto value = content_disposition(Disposition::attachment, name);
    require(std::ranges::all_of(value, [](char byte) { return byte >= ' ' && byte <= '~' && byte != '\\'; }));
    std::string_view plain;
    std::optional<std::string_view> extended;
    require(value.starts_with("attachment;"));
    require(for_each_parameter(std::string_view{value}.substr(value.find(';')), [&](const Parameter& parameter) {
        if (parameter.name == "filename") plain = parameter.value;
        else extended = parameter.value;
        return parameter.name == "filename" || parameter.name == "filename*";
    }));
    if (!extended) require(plain == name);
    else require(extended->starts_with("UTF-8''") && percent_decode(extended->substr(7)) == name);
}

void run(const std::string& sent) {
    check_value(sent);
    const auto name = clean_file_name(sent);
    if (!name) return;
    require(!name->empty() && name->size() <= max_file_name_bytes && is_utf8(*name));
    require(std::ranges::none_of(*name, [](char byte) { return byte == '/' || byte == '\\' || (byte >= 0 && byte < 0x20) || byte == 0x7F; }));
    require(*name != "." && *name != ".." && name->back() != '.' && name->back() != ' ');
    require(clean_file_name(*name) == *name);
}

}  // namespace
}  // namespace parley::http

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    parley::http::run(std::string{data, data + size});
    return 0;
}
