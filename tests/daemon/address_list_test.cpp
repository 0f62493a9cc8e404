#include "daemon/http/address_list.hpp"

#include <gtest/gtest.h>

namespace ecr::daemon {
namespace {

TEST(AddressListTest, ANetworkHoldsItsAddresses)
{
    const struct {
        const char* network;
        const char* peer;
        bool holds;
    } cases[] = {
        {"10.0.0.0/8", "10.1.2.3", true},
        {"10.0.0.0/8", "11.1.2.3", false},
        {"10.0.0.0/8", "::ffff:10.1.2.3", true},
        {"::ffff:10.0.0.0/104", "10.1.2.3", true},
        {"::ffff:10.0.0.0/104", "11.1.2.3", false},
        {"::ffff:10.1.2.3/128", "::ffff:10.1.2.3", true},
        {"fe80::/10", "fe80::1", true},
        {"fe80::/10", "fe80::1%1", true},
        {"fe80::1", "fe80::1%1", true},
        {"fe80::1%1", "fe80::1", true},
        {"fd00::/8", "fe80::1%1", false},
    };
    for (const auto& [network, peer, holds] : cases) {
        address_list list;
        ASSERT_TRUE(list.add(network)) << network;
        EXPECT_EQ(list.contains(asio::ip::make_address(peer)), holds) << network << " " << peer;
    }
}

}  // namespace
}  // namespace ecr::daemon
