// Texts that mean something to somebody behind the bridge: a database, a file system, a terminal
// that shows the log, the reader of a reply.
#include "besieged_shop.hpp"
#include "protocol/json.hpp"
#include "protocol/till/qfpay_local/cipher.hpp"
#include "protocol/till/qfpay_local/digest.hpp"
#include "protocol/till/qfpay_local/qfpay_local_dialect.hpp"
#include "tests/support/hypercom_till.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <regex>
#include <set>
#include <sstream>

namespace ecr::hostile {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::vector<std::string> loaded_texts()
{
    return {
        "x'; DROP TABLE orders; --",
        "x' OR '1'='1",
        "x\"; DELETE FROM steps; --",
        "A1') UNION SELECT * FROM sqlite_master --",
        "../../../../etc/passwd",
        "..\\..\\windows\\win.ini",
        "/etc/passwd",
        "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "journal.db",
        "file:journal.db?mode=rw",
        "$(touch owned)",
        "`touch owned`",
        "| touch owned",
        "%s%s%s%n",
        "{{7*7}}",
        "&out_trade_no=OTHER&txamt=1",
        "a\nresult order=FORGED state=paid code=00 amount=1 safe_to_retry=no",
        "a\r\nresult order=FORGED state=paid code=00 safe_to_retry=no\r\n",
        "a\n2026-01-01T00:00:00.000Z info order.step order=FORGED to=paid",
        "\x1b[2J\x1b]0;owned\x07",
        "\xc2\x9b"
        "2J",
        "a\xe2\x80\xa8"
        "b\xe2\x80\xa9"
        "c",
        // NOLINTNEXTLINE(misc-misleading-bidirectional): it is meant to mislead
        "\xe2\x80\xae"
        "DIAP",
        std::string{"A1\0B1", 5},
        "\xff\xfe\xfd",
        std::string(3000, 'A'),
    };
}

class InjectionTest : public BesiegedTest {
protected:
    void TearDown() override
    {
        expect_clean_log();
        expect_journal_sound();
        EXPECT_EQ(files(), before_);
        expect_served("Z1");
    }

    void start_all()
    {
        start(every_link({.old = "order_number = \"66\"\n"}));
        expect_served("A1");
        before_ = files();
    }

    [[nodiscard]] std::set<std::string> files() const
    {
        std::set<std::string> all;
        for (const auto& each : std::filesystem::recursive_directory_iterator{folder_})
            all.insert(each.path());
        return all;
    }

    /// Every line was written by the log, and nothing in it moves a terminal's cursor.
    void expect_clean_log()
    {
        static const std::regex line{
            R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (debug|info|warning|error) [a-z_.]+( .*)?)"};
        std::istringstream log{bridge_->output()};
        for (std::string each; std::getline(log, each);) {
            EXPECT_TRUE(std::regex_match(each, line)) << each;
            EXPECT_TRUE(std::ranges::none_of(each, [](char c) {
                return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
            })) << each;
            EXPECT_THAT(each, Not(HasSubstr("\xc2\x9b")));
            EXPECT_THAT(each, Not(HasSubstr("order=FORGED")));
        }
    }

