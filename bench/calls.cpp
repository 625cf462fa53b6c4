// SPDX-License-Identifier: Apache-2.0
#include "counted_calls.hpp"
#include "dialect.hpp"
#include "fan_load.hpp"
#include "process.hpp"
#include "scenarios.hpp"
#include "send_load.hpp"
#include "temporary_folder.hpp"
#include "world.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>
#include <array>
#include <stdexcept>

namespace parley::bench {
namespace {

/// A file that the server maps as well.
class SharedCounts {
public:
    explicit SharedCounts(const std::filesystem::path& path) {
        const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        void* memory = MAP_FAILED;
        if (file >= 0 && ::ftruncate(file, sizeof(CallCounts)) == 0)
            memory = ::mmap(nullptr, sizeof(CallCounts), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
        if (file >= 0) ::close(file);
        if (memory == MAP_FAILED) throw std::runtime_error{"cannot map " + path.string()};
        counts_ = static_cast<CallCounts*>(memory);
    }
    SharedCounts(const SharedCounts&) = delete;
    SharedCounts& operator=(const SharedCounts&) = delete;
    ~SharedCounts() { ::munmap(counts_, sizeof(CallCounts)); }

    using Values = std::array<std::uint64_t, 6>;
    Values now() const { return {counts_->allocations, counts_->sends, counts_->receives, counts_->polls, counts_->file_writes, counts_->syncs}; }

private:
    CallCounts* counts_ = nullptr;
};

constexpr std::array<const char*, 6> names{"allocations", "send, sendmsg", "recv", "epoll_wait", "pwrite", "fdatasync"};

Figures per(std::int64_t operations, const SharedCounts::Values& before, const SharedCounts::Values& after) {
    Figures figures;
    for (std::size_t i = 0; i < names.size(); ++i)
        figures.set(names.at(i), static_cast<double>(after.at(i) - before.at(i)) / static_cast<double>(operations));
    return figures;
}

/// A server with the counting library in it.
struct Counted {
    Counted(const Settings& settings, const std::filesystem::path& folder, const std::filesystem::path& data_dir)
        : counts(folder / "counts"),
          server({settings.server,
                  data_dir,
                  {{"PARLEY_LIMITS_RATE_LIMITS", "off"}, {"LD_PRELOAD", PARLEY_BENCH_PRELOAD}, {"BENCH_COUNTS", folder / "counts"}}}) {}
    SharedCounts counts;
    ServerProcess server;
};

Figures count_deliveries(const Settings& settings, std::size_t members, std::size_t in_flight) {
    const TemporaryFolder folder{settings.folder};
    const auto people = make_world(folder.path() / "data", {.people = members, .groups = 1, .members_per_group = members});
    const Counted counted{settings, folder.path(), folder.path() / "data"};
    std::vector<std::string> tokens;
    for (const auto& person : people) tokens.push_back(person.access_token);
    const auto dialect = parley_socket(counted.server.public_port(), tokens, people.front().groups.front().value);
    Audience audience{*dialect, counted.server.public_port(), members};
    SharedCounts::Values before{}, after{};
    const auto load = audience.run({.in_flight = in_flight,
                                    .measured = settings.measured,
                                    .on_begin = [&] { before = counted.counts.now(); },
                                    .on_end = [&] { after = counted.counts.now(); }});
    return per(load.deliveries, before, after);
}

Figures count_sends(const Settings& settings) {
    const TemporaryFolder folder{settings.folder};
    const auto people = make_world(folder.path() / "data", {.people = 64, .groups = 1000});
    const Counted counted{settings, folder.path(), folder.path() / "data"};
    SharedCounts::Values before{}, after{};
    const auto load = run_send_load(people, {.port = counted.server.public_port(),
                                             .measured = settings.measured,
                                             .on_begin = [&] { before = counted.counts.now(); },
                                             .on_end = [&] { after = counted.counts.now(); }});
    return per(load.acknowledged, before, after);
}

}  // namespace

/// A message of P3 counts its own delivery in.
Report calls(const Settings& settings) {
    Report report{"calls of a delivery, and of a durable message"};
    const auto busy = count_deliveries(settings, 1000, 64);
    report.add("1 000 x 64", {busy});
    report.add("1 000 x 1", {count_deliveries(settings, 1000, 1)});
    report.add("100 x 64", {count_deliveries(settings, 100, 64)});
    report.add("message, P3", {count_sends(settings)});
    report.add_goal({"send and sendmsg a delivery, 1 000 members, 64 in flight", busy.at("send, sendmsg"), Goal::at_most, 0.05});
    report.add_goal({"allocations a delivery, 1 000 members, 64 in flight", busy.at("allocations"), Goal::at_most, 0.05});
    return report;
}

}  // namespace parley::bench
