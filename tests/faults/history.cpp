// SPDX-License-Identifier: Apache-2.0
#include "faults/history.hpp"

#include "support/connection.hpp"

#include <chrono>
#include <iterator>

namespace parley::faults {
namespace {

template <class T>
void append(std::vector<T>& to, std::vector<T>&& from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

}  // namespace

std::int64_t moment_ns() { return std::chrono::duration_cast<std::chrono::nanoseconds>(testing::moment().time_since_epoch()).count(); }

void History::add(History&& other) {
    append(sends, std::move(other.sends));
    append(changes, std::move(other.changes));
    append(streams, std::move(other.streams));
    append(heads, std::move(other.heads));
    append(marks, std::move(other.marks));
    append(pages, std::move(other.pages));
    append(resumes, std::move(other.resumes));
    append(arrivals, std::move(other.arrivals));
    append(sightings, std::move(other.sightings));
    append(uploads, std::move(other.uploads));
    append(epochs, std::move(other.epochs));
    append(surprises, std::move(other.surprises));
}

}  // namespace parley::faults
