// SPDX-License-Identifier: Apache-2.0
#include "faults/run.hpp"

#include "core/random.hpp"
#include "faults/audience.hpp"
#include "faults/changers.hpp"
#include "faults/eavesdropper.hpp"
#include "faults/readers.hpp"
#include "faults/writers.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>

namespace parley::faults {
namespace {

std::uint64_t random_seed() {
    std::uint32_t seed = 0;
    SystemRandom{}.fill(std::as_writable_bytes(std::span{&seed, 1}));
    return seed;
}

}  // namespace

std::uint64_t seed_of_run() {
    const char* given = std::getenv("PARLEY_FAULTS_SEED");
    static const std::uint64_t seed = given != nullptr ? std::strtoull(given, nullptr, 10) : random_seed();
    std::cout << "PARLEY_FAULTS_SEED=" << seed << '\n';
    return seed;
}

int kills_of_run() {
    const char* given = std::getenv("PARLEY_FAULTS_KILLS");
    return given != nullptr ? std::atoi(given) : 24;
}

bool is_long_run() {
    const char* given = std::getenv("PARLEY_FAULTS");
    return given != nullptr && std::string_view{given} == "long";
}

testing::ServerProcess::Options server_options(const std::filesystem::path& folder) {
    const char* binary = std::getenv("PARLEY_FAULTS_BINARY");
    return {.binary = binary != nullptr ? binary : PARLEY_BINARY,
            .data_folder = folder / "data",
            .log = folder / "log",
            .settings = {{"PARLEY_AUTH_PASSWORD_MEMORY_BYTES", "19MiB"}, {"PARLEY_SERVER_DRAIN", "5s"}}};
}

Run::Run(std::uint64_t seed, Load load, std::optional<std::uint64_t> largest_file_bytes) : seed_(seed), load_(load) {
    auto options = server_options(folder_.path());
    options.largest_file_bytes = largest_file_bytes;
    if (load_.through_proxy) {
        proxy_ = std::make_unique<testing::TcpProxy>();
        options.settings.emplace_back("PARLEY_SERVER_PUBLIC_URL", "http://" + proxy_->address());
    }
    server_ = std::make_unique<testing::ServerProcess>(std::move(options));
}

void Run::start_again() {
    server_ = std::make_unique<testing::ServerProcess>(server_options(folder_.path()));
    server_->start();
    stage_.open(server_->address());
}

Run::~Run() {
    stage_.finish();
    for (const auto& client : clients_) client->join();
}

int Run::try_read() const {
    auto api = world_.of("reader").at(server_->address());
    return api.get(fmt::format("/conversations/{}/messages", world_.hot)).status;
}

int Run::try_send() const {
    auto api = world_.of("reader").at(server_->address());
    return api.post(fmt::format("/conversations/{}/messages", world_.hot), {{"text", "Is anybody there?"}}).status;
}

void Run::begin() {
    server_->start();
    if (proxy_) proxy_->lead_to(server_->address());
    world_ = make_world(address());
    add_clients();
    add_guests();
    add_crowd();
    for (const auto& client : clients_) client->start();
    stage_.open(address());
}

void Run::add_clients() {
    const auto& world = world_;
    const auto conversations = [&](const char* name) { return world.conversations_of(name); };
    const auto seed = [&] { return seed_ + clients_.size(); };
    for (const auto* name : {"http1", "http2"}) clients_.push_back(std::make_unique<HttpWriter>(world.of(name), conversations(name), seed(), stage_));
    for (const auto* name : {"socket1", "socket2"})
        clients_.push_back(std::make_unique<SocketWriter>(world.of(name), conversations(name), seed(), stage_));
    for (const auto* name : {"resuming reader 1", "resuming reader 2"})
        clients_.push_back(std::make_unique<ResumingReader>(name, world.of("reader"), conversations("reader"), seed(), stage_));
    clients_.push_back(std::make_unique<Pager>("pager", world.of("reader"), conversations("reader"), seed(), stage_));
    clients_.push_back(std::make_unique<SyncFollower>("follower", world.of("follower"), seed(), stage_));
    clients_.push_back(std::make_unique<Uploader>(world.of("uploader"), conversations("uploader"), seed(), stage_));
    for (const auto& [id, names] : world.members) {
        for (const auto& name : names) {
            const bool owner = name == names.front() && id != world.direct;
            history_.changes.push_back({member_of(id, world.of(name).id), owner ? "owner" : "member", Outcome::ok, {}});
        }
    }
}

/// Two who come and go, the one quickly, the other for longer than what was on its way may take; and one who never is a member.
void Run::add_guests() {
    const auto& owner = world_.of("owner");
    const Dwell quick{}, slow{std::chrono::milliseconds{300}, std::chrono::milliseconds{2700}};
    clients_.push_back(std::make_unique<Gatekeeper>(owner, world_.gate, world_.of("guest").id, quick, seed_ + clients_.size(), stage_));
    clients_.push_back(std::make_unique<Gatekeeper>(owner, world_.gate, world_.of("visitor").id, slow, seed_ + clients_.size(), stage_));
    for (const auto* name : {"guest", "visitor", "outsider"})
        clients_.push_back(std::make_unique<Eavesdropper>(world_.of(name), world_.gate, stage_));
}

/// Writers who take their time, and sockets of four users, half of them in the hot conversation.
void Run::add_crowd() {
    constexpr std::chrono::milliseconds between_actions{30};
    const std::vector<std::string> readers{"reader", "follower", "http2", "owner"};
    for (int i = 0; i < load_.writers; ++i) {
        auto account = world_.of(i % 2 == 0 ? "http1" : "socket1");
        const auto conversations = world_.conversations_of(account.username);
        account.username = fmt::format("crowd{}", i);
        clients_.push_back(std::make_unique<HttpWriter>(account, conversations, seed_ + clients_.size(), stage_, between_actions));
    }
    for (std::size_t i = 0; load_.sockets > 0 && i < readers.size(); ++i) {
        auto conversations = world_.conversations_of(readers[i]);
        if (i % 2 == 1) std::erase(conversations, world_.hot);
        clients_.push_back(std::make_unique<Audience>(fmt::format("audience {}", i), world_.of(readers[i]), conversations,
                                                      load_.sockets / static_cast<int>(readers.size()), seed_ + clients_.size(), stage_));
    }
}

void Run::settle() {
    stage_.finish();
    for (const auto& client : clients_) client->join();
    for (const auto& client : clients_) client->settle(address());
    for (const auto& client : clients_) history_.add(client->take_history());
    history_.troubles = stage_.troubles();
    clients_.clear();
}

double Run::unplaced_events() const {
    constexpr std::string_view name = "\nparley_log_events_unplaced ";
    const auto text = testing::HttpClient{server_->internal_address()}.request("GET", "/metrics").body;
    const auto at = text.find(name);
    return at == std::string::npos ? -1 : std::stod(text.substr(at + name.size()));
}

History Run::end() {
    settle();
    // All is read through the index, and nothing out of the memory beside it.
    if (!testing::eventually([&] { return unplaced_events() == 0; })) history_.surprises.emplace_back("the log's index never catches up");
    read_final_state(world_, address(), history_);
    // Bytes that belong to nothing are cleared away behind the start.
    testing::eventually([&] { return blobs_in(server_->data_folder()).size() == history_.files.size(); });
    stop_server();
    history_.disk = read_disk(server_->data_folder());
    return std::move(history_);
}

void Run::stop_server() {
    server_->signal(SIGTERM);
    const auto code = server_->wait_for_exit(testing::patience);
    if (!code) history_.surprises.emplace_back("the server did not stop");
    else if (*code != 0) history_.surprises.push_back(fmt::format("the server stopped with {}", *code));
    server_->kill();
}

std::string Run::log() const {
    std::ifstream file{folder_.path() / "log"};
    return {std::istreambuf_iterator<char>{file}, {}};
}

void expect_no_anomalies(const History& history) {
    std::map<std::string, int> count;
    for (const auto& anomaly : check(history)) {
        if (++count[anomaly.rule] <= 5) ADD_FAILURE() << anomaly;
    }
    for (const auto& [rule, times] : count) std::cout << rule << ": " << times << " times\n";
}

}  // namespace parley::faults
