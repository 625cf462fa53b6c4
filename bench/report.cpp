// SPDX-License-Identifier: Apache-2.0
#include "report.hpp"

#include "chart.hpp"
#include "core/clock.hpp"
#include "core/json/writer.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <fstream>
#include <iostream>
#include <stdexcept>

namespace parley::bench {
namespace {

constexpr std::size_t name_width = 44, column_width = 14;

void write(json::Writer& json, const Figures& figures) {
    json.begin_object();
    for (const auto& [name, value] : figures.values()) json.key_escaped(name).raw(fmt::format("{:.3f}", value));
    json.end_object();
}

}  // namespace

std::string size_name(std::int64_t messages) {
    if (messages >= 1'000'000) return fmt::format("{} M there", messages / 1'000'000);
    if (messages >= 1000) return fmt::format("{} k there", messages / 1000);
    return fmt::format("{} there", messages);
}

double median(std::vector<double> values) {
    if (values.empty()) return 0;
    std::ranges::sort(values);
    const auto middle = values.size() / 2;
    return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

double quantile(std::vector<double> values, double share) {
    if (values.empty()) return 0;
    const auto place = values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
    std::ranges::nth_element(values, place);
    return *place;
}

double Figures::at(std::string_view name) const {
    const auto found = std::ranges::find(values_, name, &std::pair<std::string, double>::first);
    return found == values_.end() ? 0 : found->second;
}

void Figures::add(std::string_view prefix, const Figures& other) {
    for (const auto& [name, value] : other.values_) set(std::string{prefix} + name, value);
}

Figures Figures::medians(const std::vector<Figures>& runs) {
    Figures all;
    if (runs.empty()) return all;
    for (const auto& [name, value] : runs.front().values_) {
        std::vector<double> values;
        for (const auto& run : runs) values.push_back(run.at(name));
        all.set(name, median(std::move(values)));
    }
    return all;
}

void Report::add(std::string row, std::vector<Figures> runs) {
    auto medians = Figures::medians(runs);
    rows_.push_back({std::move(row), std::move(medians), std::move(runs)});
}

void Report::print() const {
    if (rows_.empty()) return;
    std::string text = fmt::format("{:<{}}", scenario_, name_width);
    for (const auto& row : rows_) text += fmt::format("{:>{}}", row.name, column_width);
    text += '\n';
    for (std::size_t i = 0; i < rows_.front().median.values().size(); ++i) {
        text += fmt::format("{:<{}}", rows_.front().median.values()[i].first, name_width);
        for (const auto& row : rows_) text += fmt::format("{:>{}.2f}", row.median.values().at(i).second, column_width);
        text += '\n';
    }
    for (const auto& goal : goals_)
        text += fmt::format("{}  {} ({} {})  {}\n", goal.is_met() ? "reached" : "MISSED ", fmt::format("{:.3g}", goal.measured),
                            goal.direction == Goal::at_most ? "at most" : "at least", fmt::format("{:.3g}", goal.limit), goal.name);
    std::cout << text << std::endl;
}

namespace {

void write(json::Writer& json, const Report& report) {
    json.begin_object().key("scenario").string(report.scenario()).key("rows").begin_array();
    for (const auto& row : report.rows()) {
        json.begin_object().key("name").string(row.name).key("median");
        write(json, row.median);
        json.key("runs").begin_array();
        for (const auto& run : row.runs) write(json, run);
        json.end_array().end_object();
    }
    json.end_array().key("goals").begin_array();
    for (const auto& goal : report.goals()) {
        json.begin_object().key("name").string(goal.name).key("measured").raw(fmt::format("{:.4f}", goal.measured));
        json.key(goal.direction == Goal::at_most ? "at_most" : "at_least").raw(fmt::format("{:.4f}", goal.limit)).end_object();
    }
    json.end_array().end_object();
}

void write_file(const std::filesystem::path& path, const std::string& text) {
    if (!(std::ofstream{path} << text)) throw std::runtime_error{"cannot write " + path.string()};
    std::cout << "written to " << path.string() << '\n';
}

}  // namespace

void save(const std::vector<Report>& reports, const std::filesystem::path& folder, std::string_view label) {
    std::string text;
    json::Writer json{text};
    const auto today = format_rfc3339(SystemClock{}.now());
    json.begin_object().key("at").string(today).key("label").string(label).key("scenarios").begin_array();
    for (const auto& report : reports) write(json, report);
    json.end_array().end_object();
    std::filesystem::create_directories(folder);
    const auto name = fmt::format("{}-{}", today.substr(0, 10), label);
    write_file(folder / (name + ".json"), text + '\n');
    write_file(folder / (name + ".svg"), draw(reports));
}

}  // namespace parley::bench
