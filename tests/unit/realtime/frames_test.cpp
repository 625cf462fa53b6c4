// SPDX-License-Identifier: Apache-2.0
#include "realtime/frames.hpp"

#include "core/errors.hpp"
#include "realtime/errors.hpp"

#include <gtest/gtest.h>

namespace parley::realtime {
namespace {

TEST(ErrorFrames, SayWhenToTryAgainWhereThatHelps) {
    EXPECT_NE(error_frame({}, parley::errors::overloaded).find(R"("temporary":true,"retry_after_ms":1000)"), std::string::npos);
    const auto limited = Error{errors::too_many_sockets}.with_retry_after(std::chrono::milliseconds{250});
    EXPECT_NE(error_frame({}, limited).find(R"("temporary":true,"retry_after_ms":250)"), std::string::npos);
    EXPECT_NE(error_frame({}, errors::bad_frame).find(R"("temporary":false,"retry_after_ms":null)"), std::string::npos);
}

}  // namespace
}  // namespace parley::realtime
