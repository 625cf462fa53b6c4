// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.hpp"

#include <expected>
#include <string>
#include <utility>

namespace parley {

template <class T>
using Result = std::expected<T, Error>;

/// A failed Result of any type: `return fail(errors::not_a_member);`
inline std::unexpected<Error> fail(Error error) { return std::unexpected<Error>(std::move(error)); }
inline std::unexpected<Error> fail(const ErrorKind& kind, std::string detail) { return std::unexpected<Error>(Error{kind, std::move(detail)}); }

}  // namespace parley

#define PARLEY_JOIN_INNER(a, b) a##b
#define PARLEY_JOIN(a, b) PARLEY_JOIN_INNER(a, b)
#define PARLEY_TRY(returning, temporary, declaration, ...)                               \
    auto&& temporary = (__VA_ARGS__);                                                    \
    if (!temporary) [[unlikely]]                                                         \
        returning std::unexpected(std::forward<decltype(temporary)>(temporary).error()); \
    declaration = *std::forward<decltype(temporary)>(temporary)
#define PARLEY_CHECK(returning, ...)                           \
    if (auto&& failed_ = (__VA_ARGS__); !failed_) [[unlikely]] \
    returning std::unexpected(std::forward<decltype(failed_)>(failed_).error())

/// `TRY(const auto x, f());` takes the value out of a Result, or returns its error to the caller. `CHECK(f());` when there is no value.
/// The CO_ forms do the same in a coroutine.
#define TRY(declaration, ...) PARLEY_TRY(return, PARLEY_JOIN(result_, __LINE__), declaration, __VA_ARGS__)
#define CHECK(...) PARLEY_CHECK(return, __VA_ARGS__)
#define CO_TRY(declaration, ...) PARLEY_TRY(co_return, PARLEY_JOIN(result_, __LINE__), declaration, __VA_ARGS__)
#define CO_CHECK(...) PARLEY_CHECK(co_return, __VA_ARGS__)
