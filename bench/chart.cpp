// SPDX-License-Identifier: Apache-2.0
#include "chart.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <cmath>

namespace parley::bench {
namespace {

constexpr int width = 760, bar_left = 170, bar_width = 460, line_height = 18;

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) out += c == '<' ? "&lt;" : c == '&' ? "&amp;" : std::string{c};
    return out;
}

class Drawing {
public:
    void line(std::string_view text, std::string_view style) {
        body_ += fmt::format("<text x=\"10\" y=\"{}\" class=\"{}\">{}</text>\n", y_ += line_height, style, escaped(text));
    }
    void bar(std::string_view name, double value, double share, bool ours) {
        y_ += line_height;
        body_ += fmt::format("<text x=\"{}\" y=\"{}\" class=\"name\">{}</text>", bar_left - 8, y_, escaped(name));
        body_ += fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{:.0f}\" height=\"12\" class=\"{}\"/>", bar_left, y_ - 11,
                             std::max(1.0, share * bar_width), ours ? "ours" : "other");
        body_ += fmt::format("<text x=\"{:.0f}\" y=\"{}\">{:.4g}</text>\n", bar_left + 6 + share * bar_width, y_, value);
    }
    void gap() { y_ += line_height / 2; }
    std::string finish() const {
        return fmt::format(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\">\n"
            "<style>svg{{background:#fff}}text{{font:12px sans-serif;fill:#222}}.title{{font-weight:bold;font-size:15px}}"
            ".figure{{fill:#555}}.name{{text-anchor:end}}.ours{{fill:#2563eb}}.other{{fill:#9ca3af}}</style>\n{2}</svg>\n",
            width, y_ + line_height, body_);
    }

private:
    std::string body_;
    int y_ = 6;
};

/// From a tenth of the smallest to the largest, by logarithm: what differs a hundredfold is seen in one panel.
void panel(Drawing& drawing, const Report& report, const std::string& figure) {
    double least = 0, most = 0;
    for (const auto& row : report.rows()) {
        const auto value = row.median.at(figure);
        if (value <= 0) continue;
        least = least == 0 ? value : std::min(least, value);
        most = std::max(most, value);
    }
    drawing.line(figure, "figure");
    for (const auto& row : report.rows()) {
        const auto value = row.median.at(figure);
        const auto share = value > 0 ? std::log(value / least * 10) / std::log(most / least * 10) : 0;
        drawing.bar(row.name, value, share, row.name == "parley");
    }
    drawing.gap();
}

}  // namespace

std::string draw(const std::vector<Report>& reports) {
    Drawing drawing;
    for (const auto& report : reports) {
        if (report.rows().empty()) continue;
        drawing.line(report.scenario(), "title");
        for (const auto& [figure, value] : report.rows().front().median.values()) panel(drawing, report, figure);
    }
    return drawing.finish();
}

}  // namespace parley::bench
