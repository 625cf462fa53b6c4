// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.hpp"

#include <gtest/gtest.h>
#include <string>

namespace parley::testing {

/// The code of a Result's error, "" of a success: for tables, whose rows are told apart by a message.
template <class T>
std::string refusal(const Result<T>& result) {
    return result ? "" : std::string{result.error().kind().code};
}

}  // namespace parley::testing

/// The Result is an error of this kind.
#define EXPECT_ERROR(result, expected_kind)                                                                                 \
    do {                                                                                                                    \
        const auto& checked_ = (result);                                                                                    \
        EXPECT_FALSE(checked_.has_value()) << "succeeded, but " << (expected_kind).code << " was expected";                 \
        if (!checked_.has_value()) EXPECT_EQ(std::string{checked_.error().kind().code}, std::string{(expected_kind).code}); \
    } while (false)

/// The Result holds a value.
#define EXPECT_OK(result)                                                                                                                       \
    do {                                                                                                                                        \
        const auto& checked_ = (result);                                                                                                        \
        EXPECT_TRUE(checked_.has_value()) << (checked_.has_value()                                                                              \
                                                  ? ""                                                                                          \
                                                  : std::string{checked_.error().kind().code} + ": " + std::string{checked_.error().detail()}); \
    } while (false)
#define ASSERT_OK(result)                                      \
    ASSERT_TRUE((result).has_value()) << ((result).has_value() \
                                              ? ""             \
                                              : std::string{(result).error().kind().code} + ": " + std::string{(result).error().detail()})
