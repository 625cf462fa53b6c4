// SPDX-License-Identifier: Apache-2.0
#include "users/names.hpp"

#include "users/errors.hpp"

#include "auth/python_text.hpp"
#include "core/json/errors.hpp"
#include "core/utf8.hpp"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uspoof.h>
#include <unicode/uversion.h>
#include <algorithm>
#include <array>
#include <cstdint>
#include <stdexcept>
#include <utility>

namespace parley::users {
namespace {

/// ICU fails here only without its data or without memory.
void require(UErrorCode code) {
    if (U_FAILURE(code)) throw std::runtime_error(std::string{"ICU: "} + u_errorName(code));
}

const icu::Normalizer2& case_folding() {
    UErrorCode code = U_ZERO_ERROR;
    const auto* const normalizer = icu::Normalizer2::getNFKCCasefoldInstance(code);
    require(code);
    return *normalizer;
}

icu::UnicodeString fold(const icu::UnicodeString& text) {
    UErrorCode code = U_ZERO_ERROR;
    auto folded = case_folding().normalize(text, code);
    require(code);
    return folded;
}

icu::UnicodeString utf16(std::string_view text) { return icu::UnicodeString::fromUTF8({text.data(), static_cast<std::int32_t>(text.size())}); }

std::string utf8(const icu::UnicodeString& text) {
    std::string out;
    return text.toUTF8String(out);
}

bool may_stand_in_username(char32_t c) {
    constexpr std::u32string_view punctuation = U".@+-";  // and the underscore, which is a word character
    if (punctuation.contains(c)) return true;
    return auth::python::is_word(c) && !u_hasBinaryProperty(static_cast<UChar32>(c), UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
}

}  // namespace

void NameFolder::Close::operator()(USpoofChecker* checker) const noexcept { uspoof_close(checker); }

NameFolder::NameFolder() {
    UErrorCode code = U_ZERO_ERROR;
    checker_.reset(uspoof_open(&code));
    require(code);
}

std::string NameFolder::key(std::string_view text) const {
    auto folded = fold(utf16(text));
    // Two rounds are enough for every single character (a test tries all); more can only be asked by characters that compose anew.
    for (int round = 0; round < 4; ++round) {
        UErrorCode code = U_ZERO_ERROR;
        icu::UnicodeString skeleton;
        uspoof_getSkeletonUnicodeString(checker_.get(), 0, folded, skeleton, &code);
        require(code);
        auto again = fold(skeleton);
        if (again == folded) break;
        folded = std::move(again);
    }
    return utf8(folded);
}

std::string NameFolder::version() {
    UVersionInfo version;
    std::array<char, U_MAX_VERSION_STRING_LENGTH> text{};
    u_getVersion(version);
    u_versionToString(version, text.data());
    return text.data();
}

Result<Username> parse_username(const NameFolder& folder, std::string_view text) {
    if (text.empty()) return fail(json::errors::too_short);
    if (!is_utf8(text)) return fail(errors::invalid_username);
    if (auth::python::length(text) > max_name_length) return fail(json::errors::too_long);
    if (!std::ranges::all_of(auth::python::code_points(text), may_stand_in_username)) return fail(errors::invalid_username);
    auto key = folder.key(text);
    if (key.size() > max_name_key_bytes) return fail(json::errors::too_long);
    return Username{std::string{text}, std::move(key)};
}

std::string search_key(std::string_view text) { return utf8(fold(utf16(text))); }

std::optional<std::string> prefix_upper_bound(std::string_view prefix) {
    constexpr char32_t last = 0x10FFFF, before_surrogates = 0xD7FF, after_surrogates = 0xE000;
    auto points = auth::python::code_points(prefix);
    while (!points.empty() && points.back() == last) points.pop_back();
    if (points.empty()) return std::nullopt;
    // The order of UTF-8 bytes is that of code points (RFC 3629 section 1).
    points.back() = points.back() == before_surrogates ? after_surrogates : points.back() + 1;
    return auth::python::utf8(points);
}

}  // namespace parley::users
