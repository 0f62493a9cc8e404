#include "protocol/till/qfpay_local/page.hpp"

#include <gtest/gtest.h>

namespace ecr::protocol::till::qfpay_local {
namespace {

struct page_case {
    const char* host;
    const char* origin;
    const char* referer;
    welcome printed_key;  // with one page and one name listed
    welcome own_key;      // with nothing listed
};

constexpr auto yes = welcome::yes;
constexpr auto page = welcome::foreign_page;
constexpr auto name = welcome::foreign_name;

// clang-format off
constexpr page_case cases[] = {
    {"",                        "",                         "",                      yes,  yes},
    {"192.168.1.10:9001",       "",                         "",                      yes,  yes},
    {"[fd00::1]:9001",          "",                         "",                      yes,  yes},
    {"[fd00::1].evil.example",  "",                         "",                      name, yes},
    {"localhost",               "",                         "",                      yes,  yes},
    {"ECRBRIDGE:9001",          "",                         "",                      yes,  yes},
    {"till.shop.LAN",           "",                         "",                      yes,  yes},
    {"Bridge.example.com:80",   "",                         "",                      yes,  yes},
    {"x.bridge.example.com",    "",                         "",                      name, yes},
    {"evil.example:9001",       "",                         "",                      name, yes},
    {"192.168.1.10.evil.example", "",                       "",                      name, yes},
    {"192.168.1.10@evil.example", "",                       "",                      name, yes},
    {"evil.example.",           "",                         "",                      name, yes},
    {"evillan",                 "",                         "",                      yes,  yes},
    {"127.0.0.1",               "https://pos.example.com",  "",                      yes,  yes},
    {"127.0.0.1",               "https://POS.example.com",  "",                      page, yes},
    {"127.0.0.1",               "https://pos.example.com:444", "",                   page, yes},
    {"127.0.0.1",               "null",                     "",                      page, yes},
    {"127.0.0.1",               "https://pos.example.com, https://evil.example", "", page, yes},
    {"127.0.0.1",               "",  "https://pos.example.com/shop?x=1",             yes,  yes},
    {"127.0.0.1",               "",  "https://pos.example.com@evil.example/",        page, yes},
    {"127.0.0.1",               "",  "https://evil.example/https://pos.example.com", page, yes},
    {"127.0.0.1",               "https://evil.example", "https://pos.example.com/",  page, yes},
};
// clang-format on

TEST(PageTest, IsServedWhenItIsTheShops)
{
    const settings printed{.origins = {"https://pos.example.com"}, .hosts = {"bridge.example.com"}};
    const settings own{.pos_key = "0123456789abcdef0123456789abcdef"};
    for (const auto& c : cases) {
        const asker who{.host = c.host, .origin = c.origin, .referer = c.referer};
        SCOPED_TRACE(testing::Message() << c.host << ' ' << c.origin << ' ' << c.referer);
        EXPECT_EQ(welcome_of(who, printed), c.printed_key);
        EXPECT_EQ(welcome_of(who, own), c.own_key);
    }
}

TEST(PageTest, EveryPageIsServedWhereTheInstallerSaysSo)
{
    EXPECT_EQ(welcome_of({.host = "a", .origin = "null"}, {.origins = {"*"}}), yes);
    EXPECT_EQ(welcome_of({.host = "evil.example"}, {.hosts = {"*"}}), yes);
    EXPECT_EQ(welcome_of({.host = "a", .origin = "https://a"},
                         {.pos_key = "0123456789abcdef0123456789abcdef", .origins = {"https://b"}}),
              page);
}

TEST(PageTest, ThePrintedKeyIsPrintedInAnyCase)
{
    EXPECT_TRUE(is_published(published_pos_key));
    EXPECT_TRUE(is_published("F46B1F08BEC1F39104792CC79EC9AACD"));
    EXPECT_FALSE(is_published("F46B1F08BEC1F39104792CC79EC9AACE"));
    EXPECT_FALSE(is_published(""));
}

}  // namespace
}  // namespace ecr::protocol::till::qfpay_local
