#include "tests/protocol/till/line/till.hpp"

#include <gtest/gtest.h>

#include <ostream>

using namespace ecr;
using namespace ecr::protocol;
using namespace ecr::protocol::till;
using namespace ecr::protocol::till::line;
using namespace std::chrono_literals;

// GCC counts a member that a designated initializer leaves to its default as forgotten.
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

namespace {

struct good_case {
    std::string name;
    std::string text;
    std::string json;  // the same command
    command expected;

    friend void PrintTo(const good_case& c, std::ostream* out) { *out << c.name << ": " << c.text; }
};

std::optional<money> minor(std::int64_t units)
{
    return *money::of(units);
}

class GoodLineTest : public testing::TestWithParam<good_case> {};

// TCP promises an order, never a packet boundary: every case is replayed at every piece size.
TEST_P(GoodLineTest, IsTheSameCommandHoweverTheBytesArrive)
{
    const auto& c = GetParam();
    for (const std::string end : {"\n", "\r\n"}) {
        const auto wire = c.text + end;
        for (std::size_t piece = 1; piece <= wire.size(); ++piece) {
            SCOPED_TRACE("piece size " + std::to_string(piece));
            till_end till;
            till.says(wire, piece);
            ASSERT_EQ(till.out.bytes, "");
            ASSERT_EQ(till.out.commands, std::vector{c.expected});
        }
    }
}

TEST_P(GoodLineTest, MeansTheSameInJson)
{
    const auto& c = GetParam();
    const auto wire = c.json + "\n";
    for (std::size_t piece = 1; piece <= wire.size(); ++piece) {
        SCOPED_TRACE("piece size " + std::to_string(piece));
        till_end till;
        till.says(wire, piece);
        ASSERT_EQ(till.out.bytes, "");
        auto expected = c.expected;
        expected.tag = "{" + expected.tag;  // how its replies become JSON
        ASSERT_EQ(till.out.commands, std::vector{expected});
    }
}

TEST_P(GoodLineTest, MeansTheSameInAFrame)
{
    const auto& c = GetParam();
    std::string wire = "\x02" + c.text + "\x03";
    char lrc = 0;
    for (const char b : wire.substr(1))
        lrc = static_cast<char>(lrc ^ b);
    wire += lrc;
    for (std::size_t piece = 1; piece <= wire.size(); ++piece) {
        SCOPED_TRACE("piece size " + std::to_string(piece));
        till_end till{{.frames = framing::stx}};
        till.says(wire, piece);
        ASSERT_EQ(till.out.bytes, "\x06");
        ASSERT_EQ(till.out.commands, std::vector{c.expected});
    }
}

// clang-format off
const good_case good_cases[] = {
    // name           text, its JSON twin, and what they mean
    {"Hello",         "hello",
                      R"({"verb":"hello"})",
                      {.what = verb::hello}},
    {"HelloWithAll",  R"(hello token="p \"w\" \\ é" till=T-1_a)",
                      R"({"verb":"hello","token":"p \"w\" \\ é","till":"T-1_a"})",
                      {.what = verb::hello, .till = "T-1_a", .token = R"(p "w" \ é)"}},
    {"HelloBase64",   "hello token=YWJj==",
                      R"({"verb":"hello","token":"YWJj=="})",
                      {.what = verb::hello, .token = "YWJj=="}},
    {"Pay",           "pay order=A1001 amount=110 channel=wx",
                      R"({"verb":"pay","order":"A1001","amount":110,"channel":"wx"})",
                      {.what = verb::pay, .order = "A1001", .amount = minor(110), .via = channel::wx}},
    {"PayWithAll",    "pay tag=7 order=A/1 amount=2147483647 channel=union scan=SCAN_PAY camera=1 timeout=60 terminal=\"Counter 1\" till=T1",
                      R"({"tag":"7","cmd":"pay","order":"A/1","amount":2147483647,"channel":"union","scan":"SCAN_PAY","camera":1,"timeout":60,"terminal":"Counter 1","till":"T1"})",
                      {.what = verb::pay, .tag = "7", .order = "A/1", .amount = minor(2147483647), .via = channel::union_qr,
                       .scan = scan_type::scan_pay, .camera_id = 1, .payment_timeout = 60s, .terminal = "Counter 1", .till = "T1"}},
    {"PayNoNumber",   "pay amount=1",
                      R"({"verb":"pay","amount":1})",
                      {.what = verb::pay, .amount = minor(1)}},
    {"PayNewSale",    "pay amount=1 new=yes",
                      R"({"verb":"pay","amount":1,"new":true})",
                      {.what = verb::pay, .amount = minor(1), .new_sale = true}},
    {"PayNotNew",     "pay amount=1 new=no order=1",
                      R"({"verb":"pay","amount":1,"new":false,"order":1})",
                      {.what = verb::pay, .order = "1", .amount = minor(1)}},
    {"AnyCase",       "PAY Order=aB AMOUNT=5 Channel=WX Scan=qrcode_pay NEW=No",
                      R"({"VERB":"Pay","Order":"aB","AMOUNT":5,"Channel":"WX","Scan":"qrcode_pay","NEW":"No"})",
                      {.what = verb::pay, .order = "aB", .amount = minor(5), .via = channel::wx, .scan = scan_type::qrcode_pay}},
    {"Mpm",           "pay amount=5 scan=MPM",
                      R"({"verb":"pay","amount":5,"scan":"mpm"})",
                      {.what = verb::pay, .amount = minor(5), .scan = scan_type::qrcode_pay}},
    {"Cpm",           "pay amount=5 scan=cpm camera=0",
                      R"({"verb":"pay","amount":5,"scan":"CPM","camera":"0"})",
                      {.what = verb::pay, .amount = minor(5), .scan = scan_type::scan_pay, .camera_id = 0}},
    {"Wechat",        "pay amount=5 channel=WeChat",
                      R"({"verb":"pay","amount":"5","channel":"wechat"})",
                      {.what = verb::pay, .amount = minor(5), .via = channel::wx}},
    {"Card",          "pay amount=5 channel=card",
                      R"({"verb":"pay","amount":"005","channel":"card_payment"})",
                      {.what = verb::pay, .amount = minor(5), .via = channel::card_payment}},
    {"UnionpayQr",    "pay amount=5 channel=unionpay_qr",
                      R"({"verb":"pay","amount":5,"channel":"union"})",
                      {.what = verb::pay, .amount = minor(5), .via = channel::union_qr}},
    {"EveryMark",     "pay amount=5 order=Az09-_.#/|*:",
                      R"({"verb":"pay","amount":5,"order":"Az09-_.#/|*:"})",
                      {.what = verb::pay, .order = "Az09-_.#/|*:", .amount = minor(5)}},
    {"LongestNumber", "pay amount=5 order=" + std::string(64, 'x'),
                      R"({"verb":"pay","amount":5,"order":")" + std::string(64, 'x') + R"("})",
                      {.what = verb::pay, .order = std::string(64, 'x'), .amount = minor(5)}},
    {"Refund",        "refund order=R77 of=A1001 amount=50",
                      R"({"verb":"refund","order":"R77","of":"A1001","amount":50})",
                      {.what = verb::refund, .order = "R77", .of = "A1001", .amount = minor(50)}},
    {"RefundBySyssn", "refund of=20240704000200020093755542 amount=50 terminal=235C",
                      R"({"verb":"refund","of":"20240704000200020093755542","amount":50,"terminal":"235C"})",
                      {.what = verb::refund, .of = "20240704000200020093755542", .amount = minor(50), .terminal = "235C"}},
    {"Cancel",        "cancel",
                      R"({"verb":"cancel"})",
                      {.what = verb::cancel}},
    {"CancelOne",     "cancel order=A1",
                      R"({"verb":"cancel","order":"A1"})",
                      {.what = verb::cancel, .order = "A1"}},
    {"Receipt",       "receipt of=A1",
                      R"({"verb":"receipt","of":"A1"})",
                      {.what = verb::receipt, .of = "A1"}},
    {"ReceiptText",   "receipt of=A1 columns=32",
                      R"({"verb":"receipt","of":"A1","columns":32})",
                      {.what = verb::receipt, .of = "A1", .limit = 32}},
    {"Summary",       "summary terminal=收银台",
                      R"({"verb":"summary","terminal":"\u6536\u94f6\u53f0"})",
                      {.what = verb::summary, .terminal = "收银台"}},
    {"QueryOf",       "query of=A1",
                      R"({"verb":"query","of":"A1"})",
                      {.what = verb::query, .of = "A1"}},
    {"QueryOrder",    "query order=A1",
                      R"({"verb":"query","order":"A1"})",
                      {.what = verb::query, .of = "A1"}},
    {"Status",        "status order=A1",
                      R"({"verb":"status","order":"A1"})",
                      {.what = verb::status, .order = "A1"}},
    {"Last",          "last",
                      R"({"verb":"last"})",
                      {.what = verb::last}},
    {"Orders",        "orders state=in_doubt attention=yes limit=50",
                      R"({"verb":"orders","state":"in_doubt","attention":true,"limit":50})",
                      {.what = verb::orders, .state = order_state::in_doubt, .attention = true, .limit = 50}},
    {"Show",          "show order=A1",
                      R"({"verb":"show","order":"A1"})",
                      {.what = verb::show, .order = "A1"}},
    {"Terminals",     "terminals",
                      R"({"verb":"terminals"})",
                      {.what = verb::terminals}},
    {"RefundAll",     "refund of=A1 all=yes",
                      R"({"verb":"refund","of":"A1","all":true})",
                      {.what = verb::refund, .of = "A1"}},
    {"RefundByHand",  "refund of=A1 amount=50 via=Direct wait=yes",
                      R"({"verb":"refund","of":"A1","amount":50,"via":"direct","wait":true})",
                      {.what = verb::refund, .of = "A1", .amount = minor(50), .route = order_route::direct, .when_possible = true}},
    {"RefundTerminal", "refund of=A1 amount=50 via=terminal wait=no",
                      R"({"verb":"refund","of":"A1","amount":50,"via":"terminal","wait":false})",
                      {.what = verb::refund, .of = "A1", .amount = minor(50), .route = order_route::terminal}},
    {"Scan",          "scan order=A1 amount=110 auth_code=134857903088557555",
                      R"({"verb":"scan","order":"A1","amount":110,"auth_code":134857903088557555})",
                      {.what = verb::scan, .order = "A1", .amount = minor(110), .auth_code = "134857903088557555"}},
    {"ScanWithAll",   "scan amount=110 auth_code=\"a b\" channel=alipay pay_type=800108 currency=hkd goods=\"茶 2\" timeout=60 new=yes tag=t till=T1",
                      R"({"verb":"scan","amount":110,"auth_code":"a b","channel":"alipay","pay_type":800108,"currency":"HKD","goods":"茶 2","timeout":60,"new":true,"tag":"t","till":"T1"})",
                      {.what = verb::scan, .tag = "t", .amount = minor(110), .via = channel::alipay, .payment_timeout = 60s, .till = "T1",
                       .new_sale = true, .auth_code = "a b", .pay_type = "800108", .currency = "HKD", .goods = "茶 2"}},
    {"Qr",            "qr amount=110",
                      R"({"verb":"qr","amount":110})",
                      {.what = verb::qr, .amount = minor(110)}},
    {"QrWithAll",     "qr order=A1 amount=110 channel=wx pay_type=800201 currency=USD goods=tea timeout=3600 draw=BLOCKS",
                      R"({"verb":"qr","order":"A1","amount":110,"channel":"wx","pay_type":"800201","currency":"usd","goods":"tea","timeout":3600,"draw":"blocks"})",
                      {.what = verb::qr, .order = "A1", .amount = minor(110), .via = channel::wx, .payment_timeout = 3600s,
                       .pay_type = "800201", .currency = "USD", .goods = "tea", .draw = drawing::blocks}},
    {"QrEscpos",      "qr amount=1 draw=escpos",
                      R"({"verb":"qr","amount":1,"draw":"escpos"})",
                      {.what = verb::qr, .amount = minor(1), .draw = drawing::escpos}},
    {"QrNotDrawn",    "qr amount=1 draw=none",
                      R"({"verb":"qr","amount":1,"draw":"none"})",
                      {.what = verb::qr, .amount = minor(1)}},
    {"Close",         "close of=A1",
                      R"({"verb":"close","of":"A1"})",
                      {.what = verb::close, .of = "A1"}},
    {"CloseOrder",    "close order=A1",
                      R"({"verb":"close","order":"A1"})",
                      {.what = verb::close, .of = "A1"}},
    {"Reverse",       "reverse of=A1",
                      R"({"verb":"reverse","of":"A1"})",
                      {.what = verb::reverse, .of = "A1"}},
    {"ReverseOrder",  "reverse order=A1",
                      R"({"verb":"reverse","order":"A1"})",
                      {.what = verb::reverse, .of = "A1"}},
    {"Reconcile",     "reconcile from=2026-11-21",
                      R"({"verb":"reconcile","from":"2026-11-21"})",
                      {.what = verb::reconcile, .from = "20261121"}},
    {"ReconcileDays", "reconcile from=20261101 to=2026-11-30 merchant=\"Shop 2\"",
                      R"({"verb":"reconcile","from":20261101,"to":"2026-11-30","merchant":"Shop 2"})",
                      {.what = verb::reconcile, .from = "20261101", .to = "20261130", .merchant = "Shop 2"}},
    {"Rebuild",       "rebuild from=2024-02-29 to=20240229",
                      R"({"verb":"rebuild","from":"20240229","to":"20240229"})",
                      {.what = verb::rebuild, .from = "20240229", .to = "20240229"}},
    {"Settlement",    "settlement from=20261121 merchant=a",
                      R"({"verb":"settlement","from":"20261121","merchant":"a"})",
                      {.what = verb::settlement, .from = "20261121", .merchant = "a"}},
    {"Resolve",       "resolve order=A1 text=\"seen in the portal\"",
                      R"({"verb":"resolve","order":"A1","text":"seen in the portal"})",
                      {.what = verb::resolve, .order = "A1", .text = "seen in the portal"}},
    {"ResolvePaid",   "resolve order=A1 paid=yes text=x",
                      R"({"verb":"resolve","order":"A1","paid":true,"text":"x"})",
                      {.what = verb::resolve, .order = "A1", .paid = true, .text = "x"}},
    {"ResolveNot",    "resolve order=A1 paid=no text=x",
                      R"({"verb":"resolve","order":"A1","paid":false,"text":"x"})",
                      {.what = verb::resolve, .order = "A1", .paid = false, .text = "x"}},
    {"Resolved",      "orders state=resolved",
                      R"({"verb":"orders","state":"resolved"})",
                      {.what = verb::orders, .state = order_state::resolved}},
    {"Blanks",        " \t ping \t tag=x  ",
                      " \t{ \"verb\" : \"ping\" ,\t\"tag\":\"x\" } ",
                      {.what = verb::ping, .tag = "x"}},
    {"Help",          "help",
                      R"({"verb":"help"})",
                      {.what = verb::help}},
    {"ByteOrderMark", "\xEF\xBB\xBFping",
                      "\xEF\xBB\xBF{\"verb\":\"ping\"}",
                      {.what = verb::ping}},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Lines, GoodLineTest, testing::ValuesIn(good_cases),
                         [](const auto& instance) { return instance.param.name; });

