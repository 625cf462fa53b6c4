// SPDX-License-Identifier: Apache-2.0
#include "support/api_test.hpp"

#include <fstream>
#include <iterator>

namespace parley::testing {
namespace {

/// api.md sections 8 and 10: probes, metrics, listen.json, starting and stopping.
class Operations : public ApiTest {
protected:
    static Answer get(const std::string& address, std::string_view target) { return HttpClient{address}.request("GET", target); }
    static Json listen_file(const TestServer& of) {
        std::ifstream file{of.data_folder() / "listen.json"};
        return Json::parse(std::string{std::istreambuf_iterator<char>{file}, {}});
    }
};

TEST_F(Operations, TheProbesAnswerOnBothListeners) {
    for (const auto& address : {server().address(), server().internal_address()}) {
        for (const auto* probe : {"/livez", "/readyz", "/healthz"}) EXPECT_EQ(get(address, probe).status, 200) << address << probe;
    }
}

TEST_F(Operations, TheProbesAnswerToAnyHost) {
    EXPECT_EQ(HttpClient{server().address()}.request("GET", "/readyz", {{"Host", "10.1.2.3"}}).status, 200);
    EXPECT_EQ(HttpClient{server().internal_address()}.request("GET", "/metrics", {{"Host", "parley-internal:9"}}).status, 200);
}

TEST_F(Operations, MetricsAreOnTheInternalListenerOnly) {
    const auto metrics = get(server().internal_address(), "/metrics");
    EXPECT_STATUS(metrics, 200);
    EXPECT_TRUE(metrics.field("content-type").starts_with("text/plain; version=0.0.4")) << metrics.field("content-type");
    EXPECT_TRUE(metrics.body.contains("# TYPE parley_http_responses_total counter"));
    EXPECT_STATUS(get(server().address(), "/metrics"), 404);
}

TEST_F(Operations, TheApiIsOnThePublicListenerOnly) {
    auto ann = sign_up("ann");
    EXPECT_EQ(HttpClient{server().internal_address()}.request("GET", "/api/v1/users/me", {{"Authorization", "Bearer " + ann.token}}).status, 404);
}

TEST_F(Operations, TheControlRoutesAreOfNobodyOutside) {
    EXPECT_EQ(HttpClient{server().address()}.request("POST", "/control/users", {{"Content-Type", "application/json"}}, "{}").status, 404);
    EXPECT_EQ(HttpClient{server().internal_address()}.request("POST", "/control/users", {{"Content-Type", "application/json"}}, "{}").status, 401);
    auto ann = sign_up("ann");
    const Fields with_user_token{{"Content-Type", "application/json"}, {"Authorization", "Bearer " + ann.token}};
    EXPECT_EQ(HttpClient{server().internal_address()}.request("POST", "/control/users", with_user_token, "{}").status, 401);
}

TEST_F(Operations, MetricsCountWhatHappens) {
    const auto value = [](std::string_view name) {
        const auto text = get(server().internal_address(), "/metrics").body;
        const auto at = text.find("\n" + std::string{name} + ' ');
        return at == std::string::npos ? -1.0 : std::stod(text.substr(at + name.size() + 2));
    };
    auto ann = sign_up("ann");
    const auto before = value("parley_storage_jobs_total");
    create_group(ann);
    EXPECT_GT(before, 0);
    EXPECT_GT(value("parley_storage_jobs_total"), before);
    EXPECT_EQ(value("parley_jobs_failed_total"), 0);
}

TEST_F(Operations, HistogramsTellOfRoutesCommitsAndBatches) {
    auto ann = sign_up("ann");
    ann.get("/users/me");
    const auto text = get(server().internal_address(), "/metrics").body;
    for (const auto* line : {"parley_http_request_seconds_bucket{method=\"GET\",route=\"/api/v1/users/me\",le=\"0.0001\"} ",
                             "parley_http_request_seconds_count{method=\"GET\",route=\"/api/v1/users/me\"} ",
                             "parley_storage_commit_seconds_bucket{le=\"+Inf\"} ", "parley_storage_batch_jobs_bucket{le=\"1\"} ", "process_open_fds ",
                             "process_max_fds ", "process_cpu_seconds_total ", "parley_shard_holds_total 0"})
        EXPECT_TRUE(text.contains(std::string{"\n"} + line)) << line;
}

TEST_F(Operations, ListenJsonTellsTheRealPorts) {
    const auto file = listen_file(server());
    EXPECT_EQ(file["public"], server().address());
    EXPECT_EQ(file["internal"], server().internal_address());
    EXPECT_FALSE(server().address().ends_with(":0"));
}

TEST(Stopping, IsCleanAndLeavesNoListenJson) {
    TestServer server;
    auto ann = server.sign_up("ann");
    auto socket = server.open_socket(ann);
    socket.wait_for_type("hello");
    const auto folder = server.data_folder();
    std::jthread stopper{[&] { server.stop(); }};
    const auto closed = socket.wait_for_close();
    EXPECT_EQ(closed.code, 1012);
    EXPECT_TRUE(closed.reason.starts_with("retry_after_ms=")) << closed.reason;
    socket.connection().close();
    stopper.join();
    EXPECT_FALSE(std::filesystem::exists(folder / "listen.json"));
    EXPECT_THROW(Connection{server.address()}, std::system_error);
}

TEST(Stopping, ASecondServerIsKeptOutOfTheFolder) {
    TestServer server;
    EXPECT_THROW((TestServer{{{"storage.data_dir", server.data_folder().string()}}}), std::runtime_error);
    EXPECT_EQ(server.sign_up("ann").get("/users/me").status, 200) << "the first one is none the worse";
}

TEST(Stopping, IdleConnectionsDoNotHoldItUp) {
    TestServer server{{{"server.drain", "10s"}}};
    auto ann = server.sign_up("ann");
    Connection silent{server.address()};
    const auto before = moment();
    server.stop();
    EXPECT_LT(moment() - before, std::chrono::seconds{5});
}

TEST(Limits, AreSettings) {
    TestServer server{{{"limits.message_text_bytes", "10"}, {"limits.page_items", "5"}, {"limits.json_body_bytes", "1KiB"}}};
    auto ann = server.sign_up("ann");
    const auto target = conversation_target(create_group(ann), "/messages");
    EXPECT_STATUS(ann.post(target, {{"text", "0123456789"}}), 201);
    EXPECT_FIELD_PROBLEM(ann.post(target, {{"text", "0123456789x"}}), 422, "too_long", "/text");
    EXPECT_STATUS(ann.get("/conversations?limit=5"), 200);
    EXPECT_STATUS(ann.get("/conversations?limit=6"), 400);
    EXPECT_STATUS(ann.get("/conversations"), 200);
    EXPECT_STATUS(ann.post(target, {{"text", std::string(2000, 'a')}}), 413);
}

}  // namespace
}  // namespace parley::testing
