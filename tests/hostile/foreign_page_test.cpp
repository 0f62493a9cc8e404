// A web page that somebody in the shop looks at, and that talks to the bridge behind his back.
#include "besieged_shop.hpp"
#include "tests/support/hypercom_till.hpp"

#include <array>

namespace ecr::hostile {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class ForeignPageTest : public BesiegedTest {
protected:
    /// What a request on a fresh connection is answered, to its end.
    std::string answer(const std::string& link, const std::string& request)
    {
        auto page = at(link);
        (void)page.say(request);
        page.finish();
        return page.rest();
    }

    void expect_no_order()
    {
        EXPECT_EQ(cloud_.truth().pushes().size(), 0U);
        EXPECT_EQ(orders(), 0);
    }
};

struct page_request {
    const char* name;
    const char* host;
    const char* headers;
};

// What browsers send with a POST that needs no preflight, or that was not preflighted.
// clang-format off
constexpr page_request forgeries[] = {
    {"Form",             "127.0.0.1:9001", "Origin: https://evil.example\r\nContent-Type: application/x-www-form-urlencoded\r\n"},
    {"PlainText",        "127.0.0.1:9001", "Origin: https://evil.example\r\nContent-Type: text/plain\r\n"},
    {"Json",             "127.0.0.1:9001", "Origin: https://evil.example\r\nContent-Type: application/json\r\n"},
    {"Sandboxed",        "127.0.0.1:9001", "Origin: null\r\nContent-Type: text/plain\r\n"},
    {"EmptyOrigin",      "127.0.0.1:9001", "Origin: \r\nReferer: https://evil.example/\r\n"},
    {"TwoOrigins",       "127.0.0.1:9001", "Origin: https://pos.example.com\r\nOrigin: https://evil.example\r\n"},
    {"ListOfOrigins",    "127.0.0.1:9001", "Origin: https://pos.example.com https://evil.example\r\n"},
    {"BeginsAlike",      "127.0.0.1:9001", "Origin: https://pos.example.com.evil.example\r\n"},
    {"OtherScheme",      "127.0.0.1:9001", "Origin: http://pos.example.com\r\n"},
    {"OtherPort",        "127.0.0.1:9001", "Origin: https://pos.example.com:444\r\n"},
    {"OldBrowser",       "127.0.0.1:9001", "Referer: https://evil.example/page\r\nContent-Type: text/plain\r\n"},
    {"OldBrowserRefersAlike", "127.0.0.1:9001", "Referer: https://pos.example.com@evil.example/\r\n"},
    {"Rebound",          "evil.example:9001", "Origin: http://evil.example:9001\r\nContent-Type: application/json\r\n"},
    {"ReboundOldBrowser", "evil.example:9001", "Content-Type: application/json\r\n"},
    {"ReboundToALookAlike", "127.0.0.1.evil.example", "Content-Type: application/json\r\n"},
    {"ReboundWithUser",  "127.0.0.1@evil.example", "Content-Type: application/json\r\n"},
};
// clang-format on

// A page that knows the printed key, on links that use it, with and without listed origins.
TEST_F(ForeignPageTest, CannotOrderWhereTheKeyIsPrinted)
{
    start(every_link({.web = "origins = [\"https://pos.example.com\"]\n"}));
    for (const auto* link : {"web", "webs"})
        for (const auto& each : forgeries) {
            SCOPED_TRACE(testing::Message() << link << ' ' << each.name);
            const auto said = answer(
                link, post("/api/pos/trade", sealed_payment("EVIL"), each.headers, each.host));
            EXPECT_THAT(said, StartsWith("HTTP/1.1 403 "));
            EXPECT_THAT(said, Not(HasSubstr("Access-Control-Allow")));
        }
    expect_no_order();
    expect_served("A1");
}

TEST_F(ForeignPageTest, GetsNoLeaveFromAPreflight)
{
    start(every_link());
    for (const auto* origin : {"https://evil.example", "null"}) {
        const auto said = answer("web", std::string{"OPTIONS /api/pos/trade HTTP/1.1\r\n"
                                                    "Host: 127.0.0.1:9001\r\nOrigin: "} +
                                            origin +
                                            "\r\nAccess-Control-Request-Method: POST\r\n"
                                            "Access-Control-Request-Headers: content-type\r\n"
                                            "Access-Control-Request-Private-Network: true\r\n\r\n");
        EXPECT_THAT(said, StartsWith("HTTP/1.1 403 "));
        EXPECT_THAT(said, Not(HasSubstr("Access-Control-Allow")));
    }
}

TEST_F(ForeignPageTest, CannotOpenAWebSocket)
{
    start(every_link());
    const std::string request =
        "GET /api/pos/trade HTTP/1.1\r\nHost: 127.0.0.1:9001\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        "Sec-WebSocket-Version: 13\r\nOrigin: ";
    for (const auto* origin : {"https://evil.example", "https://pos.example.com"})
        EXPECT_THAT(answer("web", request + origin + "\r\n\r\n"), Not(HasSubstr(" 101 ")));
    expect_no_order();
}

struct plain_request {
    const char* name;
    const char* host;
    const char* headers;
};

// What tills send that are no browsers, as they come.
constexpr plain_request plain_tills[] = {
    {"Address", "192.168.1.10:9001", ""},
    {"AddressOfIp6", "[fd00::1]:9001", ""},
    {"Localhost", "localhost:9001", ""},
    {"OneWord", "ECRBRIDGE:9001", ""},
    {"NameOfTheLan", "bridge.shop.lan", ""},
    {"NameByMulticast", "ecrbridge.local:9001", ""},
    {"FormType", "127.0.0.1", "Content-Type: application/x-www-form-urlencoded\r\n"},
};

TEST_F(ForeignPageTest, IsNotWhatAPlainTillIsTakenFor)
{
    start(every_link());
    int number = 0;
    for (const auto& each : plain_tills) {
        SCOPED_TRACE(each.name);
        const auto order = "P" + std::to_string(++number);
        auto till = at("web");
        (void)till.say(post("/api/pos/trade", sealed_payment(order), each.headers, each.host));
        EXPECT_TRUE(till.hears("HTTP/1.1 200 OK")) << till.heard();
        EXPECT_EQ(cloud_.truth().charged(order).count, 1);
    }
    // Hand-made clients leave the name out.
    const auto body = sealed_payment("P9");
    EXPECT_THAT(answer("web", "POST / HTTP/1.0\r\nContent-Length: " + std::to_string(body.size()) +
                                  "\r\n\r\n" + body),
                HasSubstr(" 200 OK"));
    EXPECT_EQ(cloud_.truth().charged("P9").count, 1);
}

// With a key of the shop's own a page that can order at all is the shop's.
TEST_F(ForeignPageTest, IsTheShopsOwnWhenItKnowsTheShopsKey)
{
    const auto key =
        "pos_key_file = \"" + write("pos.key", std::string{own_pos_key} + "\n") + "\"\n";
    start(every_link({.web = key}));
    const auto said =
        answer("web", post("/api/pos/trade", sealed_payment("B1", std::string{own_pos_key}),
                           "Origin: https://pos.example.com\r\n", "bridge.example.com"));
    EXPECT_THAT(said, HasSubstr("HTTP/1.1 200 OK"));
    EXPECT_THAT(said, HasSubstr("Access-Control-Allow-Origin: https://pos.example.com\r\n"));
    EXPECT_EQ(cloud_.truth().charged("B1").count, 1);
    EXPECT_THAT(answer("web", post("/api/pos/trade", sealed_payment("EVIL"),
                                   "Origin: https://evil.example\r\n")),
                HasSubstr("5001"));
    EXPECT_EQ(cloud_.truth().times_pushed("EVIL"), 0);
}

TEST_F(ForeignPageTest, IsServedWhereItIsListed)
{
    start(every_link({.web = "origins = [\"https://pos.example.com\"]\n"
                             "hosts = [\"bridge.example.com\"]\n",
                      .webs = "origins = [\"*\"]\n"}));
    EXPECT_THAT(answer("web", post("/api/pos/trade", sealed_payment("B1"),
                                   "Origin: https://pos.example.com\r\n", "Bridge.Example.com:9")),
                HasSubstr("HTTP/1.1 200 OK"));
    EXPECT_THAT(answer("webs", post("/api/pos/trade", sealed_payment("B2"),
                                    "Origin: https://any.example\r\n")),
                HasSubstr("HTTP/1.1 200 OK"));
    EXPECT_EQ(cloud_.truth().charged_in_all().count, 2);
}

// A browser sends a page's bytes to any port: what is not HTTP has to notice, or the lines of a
// form would be commands.
TEST_F(ForeignPageTest, CannotSpeakToATillsLinkThatIsNotHttp)
{
    const std::string line = "\r\npay order=EVIL amount=100\r\n";
    const std::string frame = test::hypercom_till::frame_of("20", {{"40", "000000000100"}});
    start(every_link());
    const std::pair<const char*, std::string> orders_of[] = {
        {"shop", line + line}, {"old", frame}, {"app", sealed_payment("EVIL")}};
    for (const auto& [link, body] : orders_of)
        for (const auto* method : {"POST", "GET", "HEAD", "OPTIONS"})
            for (const bool bytewise : {false, true}) {
                SCOPED_TRACE(testing::Message() << link << ' ' << method << ' ' << bytewise);
                auto request = post("/", body, "Origin: https://evil.example\r\n");
                request.replace(0, 4, method);
                auto page = at(link);
                (void)(bytewise ? page.say_bytewise(request) : page.say(request));
                (void)page.rest();  // closed, whatever more comes
            }
    expect_no_order();
    EXPECT_EQ(logged("link.not_a_till"), 3);  // one for each link
    expect_served("A1");
}

// A browser's TLS can carry bytes that its page has chosen, a session ticket for one.
TEST_F(ForeignPageTest, CannotSpeakToAPlainLinkThroughTls)
{
    start(every_link());
    for (const auto* link : {"shop", "old", "app"}) {
        auto page = at(link);
        (void)page.say(std::string{"\x16\x03\x01\x01\x00\x01\x00", 7} +
                       "\npay order=EVIL amount=100\n");
        (void)page.rest();
    }
    expect_no_order();
    expect_served("A1");
}

}  // namespace
}  // namespace ecr::hostile
