// Too much of everything: it ends, it costs no memory, and the next till is served.
#include "besieged_shop.hpp"
#include "memory_of.hpp"
#include "protocol/till/qfpay_local/cipher.hpp"
#include "protocol/till/qfpay_local/qfpay_local_dialect.hpp"
#include "tests/support/hypercom_till.hpp"

namespace ecr::hostile {
namespace {

using testing::HasSubstr;

constexpr std::size_t mebibyte = 1024 * 1024;

class OversizedTest : public BesiegedTest {
protected:
    void start_all()
    {
        // A quarantine of freed memory would look like growth.
        start(every_link(), {.environment = {{"ASAN_OPTIONS", "quarantine_size_mb=1"}}});
    }

    /// Says `head`, then `more` until the bridge has enough, and hears the end.
    std::string pour(peer visitor, const std::string& head, const std::string& more)
    {
        bool wanted = visitor.say(head);
        for (std::size_t said = 0; wanted && said < mebibyte; said += more.size())
            wanted = !more.empty() && visitor.say(more);
        visitor.finish();
        return visitor.rest();
    }
};

struct large_request {
    const char* name;
    std::string head;
    std::string more;  // again and again
};

std::vector<large_request> large_requests(const std::string& path)
{
    const auto start = "POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n";
    const std::string piece(16 * 1024, 'x');
    const std::string chunked = "Transfer-Encoding: chunked\r\n\r\n";
    std::string many_lines;
    for (int i = 0; i < 1000; ++i)
        many_lines += "X" + std::to_string(i) + ": y\r\n";
    std::string many_chunks;
    for (int i = 0; i < 1000; ++i)
        many_chunks += "1;" + std::string(10, 'e') + "\r\nx\r\n";
    return {
        {"Target", "POST /" + piece, piece},
        {"Method", piece, piece},
        {"HeaderValue", start + "X: ", piece},
        {"HeaderName", start, piece},
        {"HeaderLines", start, many_lines},
        {"FoldedLine", start + "X: y", "\r\n y"},
        {"Body", start + "Content-Length: 999999999\r\n\r\n", piece},
        {"LargestLength", start + "Content-Length: 18446744073709551615\r\n\r\n", piece},
        {"Chunk", start + chunked + "3b9ac9ff\r\n", piece},
        {"LargestChunk", start + chunked + "ffffffffffffffff\r\n", piece},
        {"ChunkSizeLine", start + chunked + std::string(8000, '0'), std::string(8000, '0')},
        {"Extension", start + chunked + "1;", piece},
        {"Chunks", start + chunked, many_chunks},
        {"Trailer", start + chunked + "0\r\n", many_lines},
        {"EmptyLines", "\r\n", std::string(4096, '\n')},
        {"Requests", "", start + "Content-Length: 2\r\n\r\n{}"},
    };
}

TEST_F(OversizedTest, RequestsAreRefusedAndForgotten)
{
    start_all();
    expect_served("A1");
    long before = 0;
    for (const int round : {0, 1}) {  // the first one pays for what stays
        for (const auto* link : {"web", "notifications"})
            for (const auto& each :
                 large_requests(link == std::string{"web"} ? "/api/pos/trade" : "/qfpay/notify")) {
                SCOPED_TRACE(testing::Message() << link << ' ' << each.name);
                const auto port =
                    link == std::string{"web"} ? bridge_->port(link) : notification_port();
                const auto said = pour(peer{port}, each.head, each.more);
                EXPECT_EQ(said.find(" 500 "), std::string::npos) << said.substr(0, 500);
            }
        if (round == 0) before = memory_kib_of(bridge_->pid());
    }
    EXPECT_LT(memory_kib_of(bridge_->pid()) - before, 4096);
    EXPECT_EQ(cloud_.truth().times_pushed("A1"), 1);
    expect_served("A2");
}

TEST_F(OversizedTest, MessagesOfOtherLinksAreRefusedAndForgotten)
{
    start_all();
    expect_served("A1");
    const std::string piece(16 * 1024, 'A');
    const std::string frame = test::hypercom_till::frame_of("20", {{"40", "000000000100"}});
    const std::string longest = std::string{"\x02\x99\x99", 3} + frame.substr(3, 20);
    const std::string record{"\x16\x03\x01\xff\xff", 5};
    const std::tuple<const char*, std::string, std::string> said[] = {
        {"app", "{content:{", piece},
        {"app", "\"", piece},
        {"app", "", std::string(4096, '"') + std::string(4096, ' ')},
        {"old", longest, piece},
        {"old", "", std::string(4096, '\x02')},
        {"old", "", std::string(4096, '\x06')},
        {"old", std::string{"\x02\xff\xff", 3}, piece},
        {"secure", record, piece},
        {"secure", std::string{"\x16\x03\x01\x02\x00\x01\xff\xff\xff", 9}, piece},
        {"shop", "pay order=", piece},
        {"shop", "pay ", "a=1 "},
        {"shop", "{\"verb\":\"pay\",", "\"k\":1,"},
        {"shop", "{\"verb\":", "["},
    };
    long before = 0;
    for (const int round : {0, 1}) {
        for (const auto& [link, head, more] : said) {
            SCOPED_TRACE(testing::Message() << link << ' ' << head.substr(0, 20));
            std::string large;
            while (large.size() < piece.size())
                large += more;
            (void)pour(at(link), head, large);
        }
        if (round == 0) before = memory_kib_of(bridge_->pid());
    }
    EXPECT_LT(memory_kib_of(bridge_->pid()) - before, 4096);
    EXPECT_EQ(orders(), 1);
    expect_served("A2");
}

// What is behind the cipher comes from a till that knows the key, and has its limits all the same.
TEST_F(OversizedTest, SecretsAreRefusedToo)
{
    namespace qfpay = protocol::till::qfpay_local;
    start_all();
    std::string pairs;
    for (int i = 0; i < 300; ++i)
        pairs += ",\"k" + std::to_string(i) + "\":1";
    std::string deep(1500, '{');
    for (auto at = deep.size(); at > 0; --at)
        deep.insert(at, "\"a\":");
    for (const auto& text : {"{\"content\":{\"func_type\":1001" + pairs + "},\"digest\":\"0\"}",
                             deep, "{\"content\":" + std::string(6000, '[') + "}",
                             "{content:{amt=" + std::string(8000, '9') + "}, digest:'0'}"}) {
        auto till = at("web");
        const auto body =
            qfpay::encrypted(text, qfpay::cipher::aes256, std::string{qfpay::published_pos_key});
        ASSERT_TRUE(till.say(post("/api/pos/trade", '"' + body + '"')));
        EXPECT_TRUE(till.hears("HTTP/1.1 ")) << till.heard();
        till.finish();
        (void)till.rest();
        EXPECT_EQ(till.times("HTTP/1.1 "), 1);
    }
    EXPECT_EQ(orders(), 0);
    expect_served("A1");
}

}  // namespace
}  // namespace ecr::hostile
