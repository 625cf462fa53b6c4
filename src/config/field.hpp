// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <tuple>
#include <type_traits>

namespace parley::config {

enum class Secrecy : std::uint8_t { open, may_hold_password };

/// A setting: name, place in its section's struct (whose initialiser is the default), and the sentence that documents it.
template <class Section, class Member>
struct Field {
    consteval Field(std::string_view field_name, Member Section::* pointer, std::string_view what, Secrecy how_secret = Secrecy::open)
        : name(field_name),
          member(pointer),
          sentence(what),
          secrecy(how_secret) {}

    std::string_view name;
    Member Section::* member;
    std::string_view sentence;
    Secrecy secrecy;
};

/// A section of the file, such as [server], and where it stands in Config.
template <class Config, class Struct>
struct Section {
    consteval Section(std::string_view section_name, Struct Config::* pointer) : name(section_name), member(pointer) {}

    std::string_view name;
    Struct Config::* member;
};

/// Calls `visit(section name, field, value)` for every setting of `config`, in the order of the file.
template <class Config, class Visit>
void for_each_setting(Config& config, Visit&& visit) {
    const auto each_section = [&](const auto& section) {
        auto& values = config.*(section.member);
        std::apply([&](const auto&... field) { (visit(section.name, field, values.*(field.member)), ...); },
                   std::remove_cvref_t<decltype(values)>::fields);
    };
    std::apply([&](const auto&... section) { (each_section(section), ...); }, std::remove_const_t<Config>::sections);
}

}  // namespace parley::config
