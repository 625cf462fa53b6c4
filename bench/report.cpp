// SPDX-License-Identifier: Apache-2.0
#include "report.hpp"

#include "core/clock.hpp"
#include "core/json/writer.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <fstream>
#include <iostream>

namespace parley::bench {
namespace {

constexpr std::size_t name_width = 44, column_width = 14;

void write(json::Writer& json, const Figures& figures) {
    json.begin_object();
    for (const auto& [name, value] : figures.values()) json.key_escaped(name).raw(fmt::format("{:.3f}", value));
    json.end_object();
}

}  // namespace

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
    std::cout << text << std::flush;
}

void Report::save(const std::filesystem::path& folder, std::string_view label) const {
    std::string text;
    json::Writer json{text};
    const auto today = format_rfc3339(SystemClock{}.now());
    json.begin_object().key("scenario").string(scenario_).key("at").string(today).key("label").string(label).key("rows").begin_array();
    for (const auto& row : rows_) {
        json.begin_object().key("name").string(row.name).key("median");
        write(json, row.median);
        json.key("runs").begin_array();
        for (const auto& run : row.runs) write(json, run);
        json.end_array().end_object();
    }
    json.end_array().end_object();
    std::filesystem::create_directories(folder);
    const auto path = folder / fmt::format("{}-{}-{}.json", scenario_, today.substr(0, 10), label);
    std::ofstream{path} << text << '\n';
    std::cout << "written to " << path.string() << '\n';
}

}  // namespace parley::bench
