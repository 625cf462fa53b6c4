// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

namespace parley::storage::sqlite {

/// Zeroes what of a b-tree page belongs to no cell: the gap before the cell content and the inside of freeblocks. `page_one` has the file header in
/// front. Any other page, and any page that does not make sense, is left as it is. Returns whether the page is a b-tree page.
///
/// `PRAGMA secure_delete` zeroes what a deletion frees, but when a page is rebuilt because rows moved, copies of them stay in the gap (measured: a
/// handful of removed texts in a thousand edits), and are found there after the row itself is gone.
/// Source: SQLite database file format, section 1.6 "B-tree Pages".
bool clean_page(std::span<unsigned char> page, bool page_one);

/// The name of an SQLite VFS that is the default one, but writes b-tree pages of database files cleaned. It changes bytes SQLite never reads, while
/// the page goes from the log into the file, so that the file holds no removed text at any time. Registered on the first call.
const char* clean_vfs();

}  // namespace parley::storage::sqlite
