// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/cursor.hpp"
#include "storage/errors.hpp"

#include <boost/pfr/core.hpp>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace parley::storage {

/// What a store runs its SQL on: parameters `$1`, `$2`, …; one SQL text for every database. A row type is a plain struct whose members are the
/// selected columns in their order, or a single column's type. Everything throws DatabaseError when the database itself fails.
class Connection {
public:
    Connection() = default;
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// All rows; the statement names a LIMIT where the table can grow.
    template <class Row, class... Args>
    std::vector<Row> rows(std::string_view sql, const Args&... args) {
        std::vector<Row> found;
        const Running running{start(sql, args...)};
        while (running.cursor.step()) take_row(running.cursor, found.emplace_back());
        return found;
    }

    /// The first row, if there is one.
    template <class Row, class... Args>
    std::optional<Row> row(std::string_view sql, const Args&... args) {
        const Running running{start(sql, args...)};
        if (!running.cursor.step()) return std::nullopt;
        std::optional<Row> found;
        take_row(running.cursor, found.emplace());
        return found;
    }

    /// Runs a statement that gives no rows.
    template <class... Args>
    void run(std::string_view sql, const Args&... args) {
        const Running running{start(sql, args...)};
        while (running.cursor.step()) {
        }
    }

    /// How often memory that stands beside the database (chat::Log's tail) had dropped what the database took over, when this snapshot began.
    /// Such memory compares it and throws SnapshotMoved, if it has dropped something this snapshot does not hold yet.
    virtual std::uint64_t revision() const noexcept = 0;
    /// Whether this connection sees what the batch in progress has written: the writer's does.
    bool is_writer() const noexcept { return revision() == writer_revision; }
    static constexpr std::uint64_t writer_revision = ~std::uint64_t{0};

protected:
    ~Connection() = default;
    virtual Cursor& prepare(std::string_view sql) = 0;
    static Cursor& prepare_on(Connection& other, std::string_view sql) { return other.prepare(sql); }

private:
    struct Running {
        explicit Running(Cursor& started) : cursor(started) {}
        Running(const Running&) = delete;
        Running& operator=(const Running&) = delete;
        ~Running() { cursor.reset(); }
        Cursor& cursor;
    };

    template <class... Args>
    Cursor& start(std::string_view sql, const Args&... args) {
        auto& cursor = prepare(sql);
        int parameter = 0;
        (bind_value(cursor, ++parameter, args), ...);
        return cursor;
    }

    template <class Row>
    static void take_row(Cursor& cursor, Row& row) {
        if constexpr (Column<Row>) {
            take_value(cursor, 0, row);
        } else {
            boost::pfr::for_each_field(row, [&](auto& member, std::size_t column) { take_value(cursor, static_cast<int>(column), member); });
        }
    }
};

}  // namespace parley::storage
