// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.hpp"

#include <coroutine>
#include <cstdint>
#include <optional>
#include <string_view>

namespace parley::http {

/// The body of a request as it arrives, for a handler that takes it piece by piece. Nothing is read ahead: who does not ask, slows the sender.
class Body {
public:
    /// `co_await body.read()`: the next piece, empty at the end. The view is good until the next wait of any kind: copy what is kept.
    /// Errors: bad_chunk, body_timeout, body_cut_short.
    auto read() { return Read{*this}; }

    /// The length the client declared, if it did.
    virtual std::optional<std::uint64_t> declared_length() const noexcept = 0;

protected:
    ~Body() = default;

    /// The next piece, if it is there; else `waiting` is resumed when there is one.
    virtual std::optional<Result<std::string_view>> try_read() = 0;
    virtual void wait_for_body(std::coroutine_handle<> waiting) = 0;

private:
    struct Read {
        Body& body;
        std::optional<Result<std::string_view>> piece = {};

        bool await_ready() {
            piece = body.try_read();
            return piece.has_value();
        }
        void await_suspend(std::coroutine_handle<> waiting) { body.wait_for_body(waiting); }
        Result<std::string_view> await_resume() {
            if (!piece) piece = body.try_read();
            return *std::move(piece);
        }
    };
};

}  // namespace parley::http
