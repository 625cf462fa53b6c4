// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::bench {

double median(std::vector<double> values);
/// The value under which a share of them lie; 0 of none.
double quantile(std::vector<double> values, double share);

/// Figures by name, of one run or, as medians, of several.
class Figures {
public:
    void set(std::string name, double value) { values_.emplace_back(std::move(name), value); }
    const std::vector<std::pair<std::string, double>>& values() const noexcept { return values_; }

    /// The median of each figure that the first run has; 0 counts for a run that lacks it.
    static Figures medians(const std::vector<Figures>& runs);
    /// 0 if there is none of this name.
    double at(std::string_view name) const;

private:
    std::vector<std::pair<std::string, double>> values_;
};

/// Rows of figures: printed as a table, a figure a line and a row a column, and kept as JSON.
class Report {
public:
    explicit Report(std::string scenario) : scenario_(std::move(scenario)) {}
    void add(std::string row, std::vector<Figures> runs);
    void print() const;
    /// `<folder>/<scenario>-<YYYY-MM-DD>-<label>.json`: medians and every run.
    void save(const std::filesystem::path& folder, std::string_view label) const;

private:
    struct Row {
        std::string name;
        Figures median;
        std::vector<Figures> runs;
    };
    std::string scenario_;
    std::vector<Row> rows_;
};

}  // namespace parley::bench
