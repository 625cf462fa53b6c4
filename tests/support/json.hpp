// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json.hpp>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace parley::testing {

/// What a server said in JSON, for reading. A place that is not there reads as absent, which equals nothing but another absent one: an expectation
/// on it fails and says so, where an exception would hide the rest of the test.
class Json {
public:
    Json() = default;
    explicit Json(boost::json::value value);
    /// Throws std::runtime_error if `text` is no JSON.
    static Json parse(std::string_view text);

    Json operator[](std::string_view name) const;
    Json operator[](std::integral auto index) const { return at(static_cast<std::size_t>(index)); }
    /// The items of an array; of anything else, none.
    std::vector<Json> items() const;
    std::vector<std::string> names() const;
    /// Members of an object or items of an array.
    std::size_t size() const;

    bool present() const { return value_ != nullptr; }
    bool has(std::string_view name) const { return (*this)[name].present(); }
    bool is_null() const { return value_ != nullptr && value_->is_null(); }
    /// These throw std::runtime_error when it is something else.
    std::string string() const;
    std::int64_t integer() const;
    bool boolean() const;
    std::string text() const;

    friend bool operator==(const Json& a, const Json& b) { return a.value_ && b.value_ ? *a.value_ == *b.value_ : a.value_ == b.value_; }
    friend bool operator==(const Json& a, std::string_view b) { return a.value_ && a.value_->is_string() && a.value_->get_string() == b; }
    friend bool operator==(const Json& a, const char* b) { return a == std::string_view{b}; }
    friend bool operator==(const Json& a, const std::string& b) { return a == std::string_view{b}; }
    friend bool operator==(const Json& a, std::nullptr_t) { return a.is_null(); }
    friend bool operator==(const Json& a, std::same_as<bool> auto b) { return a.value_ && a.value_->is_bool() && a.value_->get_bool() == b; }
    template <std::integral T>
        requires(!std::same_as<T, bool>)
    friend bool operator==(const Json& a, T b) {
        return a.value_ && a.value_->is_number() && !a.value_->is_double() && a.integer() == static_cast<std::int64_t>(b);
    }
    /// The same as written: `EXPECT_EQ(answer["ids"], boost::json::value({1, 2}))`.
    friend bool operator==(const Json& a, const boost::json::value& b) { return a.value_ && *a.value_ == b; }
    friend std::ostream& operator<<(std::ostream& out, const Json& json) { return out << json.text(); }

private:
    Json(std::shared_ptr<const boost::json::value> root, const boost::json::value* value) : root_(std::move(root)), value_(value) {}
    Json at(std::size_t index) const;

    std::shared_ptr<const boost::json::value> root_;
    const boost::json::value* value_ = nullptr;
};

}  // namespace parley::testing
