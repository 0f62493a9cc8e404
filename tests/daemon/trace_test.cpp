// What passes on a link, kept in memory and in a file, without a secret.
#include "daemon/limits.hpp"
#include "daemon/trace/trace_file.hpp"
#include "protocol/till/qfpay_local/cipher.hpp"
#include "protocol/till/trace_record.hpp"
#include "tests/daemon/shop/shop.hpp"
#include "tests/support/private_text.hpp"
#include "tests/support/qfpay_local_till.hpp"

#include <boost/asio/thread_pool.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cctype>
#include <fstream>
#include <sstream>
#include <tuple>

namespace ecr::test {
namespace {

using protocol::till::trace_event;
using protocol::till::trace_record;
using testing::HasSubstr;
using testing::Not;
namespace fs = std::filesystem;

std::string text_of(const fs::path& file)
{
    std::ostringstream text;
    text << std::ifstream{file, std::ios::binary}.rdbuf();
    return text.str();
}

std::vector<trace_record> records_of(const fs::path& file)
{
    std::vector<trace_record> records;
    std::istringstream in{text_of(file)};
    for (std::string line; std::getline(in, line);)
        if (auto record = protocol::till::parse_trace_line(line))
            records.push_back(std::move(*record));
    return records;
}

std::string base64_of(const std::string& text)
{
    constexpr std::string_view digits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t i = 0; i + 2 < text.size(); i += 3) {
        const auto byte = [&](std::size_t n) {
            return static_cast<unsigned>(static_cast<unsigned char>(text[i + n]));
        };
        const auto three = byte(0) << 16U | byte(1) << 8U | byte(2);
        for (const auto shift : {18U, 12U, 6U, 0U})
            out += digits[three >> shift & 0x3FU];
    }
    return out;
}

/// A secret as it is, in hexadecimal, in Base64 at each of the three offsets, and escaped in JSON.
std::vector<std::string> shapes_of(const std::string& secret)
{
    const auto hex = protocol::till::hex_of(secret);
    auto upper = hex;
    std::string escaped;
    for (char& c : upper)
        c = static_cast<char>(std::toupper(c));
    for (std::size_t i = 0; i < hex.size(); i += 2)
        escaped += "\\u00" + hex.substr(i, 2);
    return {secret,
            hex,
            upper,
            base64_of(secret),
            base64_of(secret.substr(1)),
            base64_of(secret.substr(2)),
            escaped};
}

/// Neither in the file nor in the bytes that it tells.
void expect_without(const fs::path& file, const std::string& secret)
{
    std::string bytes;
    for (const auto& record : records_of(file))
        bytes += record.bytes;
    ASSERT_FALSE(bytes.empty());
    for (const auto& shape : shapes_of(secret)) {
        EXPECT_THAT(text_of(file), Not(HasSubstr(shape)));
        EXPECT_THAT(bytes, Not(HasSubstr(shape)));
    }
}

class TraceTest : public testing::Test {
protected:
    shop_plan traced()
    {
        return {.bridge = [this](daemon::config& c) {
            for (auto& link : c.links)
                link.trace = folder_ / (link.name + ".trace");
        }};
    }