    /// A command of one line has one end, whatever it holds.
    void expect_one_end(process::till& lane, const std::string& command)
    {
        SCOPED_TRACE(command.substr(0, 200));
        const auto tag = "probe-" + std::to_string(++probes_);
        const auto heard = lane.all().size();
        lane.say(command);
        const auto end = lane.end();
        EXPECT_NE(end, process::till::closed_word);
        EXPECT_EQ(value_of(lane.ask("ping tag=" + tag), "tag"), tag);
        const auto told = lane.all().substr(heard);
        EXPECT_TRUE(std::ranges::none_of(told, [](char c) {
            return (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\r') || c == 0x7f;
        })) << told;
        EXPECT_THAT(told, Not(HasSubstr("\nresult order=FORGED")));
    }

    /// Some of the texts are good order numbers: whatever was sold was one sale of that amount.
    void expect_plain_sales()
    {
        const auto truth = cloud_.truth();
        EXPECT_THAT(truth.charged_twice(), testing::IsEmpty());
        const auto all = truth.charged_in_all();
        EXPECT_EQ(all.sum_minor_units, all.count * 100);
        EXPECT_EQ(truth.charged("OTHER").count, 0);
        EXPECT_EQ(truth.signature_failures(), 0);
    }

    int probes_ = 0;
    std::set<std::string> before_;
};

struct field_of_command {
    const char* verb;
    const char* key;
    const char* rest;  // what else the verb needs
};

// clang-format off
constexpr field_of_command fields_of_commands[] = {
    {"pay",       "order",     "amount=100"},
    {"pay",       "tag",       "order=B1 amount=100 till=x"},
    {"pay",       "terminal",  "order=B2 amount=100"},
    {"pay",       "channel",   "order=B3 amount=100"},
    {"pay",       "scan",      "order=B4 amount=100"},
    {"pay",       "amount",    "order=B5"},
    {"pay",       "till",      "order=B6 amount=0"},
    {"scan",      "auth_code", "order=B7 amount=0"},
    {"scan",      "goods",     "order=B8 amount=0 auth_code=1"},
    {"scan",      "pay_type",  "order=B9 amount=100 auth_code=1"},
    {"scan",      "currency",  "order=B9 amount=100 auth_code=1"},
    {"qr",        "draw",      "order=B9 amount=100"},
    {"refund",    "of",        "order=R1 amount=100"},
    {"refund",    "via",       "order=R1 amount=100 of=A1"},
    {"query",     "of",        ""},
    {"status",    "order",     ""},
    {"show",      "order",     ""},
    {"orders",    "state",     ""},
    {"orders",    "limit",     ""},
    {"receipt",   "of",        ""},
    {"close",     "of",        ""},
    {"reverse",   "order",     ""},
    {"resolve",   "text",      "order=NONE"},
    {"resolve",   "order",     "text=why"},
    {"hello",     "token",     ""},
    {"hello",     "till",      ""},
    {"trace",     "link",      ""},
    {"trace",     "after",     ""},
    {"reconcile", "from",      ""},
    {"reconcile", "merchant",  "from=2026-01-01"},
    {"rebuild",   "merchant",  "from=2026-01-01"},
    {"settlement", "merchant", "from=2026-01-01"},
};
// clang-format on

TEST_F(InjectionTest, EveryValueOfALineIsDataOrRefused)
{
    start_all();
    auto lane = new_till();
    for (const auto& field : fields_of_commands)
        for (const auto& text : loaded_texts()) {
            if (text.find_first_of("\n\0", 0, 2) != std::string::npos) continue;  // two lines
            auto quoted = text;
            for (std::size_t at = 0; (at = quoted.find_first_of("\"\\", at)) != quoted.npos;
                 at += 2)
                quoted.insert(at, 1, '\\');
            expect_one_end(lane, std::string{field.verb} + ' ' + field.key + "=\"" + quoted +
                                     "\" " + field.rest);
        }
    expect_plain_sales();
}

TEST_F(InjectionTest, EveryValueOfAJsonLineIsDataOrRefused)
{
    start_all();
    auto lane = new_till();
    for (const auto& field : fields_of_commands)
        for (const auto& text : loaded_texts()) {
            nlohmann::json command{{"verb", field.verb}, {field.key, text}};
            std::istringstream more{field.rest};
            for (std::string pair; more >> pair;)
                command[pair.substr(0, pair.find('='))] = pair.substr(pair.find('=') + 1);
            expect_one_end(lane,
                           command.dump(-1, ' ', false, nlohmann::json::error_handler_t::ignore));
            // And as a key, and as a verb.
            expect_one_end(lane, nlohmann::json{{"verb", "ping"}, {text, "x"}}.dump(
                                     -1, ' ', false, nlohmann::json::error_handler_t::replace));
        }
    expect_plain_sales();
}

TEST_F(InjectionTest, EveryValueOfQfpayLocalIsDataOrRefused)
{
    namespace qfpay = protocol::till::qfpay_local;
    start_all();
    const std::string key{qfpay::published_pos_key};
    const std::pair<const char*, const char*> places[] = {
        {"out_trade_no", R"("func_type":1001,"amt":0,"channel":"wx")"},
        {"channel", R"("func_type":1001,"amt":1,"out_trade_no":"C1")"},
        {"scan_type", R"("func_type":1001,"amt":1,"channel":"wx","out_trade_no":"C1")"},
        {"amt", R"("func_type":1001,"channel":"wx","out_trade_no":"C1")"},
        {"orderId", R"("func_type":1002)"},
        {"refund_amount", R"("func_type":1002,"orderId":"A1")"},
        {"orderId", R"("func_type":4001)"},
        {"out_trade_no", R"("func_type":4001)"},
        {"orderId", R"("func_type":3001)"},
        {"func_type", R"("orderId":"A1")"},
    };
    int asked = 0;
    for (const auto& [name, rest] : places) {
        auto till = at("web");  // a hundred bad requests in a row would end it
        int answers = 0;
        for (const auto& text : loaded_texts()) {
            const auto value =
                nlohmann::json(text).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
            const auto content = std::string{"{\""} + name + "\":" + value + ',' + rest + '}';
            const auto parsed = qfpay::parse_object(content);
            if (!parsed) continue;
            const auto whole = "{\"content\":" + content + ",\"digest\":\"" +
                               qfpay::digest_of(*parsed, key) + "\"}";
            const auto body = qfpay::encrypted(whole, qfpay::cipher::aes256, key);
            ASSERT_TRUE(till.say(post("/", '"' + body + '"')));
            ++answers;
            while (!till.closed() && till.times("HTTP/1.1 ") < answers)
                (void)till.within(2ms);
        }
        till.finish();
        (void)till.rest();
        EXPECT_EQ(till.times("HTTP/1.1 200 OK\r\n"), answers) << name;
        asked += answers;
    }
    EXPECT_GT(asked, 100);
    expect_plain_sales();
}

TEST_F(InjectionTest, EveryFieldOfAHypercomFrameIsDataOrRefused)
{
    start_all();
    for (const auto& text : loaded_texts()) {
        SCOPED_TRACE(text.substr(0, 100));
        for (const auto* type : {"66", "A1", "16", "65", "30"}) {
            auto lane = at("old");
            (void)lane.say(test::hypercom_till::frame_of(
                type == std::string{"65"} ? "26" : "20",
                {{"40", "000000000000"}, {type, text.substr(0, 900)}}));
            lane.finish();
            (void)lane.within(20ms);
        }
    }
    expect_plain_sales();
}

TEST_F(InjectionTest, TargetsAndHeadersNameNoFileAndForgeNoAnswer)
{
    start_all();
    const std::string targets[] = {"/../../etc/passwd",
                                   "/api/pos/../../../etc/passwd",
                                   "/%2e%2e/%2e%2e/etc/passwd",
                                   "/api/pos/trade%00",
                                   "/api/pos/trade/..",
                                   "//api/pos/trade",
                                   "/api/pos/trade;x=1",
                                   "/API/POS/TRADE",
                                   "/api/pos/trade\\..\\x",
                                   "/qfpay/notify/../notify",
                                   "/journal.db",
                                   "file:///etc/passwd",
                                   "/%0d%0aX-Forged:%20yes",
                                   "/qfpay/notify/'; DROP TABLE orders; --"};
    const std::string headers[] = {"Origin: https://pos.example.com%0d%0aX-Forged: yes\r\n",
                                   "Origin: https://pos.example.com\r\n X-Forged: yes\r\n",
                                   "Access-Control-Request-Headers: a\r\n X-Forged: yes\r\n",
                                   "Access-Control-Request-Headers: a%0d%0aX-Forged: yes\r\n",
                                   "Origin: \x1b[2J\r\n",
                                   "X-Forwarded-For: 13.228.112.115\r\n",
                                   "X-Forwarded-For: '; DROP TABLE orders; --\r\n",
                                   "X-QF-SIGN: ' OR '1'='1\r\n"};
    for (const auto port : {bridge_->port("web"), notification_port()}) {
        for (const auto& target : targets)
            for (const auto* method : {"POST", "GET", "OPTIONS"}) {
                SCOPED_TRACE(target);
                peer visitor{port};
                (void)visitor.say(std::string{method} + ' ' + target +
                                  " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2\r\n\r\n{}");
                visitor.finish();
                const auto said = visitor.rest();
                EXPECT_EQ(visitor.times("HTTP/1.1 "), 1) << said;
                EXPECT_THAT(said, Not(HasSubstr("root:")));
                EXPECT_THAT(said, Not(HasSubstr("\r\nX-Forged")));
            }
        for (const auto& header : headers)
            for (const auto* method : {"POST", "OPTIONS"}) {
                SCOPED_TRACE(header);
                peer visitor{port};
                auto request = post("/api/pos/trade", "{}", header);
                (void)visitor.say(request.replace(0, 4, method));
                visitor.finish();
                const auto said = visitor.rest();
                EXPECT_EQ(visitor.times("HTTP/1.1 "), 1) << said;
                EXPECT_THAT(said, Not(HasSubstr("\r\nX-Forged")));
                EXPECT_THAT(said, Not(HasSubstr("\x1b")));
            }
    }
    expect_plain_sales();
}

}  // namespace
}  // namespace ecr::hostile