TEST(LineTest, EmptyLinesAreIgnored)
{
    till_end till;
    till.says("\n\r\n  \t \r\nping\r\n\n");
    EXPECT_EQ(till.out.commands.size(), 1U);
    EXPECT_EQ(till.hears(), "");
}

TEST(LineTest, SeveralLinesInOneReadAreSeveralCommands)
{
    till_end till;
    till.says("ping\nlast\n{\"verb\":\"help\"}\nstat");
    ASSERT_EQ(till.out.commands.size(), 3U);
    EXPECT_EQ(till.out.commands[1].what, verb::last);
    till.says("us order=A\n");
    ASSERT_EQ(till.out.commands.size(), 4U);
    EXPECT_EQ(till.out.commands[3].what, verb::status);
}

TEST(LineTest, EveryWireNameOfAChannelIsUnderstood)
{
    for (int i = 1; i <= channel_count; ++i) {
        const auto via = static_cast<channel>(i);
        till_end till;
        till.says("pay amount=1 channel=" + std::string{name_of(via)} + "\n");
        ASSERT_EQ(till.out.commands.size(), 1U) << name_of(via) << till.hears();
        EXPECT_EQ(till.out.commands[0].via, via);
    }
}

TEST(LineTest, EveryStateCanBeListed)
{
    for (std::size_t i = 1; i <= order_state_count; ++i) {
        const auto state = static_cast<order_state>(i);
        till_end till;
        till.says("orders state=" + std::string{name_of(state)} + "\n");
        ASSERT_EQ(till.out.commands.size(), 1U) << name_of(state) << till.hears();
        EXPECT_EQ(till.out.commands[0].state, state);
    }
}

}  // namespace