    temporary_folder place_;
    fs::path folder_ = place_.path();
};

TEST_F(TraceTest, BothDirectionsOfEveryKindOfLinkAreWrittenDown)
{
    {
        shop s{traced()};
        const auto lan = s.tcp_till();
        s.ask(*lan, "pay order=A1 amount=500 channel=wx");
        const auto port = s.port_till();
        s.ask(*port, "ping");
        lan->hang_up();
        s.pass(1s);
    }
    const auto lan = records_of(folder_ / "lan.trace");
    ASSERT_GE(lan.size(), 4U);
    EXPECT_EQ(lan.front().what, trace_event::opened);
    EXPECT_THAT(lan.front().bytes, HasSubstr("127.0.0.1:"));
    EXPECT_EQ(lan[1].what, trace_event::from_till);
    EXPECT_EQ(lan[1].bytes, "pay order=A1 amount=500 channel=wx\r\n");
    EXPECT_THAT(lan[2].bytes, HasSubstr("accepted order=A1"));
    EXPECT_EQ(lan.back().what, trace_event::closed);
    const auto port = records_of(folder_ / "port.trace");
    ASSERT_GE(port.size(), 3U);
    EXPECT_EQ(port[1].bytes, "ping\r\n");
    EXPECT_EQ(port[2].what, trace_event::to_till);

    using enum fs::perms;
    if (fs::path::preferred_separator == '/') {  // on Windows the folder keeps others out
        EXPECT_EQ(fs::status(folder_ / "lan.trace").permissions(), owner_read | owner_write);
    }
}

TEST_F(TraceTest, AnOperatorReadsTheMemoryWithoutReadingHimself)
{
    shop s;
    const auto till = s.tcp_till();
    s.ask(*till, "pay order=A1 amount=500 channel=wx");
    const auto reader = s.tcp_till();
    const auto first = s.ask(*reader, "trace link=lan");
    EXPECT_EQ(value_of(first, "what"), "trace");
    EXPECT_GE(reader->count("row", "language=line"), 5U);
    EXPECT_EQ(reader->count("row", "hex=" + protocol::till::hex_of("trace link=lan\r\n")), 1U);
    reader->forget();
    const auto again = s.ask(*reader, "trace link=lan after=" + value_of(first, "last"));
    EXPECT_EQ(value_of(again, "count"), "0") << again;
    EXPECT_EQ(value_of(s.ask(*reader, "trace link=nowhere"), "code"), "30");
}

TEST_F(TraceTest, WhoMayNotOperateMayNotRead)
{
    shop s{{.bridge = [](daemon::config& c) {
        for (auto& link : c.links)
            link.operator_commands = false;
    }}};
    const auto till = s.tcp_till();
    EXPECT_EQ(value_of(s.ask(*till, "trace"), "code"), "34");
}

TEST_F(TraceTest, TheMemoryOfALinkIsBounded)
{
    shop s;
    const auto till = s.tcp_till();
    for (int i = 0; i < 600; ++i)
        till->say("ping");
    s.until([&] { return till->count("ok") + till->count("error") == 600; });
    const auto reader = s.tcp_till();
    std::string after = "0";
    std::size_t rows = 0;
    for (std::string end; value_of(end, "more") != "no";) {
        reader->forget();
        end = s.ask(*reader, "trace link=lan after=" + after);
        ASSERT_EQ(value_of(end, "what"), "trace") << end;
        rows += reader->count("row", "kind=trace");
        after = value_of(end, "last");
    }
    EXPECT_EQ(rows, daemon::limits::trace_records_max);
}

TEST_F(TraceTest, NoSecretIsKeptInAnyShape)
{
    const std::string code = "134857903088557555";
    const std::string token = "s3cretToken77";
    const std::string card = "4111111111111111";
    {
        auto plan = traced();
        const auto trace = plan.bridge;
        plan.bridge = [&](daemon::config& c) {
            trace(c);
            write_private(folder_ / "token", token);
            c.links[0].token_file = folder_ / "token";
        };
        shop s{plan};
        const auto till = s.tcp_till();
        s.ask(*till, "hello token=" + token);
        s.ask(*till, R"({"verb":"hello","token":")" + token + R"("})");
        s.ask(*till, "scan order=S1 amount=500 auth_code=" + code);
        s.ask(*till, R"({"verb":"scan","order":"S2","amount":500,"auth_code":")" + code + R"("})");
        s.ask(*till, "scan order=S3 amount=500 auth_code = " + code);
        s.ask(*till, "pay order=C1 amount=500 channel=wx tag=" + card);
        till->send("hello token=" + token.substr(0, 5));  // cut by the end of the connection
        till->hang_up();
        s.pass(1s);
    }
    EXPECT_THAT(text_of(folder_ / "lan.trace"),
                HasSubstr(protocol::till::hex_of("order=S1 amount=500 auth_code=13000")));
    for (const auto& secret : {code, token, card, token.substr(0, 5)})
        expect_without(folder_ / "lan.trace", secret);
}

TEST_F(TraceTest, NoSecretOfAnEncryptedRequestIsKept)
{
    const std::string key = "0123456789abcdef0123456789abcdeF";
    const std::string code = "134857903088557555";
    write_private(folder_ / "key", key);
    for (const auto& [name, habit, wraps] :
         {std::tuple{"tcp", qfpay_wrapping::tcp, protocol::till::qfpay_local::wrapping::tcp},
          std::tuple{"http", qfpay_wrapping::http, protocol::till::qfpay_local::wrapping::http}}) {
        std::string digest;
        {
            shop s{{.bridge = [&, kind = wraps, file = folder_ / name](daemon::config& c) {
                c.links[0].dialect = protocol::till::dialect_kind::qfpay_local;
                c.links[0].qfpay_local.wraps = kind;
                c.links[0].pos_key_file = folder_ / "key";
                c.links[0].trace = file;
            }}};
            qfpay_local_till till{tcp_wire(s.io(), s.bridge().port("lan")),
                                  {.wraps = habit, .key = key}};
            const qfpay_local_till::content what{{"func_type", "4001"},
                                                 {"orderId", "\"12345678\""},
                                                 {"memo", '"' + key + '"'},
                                                 {"auth_code", '"' + code + '"'}};
            digest = till.digest_of(what);
            till.ask(what);
            s.until([&] { return till.answers().size() == 1; });
            ASSERT_EQ(till.answers().size(), 1U);
            ASSERT_NE(till.answers()[0].respcd, "5001");
            ASSERT_NE(till.answers()[0].respcd, "4003");
        }
        EXPECT_THAT(text_of(folder_ / name), HasSubstr(protocol::till::hex_of("12345678")));
        for (const auto& secret : {key, code, digest})
            expect_without(folder_ / name, secret);
    }
}

TEST_F(TraceTest, AFileThatHasGrownIsRenamed)
{
    boost::asio::thread_pool writer{1};
    {
        daemon::trace_file file{writer, folder_ / "t", 200, 3};
        for (int i = 0; i < 12; ++i)
            file.write(std::string(80, static_cast<char>('a' + i)));
    }
    writer.join();
    EXPECT_THAT(text_of(folder_ / "t"), HasSubstr("llll"));
    EXPECT_TRUE(fs::exists(folder_ / "t.2"));
    EXPECT_FALSE(fs::exists(folder_ / "t.3"));
    for (const auto* name : {"t", "t.1", "t.2"}) {
        EXPECT_LE(fs::file_size(folder_ / name), 200U) << name;
        EXPECT_THAT(text_of(folder_ / name),
                    testing::StartsWith(std::string{protocol::till::trace_file_mark}));
    }
}

TEST_F(TraceTest, AnotherFileIsLeftAlone)
{
    std::ofstream{folder_ / "journal.db"} << "SQLite format 3";
    boost::asio::thread_pool writer{1};
    daemon::trace_file file{writer, folder_ / "journal.db", 200, 3};
    file.write("x");
    writer.join();
    EXPECT_EQ(text_of(folder_ / "journal.db"), "SQLite format 3");
}

TEST_F(TraceTest, AFullDiskEndsTheTraceAndNothingElse)
{
    testing::internal::CaptureStderr();
    {
        shop s{{.bridge = [](daemon::config& c) { c.links[0].trace = "/dev/full"; }}};
        const auto till = s.tcp_till();
        EXPECT_EQ(value_of(s.ask(*till, "pay order=A1 amount=500 channel=wx"), "state"), "paid");
    }
    const auto log = testing::internal::GetCapturedStderr();
    const auto first = log.find("trace.ended");
    EXPECT_NE(first, std::string::npos) << log;
    EXPECT_EQ(log.find("trace.ended", first + 1), std::string::npos) << log;
}

}  // namespace
}  // namespace ecr::test
