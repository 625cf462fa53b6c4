// SPDX-License-Identifier: Apache-2.0
#include "trust/server.hpp"

#include <gtest/gtest.h>
#include <csignal>
#include <fstream>

namespace parley::trust {
namespace {

constexpr std::int64_t most_growth_kib = 64 * 1024;

class Environment final : public ::testing::Environment {
public:
    testing::ServerProcess& server() {
        if (server_) return *server_;
        server_ = std::make_unique<testing::ServerProcess>(testing::ServerProcess::Options{
            .binary = PARLEY_BINARY,
            .data_folder = folder_.path() / "data",
            .log = folder_.path() / "log",
            .settings = {
                {"PARLEY_AUTH_PASSWORD_MEMORY_BYTES", "19MiB"}, {"PARLEY_SERVER_HEADER_TIMEOUT", "2s"}, {"PARLEY_SERVER_BODY_TIMEOUT", "2s"}}});
        server_->start();
        before_ = resident();
        return *server_;
    }
    void TearDown() override {
        if (!server_) return;
        const auto growth = resident() - before_;
        EXPECT_LT(growth, most_growth_kib) << "memory that all cases together left behind, in KiB";
        server_->signal(SIGTERM);
        EXPECT_EQ(server_->wait_for_exit(testing::patience), 0);
        server_.reset();
    }
    std::int64_t resident() const {
        std::ifstream statm{"/proc/" + std::to_string(server_->pid()) + "/statm"};
        std::int64_t all = 0, pages = 0;
        statm >> all >> pages;
        return pages * 4;
    }

private:
    testing::TemporaryFolder folder_;
    std::unique_ptr<testing::ServerProcess> server_;
    std::int64_t before_ = 0;
};

Environment* const environment = static_cast<Environment*>(::testing::AddGlobalTestEnvironment(std::make_unique<Environment>().release()));

}  // namespace

testing::ServerProcess& server() { return environment->server(); }
std::int64_t resident_kib() { return environment->resident(); }

ApiClient& ann() {
    static ApiClient client = ApiClient::sign_up(server().address(), "ann");
    return client;
}

ApiClient& bob() {
    static ApiClient client = ApiClient::sign_up(server().address(), "bob");
    return client;
}

std::string fresh(std::string_view name) {
    static int count = 0;
    return std::string{name} + std::to_string(++count);
}

bool answers_well() { return testing::HttpClient{server().address()}.request("GET", "/livez").status == 200; }

Told say(std::string_view bytes) {
    Told told;
    try {
        Connection connection{server().address()};
        connection.send(bytes);
        told.answer = testing::read_head(connection);
        const auto length = told.answer.field("content-length");
        told.answer.body = connection.read_exactly(length.empty() ? 0 : std::stoul(length));
        // It says so first; then it does.
        told.closed = told.answer.field("connection") == "close" && connection.readable(testing::patience) && connection.ended();
    } catch (const std::exception&) {  // it was closed under the bytes
        told.closed = true;
    }
    return told;
}

}  // namespace parley::trust
