// SPDX-License-Identifier: Apache-2.0
#include "http/forwarded.hpp"

#include "http/errors.hpp"

#include "support/expect.hpp"

#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace parley::http {
namespace {

TrustedProxies trusted(const std::vector<std::string>& networks) { return TrustedProxies::parse(networks).value(); }
std::string canonical(std::string_view text) { return Address::parse(text)->to_string(); }

class ForwardedTest : public ::testing::Test {
protected:
    /// The client's address as told by a request from the proxy 10.0.0.1.
    std::string client(const std::vector<Field>& fields) const { return client_of("10.0.0.1", fields); }
    std::string client_of(std::string_view peer, const std::vector<Field>& fields) const {
        return proxies.client_address(*Address::parse(peer), fields).to_string();
    }
    TrustedProxies proxies = trusted({"10.0.0.0/8", "2001:db8:1::/48"});
};

TEST(AddressTest, IsReadAndWritten) {
    EXPECT_EQ(canonical("192.0.2.1"), "192.0.2.1");
    EXPECT_EQ(canonical("2001:DB8:0:0::1"), "2001:db8::1");
    EXPECT_EQ(canonical("::ffff:192.0.2.1"), "192.0.2.1") << "as a dual-stack socket gives it";
    for (const std::string_view text :
         {"", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "0x7f.1", "2130706433", "[::1]", "::1%eth0", "::g", "1.2.3.4 ", "localhost", ":::"})
        EXPECT_FALSE(Address::parse(text)) << text;
    EXPECT_FALSE(Address::parse(std::string_view{"1.2.3.4\0", 8}));
    EXPECT_FALSE(Address::parse(std::string(10'000, '1')));
}

TEST(AddressTest, PrefixKeepsTheLeadingBits) {
    EXPECT_EQ(Address::parse("192.0.2.255")->prefix(24).to_string(), "192.0.2.0");
    EXPECT_EQ(Address::parse("192.0.2.255")->prefix(31).to_string(), "192.0.2.254");
    EXPECT_EQ(Address::parse("192.0.2.255")->prefix(0).to_string(), "0.0.0.0");
    EXPECT_EQ(Address::parse("192.0.2.255")->prefix(32).to_string(), "192.0.2.255");
    EXPECT_EQ(Address::parse("2001:db8:1:2:3:4:5:6")->prefix(64).to_string(), "2001:db8:1:2::");
    EXPECT_EQ(Address::parse("2001:db8:ffff::")->prefix(33).to_string(), "2001:db8:8000::");
}

TEST(TrustedProxiesTest, ContainAddressesAndNetworks) {
    const auto proxies = trusted({"192.0.2.1", "10.0.0.0/8", "2001:db8::/32", "::1"});
    for (const std::string_view address : {"192.0.2.1", "10.255.0.1", "2001:db8:ffff::1", "::1", "::ffff:10.0.0.1"})
        EXPECT_TRUE(proxies.contains(*Address::parse(address))) << address;
    for (const std::string_view address : {"192.0.2.2", "11.0.0.0", "2001:db9::", "::2"})
        EXPECT_FALSE(proxies.contains(*Address::parse(address))) << address;
    EXPECT_TRUE(trusted({"0.0.0.0/0"}).contains(*Address::parse("1.2.3.4")));
    EXPECT_FALSE(trusted({"0.0.0.0/0"}).contains(*Address::parse("::1")));
    EXPECT_FALSE(trusted({"::/0"}).contains(*Address::parse("1.2.3.4")));
}

TEST(TrustedProxiesTest, IllFormedNetworkIsRefused) {
    for (const std::string text : {"", "proxy.example", "10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/a", "10.0.0.0/8/8", "10.0.0.0/-1",
                                   "10.0.0.0/ 8", "/8", "10.0.0.1/8", "10.0.0"})
        EXPECT_EQ(testing::refusal(TrustedProxies::parse(std::vector{text})), errors::invalid_network.code) << text;
}

TEST_F(ForwardedTest, StrangerIsNotBelieved) {
    EXPECT_EQ(client_of("192.0.2.9", {{"X-Forwarded-For", "198.51.100.1"}, {"Forwarded", "for=198.51.100.1"}}), "192.0.2.9");
    EXPECT_EQ(TrustedProxies{}.client_address(*Address::parse("10.0.0.1"), std::vector<Field>{{"X-Forwarded-For", "198.51.100.1"}}).to_string(),
              "10.0.0.1");
}

TEST_F(ForwardedTest, RightMostUntrustedHopIsTheClient) {
    EXPECT_EQ(client({{"X-Forwarded-For", "198.51.100.1"}}), "198.51.100.1");
    EXPECT_EQ(client({{"x-forwarded-for", "203.0.113.7, 198.51.100.1"}}), "198.51.100.1") << "what stands on the left is what the client wrote";
    EXPECT_EQ(client({{"X-Forwarded-For", "203.0.113.7, 198.51.100.1,10.1.1.1 , 10.2.2.2"}}), "198.51.100.1");
    EXPECT_EQ(client({{"X-Forwarded-For", "garbage, 198.51.100.1"}}), "198.51.100.1");
    EXPECT_EQ(client_of("2001:db8:1::9", {{"X-Forwarded-For", "2001:db8:2::1"}}), "2001:db8:2::1");
    EXPECT_EQ(client_of("::ffff:10.0.0.1", {{"X-Forwarded-For", "198.51.100.1"}}), "198.51.100.1");
}

TEST_F(ForwardedTest, SeveralFieldsAreOneList) {
    EXPECT_EQ(client({{"X-Forwarded-For", "203.0.113.7"}, {"X-Forwarded-For", "198.51.100.1"}}), "198.51.100.1") << "HAProxy adds a field of its own";
    EXPECT_EQ(client({{"Forwarded", "for=203.0.113.7"}, {"Forwarded", "for=198.51.100.1"}}), "198.51.100.1");
}

TEST_F(ForwardedTest, FirstHopIsTheClientIfAllAreTrusted) { EXPECT_EQ(client({{"X-Forwarded-For", "10.9.9.9, 10.2.2.2"}}), "10.9.9.9"); }

TEST_F(ForwardedTest, PortsAreLeftOut) {
    EXPECT_EQ(client({{"X-Forwarded-For", "198.51.100.1:4711"}}), "198.51.100.1");
    EXPECT_EQ(client({{"X-Forwarded-For", "[2001:db8::17]:4711"}}), "2001:db8::17");
    EXPECT_EQ(client({{"X-Forwarded-For", "[2001:db8::17]"}}), "2001:db8::17");
}

TEST_F(ForwardedTest, ForwardedIsReadToo) {
    EXPECT_EQ(client({{"Forwarded", "for=198.51.100.1;"}}), "198.51.100.1");
    EXPECT_EQ(client({{"Forwarded", "for=_secret, For=\"198.51.100.1:80\";proto=https;by=10.0.0.2, for=10.3.3.3"}}), "198.51.100.1");
    EXPECT_EQ(client({{"Forwarded", "proto=http; for=\"[2001:db8:cafe::17]:4711\""}}), "2001:db8:cafe::17");
    for (const std::string_view value : {"for=unknown", "for=_hidden", "for=", "for", "proto=https", "for=198.51.100.1,", "for=\"198.51.100.1",
                                         "for=[::1]", "for=198.51.100.1 x", "", ";", ",", "for=198.51.100.1, proto=https"})
        EXPECT_EQ(client({{"Forwarded", value}}), "10.0.0.1") << value;
}

TEST_F(ForwardedTest, FieldsThatDisagreeAreNotBelieved) {
    EXPECT_EQ(client({{"X-Forwarded-For", "198.51.100.1"}, {"Forwarded", "for=198.51.100.1"}}), "198.51.100.1");
    EXPECT_EQ(client({{"X-Forwarded-For", "198.51.100.1"}, {"Forwarded", "for=203.0.113.7"}}), "10.0.0.1");
    EXPECT_EQ(client({{"X-Forwarded-For", "198.51.100.1"}, {"Forwarded", "garbage"}}), "10.0.0.1");
}

TEST_F(ForwardedTest, GarbageIsNotBelieved) {
    for (const std::string_view value : {"", ",", ", ,", "[::", "[::]x", "unknown", "198.51.100.1, ,", "198.51.100.1, x", "198.51.100.1 10.0.0.1",
                                         "1.2.3", "localhost", "\xFF\xFE", "::1:::"})
        EXPECT_EQ(client({{"X-Forwarded-For", value}}), "10.0.0.1") << value;
    const std::string huge(10'240, ',');
    EXPECT_EQ(client({{"X-Forwarded-For", huge}}), "10.0.0.1");
    const std::string long_list = huge + "198.51.100.1";
    EXPECT_EQ(client({{"X-Forwarded-For", long_list}}), "10.0.0.1");
    EXPECT_EQ(client({{"Forwarded", huge}, {"X-Forwarded-For", "198.51.100.1"}}), "10.0.0.1");
}

TEST_F(ForwardedTest, OtherFieldsOfProxiesAreNotRead) {
    EXPECT_EQ(
        client({{"X-Real-IP", "198.51.100.1"}, {"X-Forwarded-Host", "198.51.100.1"}, {"X-Forwarded-Proto", "https"}, {"Client-IP", "198.51.100.1"}}),
        "10.0.0.1");
}

}  // namespace
}  // namespace parley::http
