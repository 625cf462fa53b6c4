// SPDX-License-Identifier: Apache-2.0
#include "auth/common_passwords.hpp"

#include "auth/python_text.hpp"

#include "core/embedded.hpp"

#include <algorithm>
#include <span>
#include <string>

namespace parley::embedded {
std::span<const EmbeddedFile> common_passwords();
}

namespace parley::auth {
namespace {

/// A password a line, in the order of their bytes (src/CMakeLists.txt sorts them), each line ended. It stays where the loader mapped it: nothing
/// is built at the start, and the pages nobody reads are never in memory.
std::string_view list() { return embedded::common_passwords().front().content; }

/// Binary search: looks at the line in the middle of the text and goes on in the half before or behind it.
bool contains_line(std::string_view lines, std::string_view wanted) {
    while (!lines.empty()) {
        const auto line_before = lines.substr(0, lines.size() / 2).rfind('\n');
        const auto begin = line_before == std::string_view::npos ? 0 : line_before + 1;
        const auto end = lines.find('\n', begin);
        const auto line = lines.substr(begin, end - begin);
        if (line == wanted) return true;
        lines = line < wanted ? lines.substr(end + 1) : lines.substr(0, begin);
    }
    return false;
}

}  // namespace

bool is_common_password(std::string_view password) {
    const auto lower = python::lower(password);
    std::string stripped;
    for (const char32_t c : python::strip(lower)) {
        if (c > 0x7E) return false;  // all of the list is ASCII; a test holds it to that
        stripped += static_cast<char>(c);
    }
    return contains_line(list(), stripped);
}

std::size_t common_password_count() { return static_cast<std::size_t>(std::ranges::count(list(), '\n')); }

}  // namespace parley::auth
