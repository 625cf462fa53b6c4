// SPDX-License-Identifier: Apache-2.0
#include "app/metrics.hpp"

#include "app/version.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace parley::app {
namespace {

class Text {
public:
    template <class Value>
    void add(std::string_view name, std::string_view type, std::string_view help, Value value) {
        describe(name, type, help);
        text_ += fmt::format("{} {}\n", name, value);
    }
    void describe(std::string_view name, std::string_view type, std::string_view help) {
        text_ += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
    }
    void sample(const std::string& line) { text_ += line + '\n'; }
    /// The lines of one histogram, its values divided by `unit`. `labels` is "" or `route="…",`.
    void histogram(std::string_view name, std::string_view labels, const Histogram::Reading& reading, double unit) {
        for (std::size_t i = 0; i < Histogram::bounds.size(); ++i)
            sample(
                fmt::format("{}_bucket{{{}le=\"{}\"}} {}", name, labels, static_cast<double>(Histogram::bounds.at(i)) / unit, reading.up_to.at(i)));
        const auto all = reading.up_to.back();
        const auto braces = labels.empty() ? std::string{} : fmt::format("{{{}}}", labels.substr(0, labels.size() - 1));
        sample(fmt::format("{}_bucket{{{}le=\"+Inf\"}} {}", name, labels, all));
        sample(fmt::format("{}_sum{} {}", name, braces, static_cast<double>(reading.sum) / unit));
        sample(fmt::format("{}_count{} {}", name, braces, all));
    }
    std::string take() { return std::move(text_); }

private:
    std::string text_;
};

/// Memory in RAM, in bytes (proc(5), statm).
std::int64_t resident_bytes() {
    std::ifstream statm{"/proc/self/statm"};
    std::int64_t total = 0, resident = 0;
    statm >> total >> resident;
    return resident * ::sysconf(_SC_PAGESIZE);
}

constexpr double micros_a_second = 1e6;

/// Routes nobody has called have no lines.
void add_latencies(Text& text, const http::Router& router) {
    text.describe("parley_http_request_seconds", "histogram", "From the head of a request to its answer, by route.");
    for (const auto& route : router.routes()) {
        const auto reading = route->latency->read();
        if (reading.up_to.back() == 0) continue;
        text.histogram("parley_http_request_seconds", fmt::format("method=\"{}\",route=\"{}\",", json::name_of(route->verb), route->path), reading,
                       micros_a_second);
    }
}

void add_process(Text& text) {
    rlimit files{};
    ::getrlimit(RLIMIT_NOFILE, &files);
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    const auto seconds = [](const timeval& time) { return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / micros_a_second; };
    std::error_code ignored;
    const auto open = std::distance(std::filesystem::directory_iterator{"/proc/self/fd", ignored}, std::filesystem::directory_iterator{});
    text.add("process_resident_memory_bytes", "gauge", "Memory in RAM.", resident_bytes());
    text.add("process_open_fds", "gauge", "File descriptors open.", open);
    text.add("process_max_fds", "gauge", "File descriptors that may be open.", files.rlim_cur);
    text.add("process_cpu_seconds_total", "counter", "CPU time.", seconds(used.ru_utime) + seconds(used.ru_stime));
}

}  // namespace

std::string prometheus_text(const MetricsSource& source) {
    Text text;
    text.describe("parley_build_info", "gauge", "Which build this is.");
    text.sample(fmt::format("parley_build_info{{version=\"{}\"}} 1", version));
    text.describe("parley_http_responses_total", "counter", "Answers by class of status.");
    for (std::size_t i = 1; i < source.http.by_status_class.size(); ++i) {
        text.sample(fmt::format("parley_http_responses_total{{status=\"{}xx\"}} {}", i, source.http.by_status_class.at(i).load()));
    }
    text.add("parley_http_request_seconds_total", "counter", "Time requests took, all together.",
             static_cast<double>(source.http.request_micros.load()) / 1e6);
    text.add("parley_http_connections_accepted_total", "counter", "Connections accepted.", source.http.connections_accepted.load());
    text.add("parley_http_connections_open", "gauge", "Connections open, sockets not among them.", source.http.connections_open.load());
    text.add("parley_sockets_open", "gauge", "WebSockets of signed-in users.", source.sockets_open);
    text.add("parley_storage_commits_total", "counter", "Commits, each with one fsync.", source.storage.commits);
    text.add("parley_storage_jobs_total", "counter", "Write jobs committed; divided by commits, the size of a batch.", source.storage.jobs);
    text.add("parley_storage_failed_commits_total", "counter", "Batches that were undone.", source.storage.failed_commits);
    text.add("parley_storage_checkpoints_total", "counter", "Checkpoints of the write-ahead log.", source.storage.checkpoints);
    text.add("parley_storage_wal_pages", "gauge", "Pages in the write-ahead log.", source.storage.wal_pages);
    text.add("parley_storage_writes_queued", "gauge", "Write jobs that wait.", source.storage.queued_writes);
    text.add("parley_storage_reads_queued", "gauge", "Read jobs that wait.", source.storage.queued_reads);
    text.add("parley_storage_busy_seconds_total", "counter", "Time the writer worked.", static_cast<double>(source.storage.busy_micros) / 1e6);
    text.add("parley_log_events_unplaced", "gauge", "Events the log's index does not hold yet.", source.events_unplaced);
    text.add("parley_jobs_done_total", "counter", "Runs of background jobs that succeeded.", source.jobs.done.load());
    text.add("parley_jobs_failed_total", "counter", "Runs that failed.", source.jobs.failed.load());
    text.add("parley_jobs_given_up_total", "counter", "Jobs given up after many tries.", source.jobs.given_up.load());
    text.add("parley_realtime_overflows_total", "counter", "Times a shard fell so far behind that its sockets were sent away.",
             source.shard_overflows);
    text.add("parley_log_lines_dropped_total", "counter", "Log lines lost because nobody took them fast enough.", source.log_lines_dropped);
    text.add("parley_realtime_waiting_bytes", "gauge", "Frames on their way from the writer to the shards.", source.delivery_bytes_waiting);
    text.add("parley_shard_holds_total", "counter", "Turns that held a shard for more than 50 ms.", source.shard_holds);
    text.describe("parley_storage_commit_seconds", "histogram", "Time of a commit, its fsync included.");
    text.histogram("parley_storage_commit_seconds", "", source.storage.commit_micros, micros_a_second);
    text.describe("parley_storage_batch_jobs", "histogram", "Write jobs of a commit.");
    text.histogram("parley_storage_batch_jobs", "", source.storage.batch_jobs, 1);
    add_latencies(text, source.routes);
    add_process(text);
    return text.take();
}

}  // namespace parley::app
