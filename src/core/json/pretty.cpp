// SPDX-License-Identifier: Apache-2.0
#include "core/json/pretty.hpp"

#include <cstddef>

namespace parley::json {
namespace {

/// One past the quote that ends the string beginning at `from`.
std::size_t end_of_string(std::string_view text, std::size_t from) {
    for (auto at = from + 1; at < text.size(); ++at) {
        if (text[at] == '\\') ++at;
        else if (text[at] == '"') return at + 1;
    }
    return text.size();
}

class Printer {
public:
    explicit Printer(std::size_t bytes) { out_.reserve(bytes * 2); }

    void open(char bracket) {
        out_ += bracket;
        ++depth_;
        new_line();
    }
    void close(char bracket) {
        --depth_;
        new_line();
        out_ += bracket;
    }
    void comma() {
        out_ += ',';
        new_line();
    }
    void add(std::string_view text) { out_ += text; }
    std::string finish() && {
        out_ += '\n';
        return std::move(out_);
    }

private:
    void new_line() {
        out_ += '\n';
        out_.append(depth_ * 2, ' ');
    }

    std::string out_;
    std::size_t depth_ = 0;
};

}  // namespace

std::string pretty(std::string_view compact) {
    Printer printer{compact.size()};
    for (std::size_t at = 0; at < compact.size(); ++at) {
        const char c = compact[at];
        if (c == '"') {
            const auto end = end_of_string(compact, at);
            printer.add(compact.substr(at, end - at));
            at = end - 1;
        } else if ((c == '{' || c == '[') && at + 1 < compact.size() && (compact[at + 1] == '}' || compact[at + 1] == ']')) {
            printer.add(compact.substr(at++, 2));
        } else if (c == '{' || c == '[') {
            printer.open(c);
        } else if (c == '}' || c == ']') {
            printer.close(c);
        } else if (c == ',') {
            printer.comma();
        } else {
            printer.add(c == ':' ? ": " : compact.substr(at, 1));
        }
    }
    return std::move(printer).finish();
}

}  // namespace parley::json
