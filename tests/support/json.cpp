// SPDX-License-Identifier: Apache-2.0
#include "support/json.hpp"

#include <stdexcept>

namespace parley::testing {

Json::Json(boost::json::value value) : root_(std::make_shared<const boost::json::value>(std::move(value))), value_(root_.get()) {}

Json Json::parse(std::string_view text) {
    boost::system::error_code code;
    auto value = boost::json::parse(text, code);
    if (code) throw std::runtime_error("no JSON (" + code.message() + "): " + std::string{text.substr(0, 300)});
    return Json{std::move(value)};
}

Json Json::operator[](std::string_view name) const {
    const auto* object = value_ ? value_->if_object() : nullptr;
    return {root_, object ? object->if_contains(name) : nullptr};
}

Json Json::at(std::size_t index) const {
    const auto* array = value_ ? value_->if_array() : nullptr;
    return {root_, array ? array->if_contains(index) : nullptr};
}

std::vector<Json> Json::items() const {
    std::vector<Json> all;
    for (std::size_t i = 0; value_ && value_->is_array() && i < value_->get_array().size(); ++i) all.push_back(at(i));
    return all;
}

std::vector<std::string> Json::names() const {
    std::vector<std::string> all;
    if (value_ && value_->is_object()) {
        for (const auto& member : value_->get_object()) all.emplace_back(member.key());
    }
    return all;
}

std::size_t Json::size() const {
    if (!value_) return 0;
    if (const auto* array = value_->if_array()) return array->size();
    const auto* object = value_->if_object();
    return object ? object->size() : 0;
}

std::string Json::string() const {
    if (!value_ || !value_->is_string()) throw std::runtime_error("a text was expected, not " + text());
    return std::string{value_->get_string()};
}

std::int64_t Json::integer() const {
    if (!value_ || !value_->is_number() || value_->is_double()) throw std::runtime_error("a whole number was expected, not " + text());
    return value_->is_int64() ? value_->get_int64() : static_cast<std::int64_t>(value_->get_uint64());
}

bool Json::boolean() const {
    if (!value_ || !value_->is_bool()) throw std::runtime_error("true or false was expected, not " + text());
    return value_->get_bool();
}

std::string Json::text() const { return value_ ? boost::json::serialize(*value_) : "(absent)"; }

}  // namespace parley::testing
