// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::bench {

/// "10 k there", for so many messages.
std::string size_name(std::int64_t messages);

double median(std::vector<double> values);
/// The value under which a share of them lie; 0 of none.
double quantile(std::vector<double> values, double share);

/// Figures by name, of one run or, as medians, of several.
class Figures {
public:
    void set(std::string name, double value) { values_.emplace_back(std::move(name), value); }
    /// Adds those of `other`, each name behind `prefix`.
    void add(std::string_view prefix, const Figures& other);
    const std::vector<std::pair<std::string, double>>& values() const noexcept { return values_; }

    /// The median of each figure that the first run has; 0 counts for a run that lacks it.
    static Figures medians(const std::vector<Figures>& runs);
    /// 0 if there is none of this name.
    double at(std::string_view name) const;

private:
    std::vector<std::pair<std::string, double>> values_;
};

/// What docs/PERFORMANCE.md asks of a figure.
struct Goal {
    enum Direction : std::uint8_t { at_most, at_least };
    std::string name;
    double measured = 0;
    Direction direction = at_most;
    double limit = 0;

    bool is_met() const noexcept { return direction == at_most ? measured <= limit : measured >= limit; }
};

/// Rows of figures: printed as a table, a figure a line and a row a column, and kept as JSON.
class Report {
public:
    explicit Report(std::string scenario) : scenario_(std::move(scenario)) {}
    void add(std::string row, std::vector<Figures> runs);
    void add_goal(Goal goal) { goals_.push_back(std::move(goal)); }
    void print() const;

    struct Row {
        std::string name;
        Figures median;
        std::vector<Figures> runs;
    };
    const std::string& scenario() const noexcept { return scenario_; }
    const std::vector<Row>& rows() const noexcept { return rows_; }
    const std::vector<Goal>& goals() const noexcept { return goals_; }

private:
    std::string scenario_;
    std::vector<Row> rows_;
    std::vector<Goal> goals_;
};

/// `<folder>/<YYYY-MM-DD>-<label>.json`, medians, goals and every run; and the same drawn as `.svg`. Throws std::runtime_error.
void save(const std::vector<Report>& reports, const std::filesystem::path& folder, std::string_view label);

}  // namespace parley::bench
