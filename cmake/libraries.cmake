# What comes from Debian's packages, and how a folder of src/ becomes a library.

find_package(Threads REQUIRED)
find_package(Boost 1.81.0 EXACT CONFIG REQUIRED COMPONENTS json)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(ICU REQUIRED COMPONENTS uc i18n)
find_package(PkgConfig REQUIRED)
pkg_check_modules(Argon2 REQUIRED IMPORTED_TARGET libargon2)
pkg_check_modules(TomlPlusPlus REQUIRED IMPORTED_TARGET tomlplusplus)
find_package(CLI11 REQUIRED)

# parley_library(NAME [USES folder...] [LINKS target...]): all sources of src/NAME, found by glob, so that a new file needs no edit here.
# `core` comes first in every folder's headers, so its precompiled header serves all.
function(parley_library name)
  cmake_parse_arguments(ARG "" "" "USES;LINKS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp)
  add_library(parley_${name} STATIC ${sources})
  target_include_directories(parley_${name} PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})
  list(TRANSFORM ARG_USES PREPEND parley_)
  target_link_libraries(parley_${name} PUBLIC ${ARG_USES} ${ARG_LINKS})
  if(name STREQUAL "core")
    target_precompile_headers(parley_${name} PRIVATE ${CMAKE_SOURCE_DIR}/cmake/precompiled.hpp)
  else()
    target_precompile_headers(parley_${name} REUSE_FROM parley_core)
  endif()
endfunction()
