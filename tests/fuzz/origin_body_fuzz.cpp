// SPDX-License-Identifier: Apache-2.0
#include "core/json/document.hpp"
#include "core/utf8.hpp"
#include "input.hpp"
#include "origin/errors.hpp"
#include "origin/form.hpp"
#include "origin/json_complaint.hpp"
#include "origin/pagination.hpp"
#include "origin/request_data.hpp"
#include "origin/validation.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace parley::origin {
namespace {

using fuzz::require;

void check_form(std::string_view text) {
    const auto pairs = parse_form(text);
    if (!pairs) return;
    for (const auto& [name, value] : *pairs) require(is_utf8(name) && is_utf8(value));
    // An empty name with an empty value reads back as "=", which is a pair as well.
    require(parse_form(encode_form(*pairs)) == *pairs);
    require(is_utf8(page_link("http://h/", *pairs, 2)));
    const auto number = page_number(*pairs);
    require(!number || !*number || **number >= 1);
}

void check_body(std::string_view content_type, std::string_view body) {
    const auto data = read_request_data(content_type, body);
    if (!data) {
        require(data.error().is(errors::parse_error) || data.error().is(errors::invalid_field));
        require(is_utf8(data.error().detail()));
        return;
    }
    Validation validation{*data};
    const auto text = validation.text("a");
    require(text.has_value() != validation.failed());
    require(!text || is_utf8(*text));
}

void run(std::string_view input) {
    check_form(input);
    check_body("application/json", input);
    check_body("application/x-www-form-urlencoded", input);
    check_body("multipart/form-data; boundary=x", input);
    json::Document document;
    require(!json_complaint(input).empty() || document.parse(input).has_value());
}

}  // namespace
}  // namespace parley::origin

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string input{data, data + size};
    parley::origin::run(input);
    return 0;
}
