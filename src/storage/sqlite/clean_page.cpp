// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite/clean_page.hpp"

#include <sqlite3.h>
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <mutex>
#include <optional>

namespace parley::storage::sqlite {
namespace {

constexpr std::size_t file_header_bytes = 100;
constexpr std::size_t largest_page = 65'536;

std::size_t read16(std::span<const unsigned char> page, std::size_t at) { return (static_cast<std::size_t>(page[at]) << 8U) | page[at + 1]; }

struct PageLayout {
    std::size_t gap_begin, gap_end;  // between the cell pointers and the first cell
    std::size_t first_freeblock;     // 0: none
};

/// The layout of a b-tree page, if `page` is one.
std::optional<PageLayout> layout_of(std::span<const unsigned char> page, bool page_one) {
    constexpr unsigned char interior_index = 2, interior_table = 5, leaf_index = 10, leaf_table = 13;
    const std::size_t header = page_one ? file_header_bytes : 0;
    const auto kind = page[header];
    const bool leaf = kind == leaf_index || kind == leaf_table;
    if (!leaf && kind != interior_index && kind != interior_table) return std::nullopt;
    const auto cells = read16(page, header + 3);
    auto content = read16(page, header + 5);
    if (content == 0) content = largest_page;
    const auto pointers_end = header + (leaf ? 8U : 12U) + 2 * cells;
    if (pointers_end > content || content > page.size()) return std::nullopt;
    return PageLayout{pointers_end, content, read16(page, header + 1)};
}

using Write = int (*)(sqlite3_file*, const void*, int, sqlite3_int64);
using Open = int (*)(sqlite3_vfs*, const char*, sqlite3_file*, int, int*);

/// The default VFS's own functions. SQLite calls back through plain functions, so there is no object to keep them in.
Write real_write = nullptr;
Open real_open = nullptr;
sqlite3_vfs cleaning_vfs;
sqlite3_io_methods cleaning_methods;
std::once_flag methods_made;

/// A page number of 2^25 has a first byte of 2: in a larger file an overflow page could look like a b-tree page.
constexpr sqlite3_int64 largest_file = (sqlite3_int64{1} << 25U) * 4096;

int write_cleaned(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 offset) {
    std::array<unsigned char, largest_page> page;
    const auto size = static_cast<std::size_t>(count);
    const bool whole_page = count >= 512 && size <= page.size() && offset % count == 0 && offset < largest_file;
    if (!whole_page) return real_write(file, bytes, count, offset);
    std::memcpy(page.data(), bytes, size);
    clean_page({page.data(), size}, offset == 0);
    return real_write(file, page.data(), count, offset);
}

int open_cleaning(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* flags_out) {
    const int code = real_open(vfs, name, file, flags, flags_out);
    if (code != SQLITE_OK || (flags & SQLITE_OPEN_MAIN_DB) == 0) return code;
    std::call_once(methods_made, [&] {
        cleaning_methods = *file->pMethods;
        real_write = cleaning_methods.xWrite;
        cleaning_methods.xWrite = write_cleaned;
    });
    file->pMethods = &cleaning_methods;
    return code;
}

}  // namespace

bool clean_page(std::span<unsigned char> page, bool page_one) {
    const auto layout = layout_of(page, page_one);
    if (!layout) return false;
    std::memset(page.data() + layout->gap_begin, 0, layout->gap_end - layout->gap_begin);
    // Freeblocks form a list in ascending order; each begins with where the next one is and how large it is.
    constexpr std::size_t freeblock_header = 4;
    for (auto at = layout->first_freeblock; at >= layout->gap_end && at + freeblock_header <= page.size();) {
        const auto next = read16(page, at), size = read16(page, at + 2);
        if (size < freeblock_header || at + size > page.size()) break;
        std::memset(page.data() + at + freeblock_header, 0, size - freeblock_header);
        if (next <= at) break;
        at = next;
    }
    return true;
}

const char* clean_vfs() {
    static constexpr auto name = "parley-clean";
    static std::once_flag registered;
    std::call_once(registered, [] {
        cleaning_vfs = *sqlite3_vfs_find(nullptr);
        real_open = cleaning_vfs.xOpen;
        cleaning_vfs.zName = name;
        cleaning_vfs.pNext = nullptr;
        cleaning_vfs.xOpen = open_cleaning;
        sqlite3_vfs_register(&cleaning_vfs, 0);
    });
    return name;
}

}  // namespace parley::storage::sqlite
