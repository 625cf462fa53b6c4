// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.hpp"

#include <array>
#include <stdexcept>
#include <string>

namespace parley::storage {

namespace errors {
inline constexpr ErrorKind full{"storage_full", ErrorClass::storage_full, "The disk is full. Reading and deleting still work."};
inline constexpr ErrorKind failed{"storage_failed", ErrorClass::unavailable,
                                  "The storage has failed and takes no changes until the server is started again."};
inline constexpr ErrorKind stopping{"stopping", ErrorClass::unavailable, "The server is stopping. Try again in a moment."};

inline constexpr std::array all{&full, &failed, &stopping};
}  // namespace errors

/// What no caller can answer for: broken SQL, a corrupt page, a disk that refuses. Ends the job that met it.
class DatabaseError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// The disk has no room for a write; the writer turns it into errors::full.
class DiskFull final : public DatabaseError {
public:
    using DatabaseError::DatabaseError;
};

/// A read's snapshot is older than what the server keeps in memory beside the database: the read is run again (see Connection::revision).
class SnapshotMoved final : public DatabaseError {
public:
    SnapshotMoved() : DatabaseError("the snapshot is older than the memory beside it") {}
};

}  // namespace parley::storage
