# The language, the warnings and the hardening flags every target is built with.

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 14)
  message(FATAL_ERROR "g++ ${CMAKE_CXX_COMPILER_VERSION} miscompiles coroutines (docs/decisions/0001-toolchain.md). Use a CMake preset: they choose clang-19.")
endif()

set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_SCAN_FOR_MODULES OFF)
# Position-independent executables; spelled out, so that libraries and programs can share a precompiled header.
add_compile_options(-fPIE)
add_link_options(-pie)

# libstdc++ 12's own stable_sort and inplace_merge use a function it has marked deprecated: no warning about those.
add_compile_options(-Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wold-style-cast
  -Woverloaded-virtual -Wextra-semi -Wunused -Wno-missing-designated-field-initializers
  -Wno-deprecated-declarations -Werror)

# Debug builds are for tests: fast enough to run them, with line numbers enough for a stack trace.
set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g1")
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1")

# trust.md of the project, "Build": assertions of the standard library stay on in a release.
add_compile_definitions(_GLIBCXX_ASSERTIONS)
if(PARLEY_SANITIZE)
  add_compile_options(-fsanitize=${PARLEY_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${PARLEY_SANITIZE})
else()
  add_compile_options(-fstack-protector-strong -fstack-clash-protection -fcf-protection -ftrivial-auto-var-init=zero)
  add_compile_options($<$<CONFIG:Release>:-D_FORTIFY_SOURCE=2>)
endif()
if(PARLEY_COVERAGE)
  add_compile_options(-fprofile-instr-generate -fcoverage-mapping)
  add_link_options(-fprofile-instr-generate)
endif()
add_link_options(-fuse-ld=lld -Wl,-z,relro,-z,now,-z,noexecstack,--gc-sections)

# A precompiled header without a time in it is the same after every rebuild, which lets ccache answer for what includes it.
add_compile_options("$<$<COMPILE_LANGUAGE:CXX>:SHELL:-Xclang -fno-pch-timestamp>")

# Two builds of one commit are the same bytes, wherever they are built.
add_compile_options(-ffile-prefix-map=${CMAKE_SOURCE_DIR}=. -ffunction-sections -fdata-sections)
