// SPDX-License-Identifier: Apache-2.0
#include "app/metrics.hpp"

#include "app/version.hpp"

#include <fmt/format.h>
#include <unistd.h>
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
    text.add("process_resident_memory_bytes", "gauge", "Memory in RAM.", resident_bytes());
    return text.take();
}

}  // namespace parley::app
