// SPDX-License-Identifier: Apache-2.0
#include "blob/disk/disk_store.hpp"

#include "blob/errors.hpp"
#include "core/disk_room.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

namespace parley::blob::disk {
namespace {

std::unexpected<Error> failure(std::string_view doing, const std::filesystem::path& path) {
    const int code = errno;
    if (code == ENOSPC || code == EDQUOT) return fail(errors::full);
    // The path goes into the log with the error's detail, not to a client: http shows details of internal errors to nobody.
    return fail(errors::failed, fmt::format("{} {}: {}", doing, path.string(), std::strerror(code)));
}

class Descriptor {
public:
    explicit Descriptor(int value) : value_(value) {}
    Descriptor(Descriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}
    Descriptor& operator=(Descriptor&&) = delete;
    ~Descriptor() {
        if (value_ >= 0) ::close(value_);
    }
    int get() const noexcept { return value_; }
    explicit operator bool() const noexcept { return value_ >= 0; }
    int release() noexcept { return std::exchange(value_, -1); }

private:
    int value_;
};

Result<void> sync_folder(const std::filesystem::path& folder) {
    const Descriptor handle{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!handle || ::fsync(handle.get()) != 0) return failure("sync", folder);
    return {};
}

class DiskWriter final : public BlobWriter {
public:
    DiskWriter(std::filesystem::path path, Descriptor file) : path_(std::move(path)), file_(std::move(file)) {}
    ~DiskWriter() override {
        if (!finished_) ::unlink(path_.c_str());
    }

    Result<void> append(std::string_view bytes) override {
        if (!disk_has_room(path_)) return fail(errors::full);
        while (!bytes.empty()) {
            const auto written = ::write(file_.get(), bytes.data(), bytes.size());
            if (written < 0 && errno == EINTR) continue;
            if (written < 0) return failure("write", path_);
            bytes.remove_prefix(static_cast<std::size_t>(written));
        }
        return {};
    }

    Result<void> finish() override {
        if (::fsync(file_.get()) != 0) return failure("sync", path_);
        CHECK(sync_folder(path_.parent_path()));
        finished_ = true;
        return {};
    }

private:
    const std::filesystem::path path_;
    const Descriptor file_;
    bool finished_ = false;
};

class DiskStore final : public BlobStore {
public:
    explicit DiskStore(std::filesystem::path root) : root_(std::move(root)) {}

    Result<std::unique_ptr<BlobWriter>> create(const std::string& name) override {
        const auto path = path_of(name);
        CHECK(make_folders(path.parent_path()));
        Descriptor file{::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR)};
        if (!file) return failure("create", path);
        return std::make_unique<DiskWriter>(path, std::move(file));
    }

    Result<OpenBlob> open(const std::string& name) override {
        const auto path = path_of(name);
        auto file = std::make_shared<Descriptor>(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
        if (!*file) return errno == ENOENT ? fail(errors::missing) : failure("open", path);
        struct stat information{};
        if (::fstat(file->get(), &information) != 0) return failure("stat", path);
        const int descriptor = file->get();
        return OpenBlob{std::move(file), descriptor, information.st_size};
    }

    Result<void> remove(const std::string& name) override {
        const auto path = path_of(name);
        if (::unlink(path.c_str()) != 0) {
            if (errno == ENOENT) return {};
            return failure("remove", path);
        }
        return sync_folder(path.parent_path());
    }

    std::vector<std::string> names() override {
        std::vector<std::string> names;
        for (const auto& entry : std::filesystem::recursive_directory_iterator{root_}) {
            if (entry.is_regular_file() && entry.path().parent_path() != root_) names.push_back(entry.path().filename().string());
        }
        return names;
    }
    bool is_held() override;

private:
    std::filesystem::path path_of(const std::string& name) const { return root_ / name.substr(0, 2) / name.substr(2, 2) / name; }

    /// A folder is as durable as its name in the folder above.
    Result<void> make_folders(const std::filesystem::path& folder) const {
        for (const auto& path : {folder.parent_path(), folder}) {
            if (::mkdir(path.c_str(), S_IRWXU) == 0) {
                CHECK(sync_folder(path.parent_path()));
            } else if (errno != EEXIST) {
                return failure("make", path);
            }
        }
        return {};
    }

    const std::filesystem::path root_;
};

constexpr std::string_view hold_file = "hold";

int open_hold(const std::filesystem::path& root) {
    return ::open((root / hold_file).c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
}

}  // namespace

Result<Hold> Hold::take(const std::filesystem::path& root) {
    Descriptor lock{open_hold(root)};
    if (!lock || ::flock(lock.get(), LOCK_SH) != 0) return failure("lock", root / hold_file);
    return Hold{lock.release()};
}

Hold::Hold(Hold&& other) noexcept : lock_(std::exchange(other.lock_, -1)) {}

Hold::~Hold() {
    if (lock_ >= 0) ::close(lock_);
}

bool DiskStore::is_held() {
    const Descriptor lock{open_hold(root_)};
    return !lock || ::flock(lock.get(), LOCK_EX | LOCK_NB) != 0;
}

std::unique_ptr<BlobStore> open(const std::filesystem::path& root) {
    std::filesystem::create_directories(root);
    std::filesystem::permissions(root, std::filesystem::perms::owner_all);
    return std::make_unique<DiskStore>(root);
}

}  // namespace parley::blob::disk
