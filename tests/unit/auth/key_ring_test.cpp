// SPDX-License-Identifier: Apache-2.0
#include "auth/key_ring.hpp"

#include "auth/errors.hpp"

#include "support/expect.hpp"
#include "support/fakes.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <array>
#include <atomic>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>

namespace parley::auth {
namespace {

namespace fs = std::filesystem;

class KeyRingTest : public ::testing::Test {
protected:
    static constexpr KeyLifetimes lifetimes{.rotation_age = std::chrono::hours{24 * 90}, .overlap = 10min};

    Result<std::unique_ptr<KeyRing>> open() { return KeyRing::open(keys, clock, random, lifetimes); }
    std::unique_ptr<KeyRing> opened() { return open().value(); }
    std::vector<fs::path> files() const { return {fs::directory_iterator{keys}, {}}; }
    static unsigned mode_of(const fs::path& path) { return static_cast<unsigned>(fs::status(path).permissions()); }
    static void write(const fs::path& path, std::string_view content) { std::ofstream{path} << content; }
    /// The ring does not open, and its sentence names the file.
    void expect_refused(const fs::path& path) {
        const auto refused = open();
        EXPECT_ERROR(refused, errors::keys_unusable);
        if (!refused) EXPECT_NE(refused.error().detail().find(path.filename().string()), std::string_view::npos) << refused.error().detail();
    }

    testing::TemporaryFolder folder;
    fs::path keys = folder.path() / "keys";
    testing::ManualClock clock;
    testing::SeededRandom random;
};

TEST_F(KeyRingTest, FirstStartMakesOneKeyNobodyElseCanRead) {
    const auto umask_before = ::umask(0);
    const auto ring = opened();
    ASSERT_EQ(files().size(), 1U);
    EXPECT_EQ(files().front().filename().string(), ring->newest()->id() + ".pem");
    EXPECT_EQ(mode_of(keys), 0700U);
    EXPECT_EQ(mode_of(files().front()), 0600U);
    ::umask(umask_before);
}

TEST_F(KeyRingTest, SecondStartFindsTheSameKey) {
    const auto before = opened()->newest();
    const auto after = opened()->newest();
    EXPECT_EQ(before->id(), after->id());
    EXPECT_TRUE(after->verify("bytes", before->sign("bytes")));
}

TEST_F(KeyRingTest, CopiedFolderKeepsTheAgeOfItsKeys) {
    const auto first = opened()->newest();
    const auto copy = folder.path() / "copy";
    fs::copy(keys, copy);
    for (const auto& entry : fs::directory_iterator{copy}) fs::permissions(entry.path(), fs::perms::all);
    const auto ring = KeyRing::open(copy, clock, random, lifetimes).value();
    EXPECT_EQ(ring->newest()->made_at(), first->made_at());
    EXPECT_EQ(mode_of(copy / (first->id() + ".pem")), 0600U);
}

TEST_F(KeyRingTest, FindsKnownKeysOnly) {
    const auto ring = opened();
    EXPECT_EQ(ring->find(ring->newest()->id()), ring->newest());
    for (const std::string& id : {std::string{}, std::string(32, '0'), ring->newest()->id() + ".pem", "../keys/" + ring->newest()->id(),
                                  std::string{"' OR 1=1 --"}, std::string(1 << 20, 'a')})
        EXPECT_EQ(ring->find(id), nullptr);
}

TEST_F(KeyRingTest, RotatesAtItsAgeAndNotBefore) {
    const auto ring = opened();
    const auto first = ring->newest();
    clock.advance(lifetimes.rotation_age - 1s);
    EXPECT_FALSE(ring->rotate_if_due());
    clock.advance(1s);
    EXPECT_TRUE(ring->rotate_if_due());
    EXPECT_NE(ring->newest()->id(), first->id());
    EXPECT_EQ(ring->find(first->id()), first) << "its tokens still verify";
    EXPECT_FALSE(ring->rotate_if_due());
}

TEST_F(KeyRingTest, OldKeyIsForgottenWhenItsLastTokenHasEnded) {
    const auto ring = opened();
    const auto first = ring->newest()->id();
    clock.advance(lifetimes.rotation_age);
    ring->rotate_if_due();
    clock.advance(lifetimes.overlap);
    EXPECT_FALSE(ring->rotate_if_due());
    clock.advance(1s);
    EXPECT_TRUE(ring->rotate_if_due());
    EXPECT_EQ(ring->find(first), nullptr);
    EXPECT_EQ(files().size(), 1U);
    EXPECT_EQ(opened()->newest()->id(), ring->newest()->id());
}

TEST_F(KeyRingTest, ServerThatSleptForYearsKeepsOneKeyToSignWith) {
    auto before = opened()->newest()->id();
    clock.advance(std::chrono::hours{24 * 365 * 5});
    const auto ring = opened();
    EXPECT_TRUE(ring->rotate_if_due());
    EXPECT_NE(ring->newest()->id(), before);
}

TEST_F(KeyRingTest, CalendarThatJumpsBackLosesNoKey) {
    const auto ring = opened();
    const auto first = ring->newest()->id();
    clock.jump(-std::chrono::hours{24 * 3650});
    EXPECT_FALSE(ring->rotate_if_due());
    EXPECT_EQ(ring->newest()->id(), first);
}

TEST_F(KeyRingTest, FileThatIsNoKeyIsNamed) {
    opened();
    for (const auto* name : {"notes.txt", "0123456789abcdef0123456789abcdef.pem", "key.pem", "0123456789ABCDEF0123456789ABCDEF.pem"}) {
        write(keys / name, "no key");
        expect_refused(keys / name);
        fs::remove(keys / name);
    }
    EXPECT_OK(open());
}

TEST_F(KeyRingTest, LinkAndFolderAreNoKeys) {
    const auto name = keys / "0123456789abcdef0123456789abcdef.pem";
    opened();
    const auto key = files().front();
    fs::create_symlink(key, name);
    expect_refused(name);
    fs::remove(name);
    fs::create_directory(name);
    expect_refused(name);
}

TEST_F(KeyRingTest, HugeFileIsNotRead) {
    opened();
    const auto name = keys / "0123456789abcdef0123456789abcdef.pem";
    write(name, "Made-At: 2026-11-22T18:07:00Z\n");
    fs::resize_file(name, 1ULL << 40U);
    expect_refused(name);
}

TEST_F(KeyRingTest, HalfWrittenKeyOfACrashIsPassedOver) {
    opened();
    write(keys / "0123456789abcdef0123456789abcdef.pem.new", "Made-At: 20");
    EXPECT_OK(open());
}

TEST_F(KeyRingTest, FolderThatCannotBeMadeIsNamed) {
    write(keys, "a file in its place");
    expect_refused(keys);
}

TEST_F(KeyRingTest, ReadersSeeWholeRingsWhileItRotates) {
    const auto ring = opened();
    std::atomic<bool> done = false;
    std::array<std::jthread, 3> readers;
    std::atomic<int> wrong = 0;
    for (auto& reader : readers) {
        reader = std::jthread{[&] {
            while (!done) {
                const auto key = ring->newest();
                const auto found = ring->find(key->id());
                if (found && !found->verify("bytes", key->sign("bytes"))) ++wrong;
            }
        }};
    }
    for (int i = 0; i < 20; ++i) {
        clock.advance(lifetimes.rotation_age);
        ring->rotate_if_due();
    }
    done = true;
    for (auto& reader : readers) reader.join();
    EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace parley::auth
