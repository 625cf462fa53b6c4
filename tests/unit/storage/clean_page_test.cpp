// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite/clean_page.hpp"

#include "storage/sqlite/connection.hpp"
#include "support/fakes.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <algorithm>
#include <fstream>
#include <random>
#include <set>
#include <span>
#include <sstream>

namespace parley::storage::sqlite {
namespace {

constexpr int rows = 3000;

std::string marker(int row, int version) { return fmt::format("SECRET{:06}v{:03}.", row, version); }

/// Edits that make rows longer and shorter move other rows about; then half of the texts are removed.
struct Churned {
    std::set<std::string> removed, kept;
    std::string file;
};

Churned churn(unsigned seed) {
    const testing::TemporaryFolder folder;
    const auto path = (folder.path() / "test.db").string();
    std::mt19937 random{seed};
    Churned outcome;
    std::vector<int> version(rows, 0);
    {
        SqliteConnection db{path, SqliteConnection::Role::writer};
        db.execute("CREATE TABLE texts (id INTEGER PRIMARY KEY, text TEXT); BEGIN");
        for (int i = 0; i < rows; ++i) db.run("INSERT INTO texts VALUES ($1, $2)", i, marker(i, 0) + std::string(random() % 200, 'x'));
        for (int k = 0; k < 2000; ++k) {
            const auto i = static_cast<int>(random() % rows);
            outcome.removed.insert(marker(i, version[static_cast<std::size_t>(i)]++));
            const std::size_t sizes[] = {0, 10, 100, 500, 3000, 16'000};
            db.run("UPDATE texts SET text = $2 WHERE id = $1", i,
                   marker(i, version[static_cast<std::size_t>(i)]) + std::string(sizes[random() % 6], 'y'));
        }
        db.execute("COMMIT");
        db.checkpoint(SqliteConnection::Checkpoint::passive);
        db.execute("BEGIN");
        for (int i = 0; i < rows; ++i) {
            const auto text = marker(i, version[static_cast<std::size_t>(i)]);
            if (random() % 2 == 0) {
                db.run("UPDATE texts SET text = NULL WHERE id = $1", i);
                outcome.removed.insert(text);
            } else {
                outcome.kept.insert(text);
            }
        }
        db.execute("COMMIT");
        db.checkpoint(SqliteConnection::Checkpoint::truncate);
        EXPECT_EQ(db.row<std::string>("PRAGMA integrity_check"), "ok");
    }
    std::stringstream content;
    content << std::ifstream{path, std::ios::binary}.rdbuf();
    outcome.file = content.str();
    return outcome;
}

TEST(CleanPageTest, RemovedTextLeavesNoCopyBehindWhereRowsMoved) {
    for (const unsigned seed : {1U, 2U, 3U}) {
        const auto outcome = churn(seed);
        for (const auto& text : outcome.removed) EXPECT_EQ(outcome.file.find(text), std::string::npos) << text;
        for (const auto& text : outcome.kept) EXPECT_NE(outcome.file.find(text), std::string::npos) << text;
    }
}

TEST(CleanPageTest, PageThatIsNoBTreePageIsLeftAlone) {
    std::vector<unsigned char> page(4096, 7);
    for (const int first : {0, 1, 3, 4, 12, 255}) {
        page[0] = static_cast<unsigned char>(first);
        const auto before = page;
        EXPECT_FALSE(clean_page(page, false));
        EXPECT_EQ(page, before);
    }
}

TEST(CleanPageTest, NonsenseNeverWritesOutsideThePage) {  // nor reads: the sanitizers watch
    constexpr std::size_t size = 512;
    const std::vector<unsigned char> guard(64, 0xA5);
    std::mt19937 random{5};
    for (int i = 0; i < 20'000; ++i) {
        std::vector<unsigned char> memory(size + guard.size(), guard[0]);
        const std::span page{memory.data(), size};
        for (auto& byte : page) byte = static_cast<unsigned char>(random());
        const unsigned char kinds[] = {2, 5, 10, 13};
        page[i % 2 == 0 ? 0 : 100] = kinds[random() % 4];
        clean_page(page, i % 2 != 0);
        ASSERT_TRUE(std::ranges::equal(guard, std::span{memory}.subspan(size)));
    }
}

}  // namespace
}  // namespace parley::storage::sqlite
