// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "auth/python_text.hpp"

#include <unicode/uchar.h>
#include <unicode/utf.h>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>

namespace parley::interop {

/// Texts to compare two programs by; the same in every run.
class RandomText {
public:
    explicit RandomText(std::uint32_t seed) : engine_(seed) {}

    std::size_t below(std::size_t bound) { return engine_() % bound; }
    const auto& pick(const auto& items) { return items[below(std::size(items))]; }

    /// `length` of these characters.
    std::string of(std::u32string_view alphabet, std::size_t length) {
        std::u32string points;
        while (points.size() < length) points += pick(alphabet);
        return auth::python::utf8(points);
    }

    /// `length` characters that every Python and ICU of today knows: those of Unicode 13, mostly from the first blocks.
    std::string any(std::size_t length) {
        std::u32string points;
        while (points.size() < length) {
            const auto c = static_cast<char32_t>(below(below(2) == 0 ? 0x600 : 0x30000));
            if (is_old(c)) points += c;
        }
        return auth::python::utf8(points);
    }

    static bool is_old(char32_t c, std::uint8_t version = 13) {
        UVersionInfo age;
        u_charAge(static_cast<UChar32>(c), age);
        return age[0] != 0 && age[0] <= version && !U_IS_SURROGATE(c);
    }

private:
    std::mt19937 engine_;
};

}  // namespace parley::interop
