// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace parley {

/// What an error means to whoever called; `http` maps each class to one status, the command line to one exit code.
enum class ErrorClass : std::uint8_t {
    malformed,           // the input cannot be read
    unauthenticated,     // nobody is signed in
    forbidden,           // seen, but not allowed
    not_found,           // absent, or not to be seen by this caller
    method_not_allowed,  // the resource exists, the verb does not
    not_acceptable,      // no representation the client accepts
    timeout,             // the client was too slow
    conflict,            // at odds with the present state
    gone,                // was there, is not any more
    length_required,     // the size must be told beforehand
    precondition,        // a condition the client set does not hold
    too_large,           // above a size limit
    uri_too_long,        // request target above its limit
    unsupported_type,    // a media type or coding that is not read here
    range,               // a range outside the file
    expectation,         // an Expect that is not met
    misdirected,         // a host this server does not answer for
    unprocessable,       // read, understood, not acceptable
    upgrade_required,    // the protocol version is not spoken here
    too_many,            // above a rate limit
    headers_too_large,   // head above its limit
    internal,            // our fault
    not_implemented,     // a method or coding nobody here knows
    unavailable,         // overloaded or going away
    storage_full,        // quota or disk
};

/// An error as a constant of the feature it belongs to: stable machine-readable code, class, and a sentence for people.
struct ErrorKind {
    std::string_view code;
    ErrorClass error_class;
    std::string_view sentence;
};

/// What is wrong with one field of a request.
struct FieldError {
    const ErrorKind* kind;
    std::string pointer;  // JSON pointer (RFC 6901) into the body, such as "/text"
    std::string detail;
};

/// A failure that was to be expected, as a value. Two words large; what only some errors have is kept behind a pointer.
class Error {
public:
    Error(const ErrorKind& kind) noexcept : kind_(&kind) {}  // NOLINT(google-explicit-constructor): `fail(kind)` reads as it should
    Error(const ErrorKind& kind, std::string detail);

    /// Several broken fields as one error. Where some cannot be read (malformed), only those are told. The error takes the first one's kind.
    static Error of_fields(std::vector<FieldError> fields);

    const ErrorKind& kind() const noexcept { return *kind_; }
    bool is(const ErrorKind& kind) const noexcept { return kind_ == &kind; }

    /// The sentence for people: this failure's own where it has one, the kind's otherwise.
    std::string_view detail() const noexcept;
    std::span<const FieldError> fields() const noexcept;

    Error with_retry_after(std::chrono::milliseconds wait) &&;
    std::optional<std::chrono::milliseconds> retry_after() const noexcept;

private:
    struct Extra {
        std::string detail;
        std::vector<FieldError> fields;
        std::optional<std::chrono::milliseconds> retry_after;
    };
    Extra& extra();

    const ErrorKind* kind_;
    std::unique_ptr<Extra> extra_;
};

}  // namespace parley
