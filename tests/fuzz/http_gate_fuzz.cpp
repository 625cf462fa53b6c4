// SPDX-License-Identifier: Apache-2.0
#include "http/gate.hpp"

#include "http/forwarded.hpp"
#include "http/host.hpp"
#include "input.hpp"

#include "support/beast_oracle.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

namespace parley::http {
namespace {

using fuzz::require;

constexpr HeadLimits limits{.head_bytes = 1024, .fields = 8, .target_bytes = 64};  // small, so that short inputs reach them

/// The answer as a text that can be compared.
std::string described(const Result<Head*>& answer) {
    if (!answer) return std::string{answer.error().kind().code} + ": " + std::string{answer.error().detail()};
    if (*answer == nullptr) return "incomplete";
    const auto& head = **answer;
    std::string words = std::string{head.bytes} + '\n' + std::string{head.method} + '\n' + std::string{head.target} + '\n' + std::string{head.host};
    words += std::to_string(static_cast<int>(head.framing)) + std::to_string(head.content_length) + std::to_string(head.minor_version);
    words += std::to_string(static_cast<int>(head.keep_alive)) + std::to_string(static_cast<int>(head.expects_continue));
    for (const auto& field : head.fields) words += '\n' + std::string{field.name} + '=' + std::string{field.value};
    return words;
}

/// Feeds the pieces, each time from a buffer of its own that ends where the bytes do.
std::string described_in_pieces(const fuzz::Input& input) {
    Gate gate{limits};
    std::string arrived;
    for (const auto piece : input.pieces()) {
        arrived += piece;
        const std::vector<char> elsewhere{arrived.begin(), arrived.end()};
        const auto answer = gate.feed({elsewhere.data(), elsewhere.size()});
        if (!answer || *answer != nullptr) return described(answer);
    }
    return described(gate.feed(arrived));
}

void check(Head& head) {
    require(head.bytes.size() <= limits.head_bytes && head.fields.size() <= limits.fields && head.target.size() <= limits.target_bytes);
    require(head.target.starts_with('/') || head.target == "*");
    require(head.host.empty() ? head.minor_version == 0 : parse_host(head.host).has_value());
    if (const auto difference = testing::disagreement_with_beast(head); !difference.empty()) {
        std::fprintf(stderr, "Beast reads otherwise: %s\n", difference.c_str());
        std::abort();
    }
    static const auto proxies = TrustedProxies::parse(std::vector<std::string>{"10.0.0.0/8"}).value();
    require(!proxies.client_address(*Address::parse("10.0.0.1"), head.fields).to_string().empty());

    const std::string copy{head.bytes};
    const auto before = described(&head);
    head.move_to(copy.data());
    require(described(&head) == before);
}

void run(const fuzz::Input& input) {
    Gate gate{limits};
    const std::vector<char> exact{input.bytes().begin(), input.bytes().end()};
    const auto answer = gate.feed({exact.data(), exact.size()});
    require(described_in_pieces(input) == described(answer));
    if (answer && *answer != nullptr) check(**answer);
}

}  // namespace
}  // namespace parley::http

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    parley::http::run({data, size});
    return 0;
}
