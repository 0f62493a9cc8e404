#include "protocol/json.hpp"
#include "tests/protocol/till/line/till.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>

using namespace ecr;
using namespace ecr::protocol;
using namespace ecr::protocol::till;
using namespace ecr::protocol::till::line;

namespace {

struct reply_case {
    std::string name;
    reply what;
    std::string text;
    std::string json;

    friend void PrintTo(const reply_case& c, std::ostream* out) { *out << c.name; }
};

class WrittenReplyTest : public testing::TestWithParam<reply_case> {};

// A command decides how its replies are written; its tag is how they know.
std::string tag_of(till_end& till, std::string_view command_line)
{
    till.says(command_line);
    EXPECT_EQ(till.out.commands.size(), 1U);
    return till.out.commands.empty() ? "" : till.out.commands[0].tag;
}

reply with_tag(reply what, const std::string& tag)
{
    std::visit([&](auto& r) { r.tag = tag; }, what);
    return what;
}

TEST_P(WrittenReplyTest, HasThisFormAsText)
{
    till_end till;
    till.is_told(1, with_tag(GetParam().what, tag_of(till, "ping\n")));
    EXPECT_EQ(till.hears(), GetParam().text + "\n");
}

TEST_P(WrittenReplyTest, HasThisFormAsJson)
{
    till_end till;
    till.is_told(1, with_tag(GetParam().what, tag_of(till, "{\"verb\":\"ping\"}\n")));
    const auto line = till.hears();
    EXPECT_EQ(line, GetParam().json + "\n");
    EXPECT_TRUE(parse_json(line));
}

TEST_P(WrittenReplyTest, GivesTheTagBackRightAfterTheWord)
{
    till_end text;
    text.is_told(1, with_tag(GetParam().what, tag_of(text, "ping tag=T:7\n")));
    auto expected = GetParam().text;
    expected.insert(expected.find(' '), " tag=T:7");
    EXPECT_EQ(text.hears(), expected + "\n");

    till_end json;
    json.is_told(1, with_tag(GetParam().what, tag_of(json, R"({"verb":"ping","tag":7})"
                                                           "\n")));
    expected = GetParam().json;
    expected.insert(expected.find(','), R"(,"tag":"7")");
    EXPECT_EQ(json.hears(), expected + "\n");
}

TEST_P(WrittenReplyTest, HasTheSameFormInAFrame)
{
    till_end till{{.frames = framing::stx}};
    till.is_told(1, GetParam().what);
    const auto frame = till.hears();
    ASSERT_GE(frame.size(), 3U);
    EXPECT_EQ(frame.front(), '\x02');
    EXPECT_EQ(frame.substr(1, frame.size() - 3), GetParam().text);
    EXPECT_EQ(frame[frame.size() - 2], '\x03');
    char lrc = 0;
    for (const char b : frame.substr(1, frame.size() - 2))
        lrc = static_cast<char>(lrc ^ b);
    EXPECT_EQ(frame.back(), lrc);
}

outcome paid_outcome()
{
    outcome o;
    o.text = "Paid";
    o.order.out_trade_no = o.order.till_order = o.order_number = "A1001";
    o.order.amount_minor_units = 110;
    o.order.via = channel::wx;
    o.order.state = order_state::paid;
    o.order.facts.syssn = "20240704000200020093755542";
    return o;
}

outcome everything()
{
    auto o = paid_outcome();
    o.order.out_trade_no = "T1-20240704-A1001";
    o.order.terminal = "235C0503";
    o.order.via = channel::card_payment;
    o.order.facts.respcd = "0000";
    o.order.facts.card = "411111******1111";
    o.order.refundable_now = 0;
    o.earlier = true;
    o.late = true;
    return o;
}

outcome refund_outcome(order_state state, result_code code)
{
    outcome o;
    o.code = code;
    o.safe_to_retry = state == order_state::declined;
    o.order.kind = order_kind::refund;
    o.order.of = "A1001";
    o.order.out_trade_no = o.order_number = "R77";
    o.order.amount_minor_units = 50;
    o.order.state = state;
    return o;
}

outcome direct_outcome()
{
    auto o = paid_outcome();
    o.order.route = order_route::direct;
    o.order.pay_type = "800208";
    o.order.via = channel::card_payment;  // says nothing: the pay type does
    o.order.terminal = "till's";
    o.order.merchant = "shop";
    o.order.needs = attention::paid_twice | attention::returned;
    return o;
}

outcome direct_refund()
{
    auto o = refund_outcome(order_state::paid, result_code::done);
    o.order.route = order_route::direct;
    return o;
}

outcome resolved_outcome()
{
    auto o = paid_outcome();
    o.order.state = order_state::resolved;
    o.order.facts = {};
    o.code = result_code::resolved;
    o.safe_to_retry = true;
    o.text = "Not paid: asked the customer";
    return o;
}

code_to_show code_of(std::string text, std::optional<timestamp> until)
{
    code_to_show c;
    c.order = "A1001";
    c.text = std::move(text);
    c.until = until;
    return c;
}

row order_row()
{
    row r;
    r.name = "order";
    r.fields = {{"order", "A1"},
                {"amount", std::int64_t{110}},
                {"delivered", false},
                {"why", ""},
                {"text", "ok"}};
    return r;
}

accepted accepted_of(std::string order, std::string out_trade_no, bool earlier)
{
    accepted a;
    a.order = std::move(order);
    a.out_trade_no = std::move(out_trade_no);
    a.earlier = earlier;
    return a;
}

progress progress_of(stage where, std::optional<int> ahead, std::string text)
{
    progress p;
    p.order = "A1001";
    p.where = where;
    p.ahead = ahead;
    p.text = std::move(text);
    return p;
}

done done_of(std::string what, std::string text)
{
    done d;
    d.what = std::move(what);
    d.text = std::move(text);
    return d;
}

problem problem_of(std::string order, result_code code, bool safe, std::string text)
{
    problem p;
    p.order = std::move(order);
    p.code = code;
    p.safe_to_retry = safe;
    p.text = std::move(text);
    return p;
}

done hello_done()
{
    auto d = done_of("hello", "Hello");
    d.fields = {{"till", "T1"}};
    return d;
}

// clang-format off
const reply_case reply_cases[] = {
    {"Accepted", accepted_of("A1001", "A1001", false),
     R"(accepted order=A1001)",
     R"({"reply":"accepted","order":"A1001"})"},
    {"AcceptedEarlier", accepted_of("A1001", "T1-A1001", true),
     R"(accepted order=A1001 out_trade_no=T1-A1001 earlier=yes)",
     R"({"reply":"accepted","order":"A1001","out_trade_no":"T1-A1001","earlier":true})"},
    {"Progress", progress_of(stage::on_terminal, {}, "Waiting for the customer"),
     R"(progress order=A1001 stage=on_terminal text="Waiting for the customer")",
     R"({"reply":"progress","order":"A1001","stage":"on_terminal","text":"Waiting for the customer"})"},
    {"Queued", progress_of(stage::queued, 2, "Wait"),
     R"(progress order=A1001 stage=queued ahead=2 text="Wait")",
     R"({"reply":"progress","order":"A1001","stage":"queued","ahead":2,"text":"Wait"})"},
    {"Paid", paid_outcome(),
     R"(result order=A1001 state=paid code=00 amount=110 currency=HKD channel=wx syssn=20240704000200020093755542 safe_to_retry=no text="Paid")",
     R"({"reply":"result","order":"A1001","state":"paid","code":"00","amount":110,"currency":"HKD","channel":"wx","syssn":"20240704000200020093755542","safe_to_retry":false,"text":"Paid"})"},
    {"Everything", everything(),
     R"(result order=A1001 state=paid code=00 amount=110 currency=HKD channel=card_payment terminal=235C0503 syssn=20240704000200020093755542 out_trade_no=T1-20240704-A1001 respcd=0000 card=411111******1111 refundable=0 earlier=yes late=yes safe_to_retry=no text="Paid")",
     R"({"reply":"result","order":"A1001","state":"paid","code":"00","amount":110,"currency":"HKD","channel":"card_payment","terminal":"235C0503","syssn":"20240704000200020093755542","out_trade_no":"T1-20240704-A1001","respcd":"0000","card":"411111******1111","refundable":0,"earlier":true,"late":true,"safe_to_retry":false,"text":"Paid"})"},
    {"Refunded", refund_outcome(order_state::paid, result_code::done),
     R"(result order=R77 state=refunded code=00 amount=50 currency=HKD kind=refund of=A1001 safe_to_retry=no)",
     R"({"reply":"result","order":"R77","state":"refunded","code":"00","amount":50,"currency":"HKD","kind":"refund","of":"A1001","safe_to_retry":false})"},
    {"RefundDeclined", refund_outcome(order_state::declined, result_code::declined),
     R"(result order=R77 state=declined code=10 amount=50 currency=HKD kind=refund of=A1001 safe_to_retry=yes)",
     R"({"reply":"result","order":"R77","state":"declined","code":"10","amount":50,"currency":"HKD","kind":"refund","of":"A1001","safe_to_retry":true})"},
    {"RefundInDoubt", refund_outcome(order_state::in_doubt, result_code::in_doubt),
     R"(result order=R77 state=in_doubt code=20 amount=50 currency=HKD kind=refund of=A1001 safe_to_retry=no)",
     R"({"reply":"result","order":"R77","state":"in_doubt","code":"20","amount":50,"currency":"HKD","kind":"refund","of":"A1001","safe_to_retry":false})"},
    {"PaidDirectly", direct_outcome(),
     R"(result order=A1001 state=paid code=00 amount=110 currency=HKD channel=wx pay_type=800208 via=direct merchant=shop syssn=20240704000200020093755542 paid_twice=yes returned=yes safe_to_retry=no text="Paid")",
     R"({"reply":"result","order":"A1001","state":"paid","code":"00","amount":110,"currency":"HKD","channel":"wx","pay_type":"800208","via":"direct","merchant":"shop","syssn":"20240704000200020093755542","paid_twice":true,"returned":true,"safe_to_retry":false,"text":"Paid"})"},
    {"RefundedDirectly", direct_refund(),
     R"(result order=R77 state=refunded code=00 amount=50 currency=HKD kind=refund of=A1001 via=direct safe_to_retry=no)",
     R"({"reply":"result","order":"R77","state":"refunded","code":"00","amount":50,"currency":"HKD","kind":"refund","of":"A1001","via":"direct","safe_to_retry":false})"},
    {"Resolved", resolved_outcome(),
     R"(result order=A1001 state=resolved code=23 amount=110 currency=HKD channel=wx safe_to_retry=yes text="Not paid: asked the customer")",
     R"({"reply":"result","order":"A1001","state":"resolved","code":"23","amount":110,"currency":"HKD","channel":"wx","safe_to_retry":true,"text":"Not paid: asked the customer"})"},
    {"Code", code_of("https://qr.alipay.com/bax?a=1&b", timestamp{std::chrono::milliseconds{1'700'000'000'123}}),
     R"(code order=A1001 text="https://qr.alipay.com/bax?a=1&b" until=2023-11-14T22:13:20.123Z)",
     R"({"reply":"code","order":"A1001","text":"https://qr.alipay.com/bax?a=1&b","until":"2023-11-14T22:13:20.123Z"})"},
    {"CodeForEver", code_of("weixin://wxpay/bizpayurl?pr=1", {}),
     R"(code order=A1001 text="weixin://wxpay/bizpayurl?pr=1")",
     R"({"reply":"code","order":"A1001","text":"weixin://wxpay/bizpayurl?pr=1"})"},
    {"Row", order_row(),
     R"(row kind=order order=A1 amount=110 delivered=no why="" text="ok")",
     R"({"reply":"row","kind":"order","order":"A1","amount":110,"delivered":false,"why":"","text":"ok"})"},
    {"Pong", done_of("ping", "pong"),
     R"(ok what=ping code=00 safe_to_retry=yes text="pong")",
     R"({"reply":"ok","what":"ping","code":"00","safe_to_retry":true,"text":"pong"})"},
    {"Hello", hello_done(),
     R"(ok what=hello code=00 till=T1 safe_to_retry=yes text="Hello")",
     R"({"reply":"ok","what":"hello","code":"00","till":"T1","safe_to_retry":true,"text":"Hello"})"},
    {"Problem", problem_of("A1", result_code::number_in_use, true, "Another sale has this number"),
     R"(error order=A1 code=32 safe_to_retry=yes text="Another sale has this number")",
     R"({"reply":"error","order":"A1","code":"32","safe_to_retry":true,"text":"Another sale has this number"})"},
    {"ProblemWithoutOrder", problem_of("", result_code::stopping, false, "Stopping"),
     R"(error code=51 safe_to_retry=no text="Stopping")",
     R"({"reply":"error","code":"51","safe_to_retry":false,"text":"Stopping"})"},
    {"Quotes", problem_of("", result_code::internal, false, R"(say "no" \ now)"),
     R"(error code=59 safe_to_retry=no text="say \"no\" \\ now")",
     R"({"reply":"error","code":"59","safe_to_retry":false,"text":"say \"no\" \\ now"})"},
    {"Chinese", problem_of("", result_code::busy, true, "请稍候"),
     R"(error code=33 safe_to_retry=yes text="请稍候")",
     R"({"reply":"error","code":"33","safe_to_retry":true,"text":"请稍候"})"},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Replies, WrittenReplyTest, testing::ValuesIn(reply_cases),
                         [](const auto& instance) { return instance.param.name; });

TEST(ReplyTest, EveryCodeHasTwoDigits)
{
    const std::pair<result_code, std::string> codes[] = {
        {result_code::done, "00"},          {result_code::pending, "01"},
        {result_code::declined, "10"},      {result_code::in_doubt, "20"},
        {result_code::bad_command, "30"},   {result_code::too_long, "37"},
        {result_code::journal_failed, "50"}};
    for (const auto& [code, digits] : codes) {
        till_end till;
        auto o = paid_outcome();
        o.code = code;
        till.is_told(1, o);
        EXPECT_THAT(till.hears(), testing::HasSubstr(" code=" + digits + " "));
    }
}

TEST(ReplyTest, LinesEndAsTheTillsDo)
{
    till_end till;
    till.is_told(1, done_of("ping", "pong"));
    EXPECT_TRUE(till.hears().ends_with("\r\n")) << "before the till has said anything";
    till.says("ping\n");
    till.is_told(2, done_of("ping", "pong"));
    EXPECT_FALSE(till.hears().ends_with("\r\n"));
    till.says("ping\r\n");
    till.is_told(3, done_of("ping", "pong"));
    EXPECT_TRUE(till.hears().ends_with("\"pong\"\r\n"));
}

TEST(ReplyTest, NumbersTheTillDidNotGiveAreFoundInTheOrder)
{
    till_end till;
    auto o = paid_outcome();
    o.order_number.clear();
    till.is_told(1, o);
    EXPECT_THAT(till.hears(), testing::StartsWith("result order=A1001 "));
    o.order.till_order.clear();
    o.order.out_trade_no = "B5";
    till.is_told(2, o);
    EXPECT_THAT(till.hears(), testing::StartsWith("result order=B5 "));
}

TEST(ReplyTest, AFullCardNumberNeverLeaves)
{
    till_end till;
    auto o = paid_outcome();
    o.order.facts.card = "4111 1111 1111 1234";
    till.is_told(1, o);
    EXPECT_THAT(till.hears(), testing::HasSubstr("card=\"**** **** **** 1234\""));
}

TEST(ReplyTest, PassingRepliesCanBeSwitchedOff)
{
    for (const std::string ask : {"ping\n", "{\"verb\":\"ping\"}\n"}) {
        till_end till{{.progress = false}};
        const auto tag = tag_of(till, ask);
        till.is_told(1, with_tag(accepted_of("A1", "A1", false), tag));
        till.is_told(2, with_tag(progress_of(stage::sending, {}, "x"), tag));
        EXPECT_EQ(till.hears(), "");
        till.is_told(4, with_tag(code_of("c", {}), tag));
        EXPECT_NE(till.hears(), "") << "without its code nobody can pay";
        till.is_told(3, with_tag(paid_outcome(), tag));
        EXPECT_NE(till.hears(), "");
    }
}

TEST(ReplyTest, APayTypeOfNoChannelNamesNone)
{
    till_end till;
    auto o = direct_outcome();
    o.order.pay_type = "800008";
    till.is_told(1, o);
    EXPECT_THAT(till.hears(), testing::HasSubstr(" currency=HKD pay_type=800008 via=direct "));
}

TEST(ReplyTest, PlainLinksGiveNoReceipts)
{
    till_end till;
    EXPECT_FALSE(till.bridge->confirms_delivery());
    EXPECT_EQ(till.bridge->timer(), std::nullopt);
    till.is_told(1, paid_outcome());
    till.bridge->elapsed(till.out);
    EXPECT_TRUE(till.out.receipts.empty());
}

TEST(ReplyTest, MixedFormsAreAnsweredEachInItsOwn)
{
    till_end till;
    till.says("{\"verb\":\"pay\",\"amount\":1}\nstatus order=A1\n");
    ASSERT_EQ(till.out.commands.size(), 2U);
    till.is_told(1, with_tag(paid_outcome(), till.out.commands[1].tag));
    EXPECT_THAT(till.hears(), testing::StartsWith("result "));
    till.is_told(2, with_tag(paid_outcome(), till.out.commands[0].tag));
    EXPECT_THAT(till.hears(), testing::StartsWith("{\"reply\":\"result\""));
}

TEST(ReplyTest, AnUnaskedReplyTakesTheOnlyFormTheTillHasUsed)
{
    till_end json;
    json.says("{\"verb\":\"ping\"}\n");
    json.is_told(1, paid_outcome());
    EXPECT_THAT(json.hears(), testing::StartsWith("{"));
    json.says("ping\n");
    json.is_told(1, paid_outcome());
    EXPECT_THAT(json.hears(), testing::StartsWith("result"));
}

// Whatever a text holds, a reply is one line, and what it says is not part of the grammar.
TEST(ReplyTest, NoTextCanInjectALine)
{
    const std::string evil = "x\r\nresult order=A1 state=paid code=00\n\x02\x03\x06\x15\x1B\x7F" +
                             std::string(1, '\0') + "\xC2\x85\xE2\x80\xA8\xE2\x80\xA9\xFF\xC0 \"";
    auto o = everything();
    o.text = o.order_number = o.order.out_trade_no = o.order.terminal = o.order.currency = evil;
    o.order.facts.syssn = o.order.facts.respcd = o.order.facts.card = evil;
    auto refund = refund_outcome(order_state::paid, result_code::done);
    refund.order.of = evil;
    auto r = order_row();
    r.name = evil;
    r.fields.emplace_back(evil, evil);
    auto d = done_of(evil, evil);
    d.fields.emplace_back(evil, evil);
    auto p = progress_of(stage::queued, {}, evil);
    p.order = evil;
    auto drawn = code_of(evil, {});
    drawn.order = evil;

    for (const reply& what : {reply{o}, reply{refund}, reply{r}, reply{d}, reply{p}, reply{drawn},
                              reply{accepted_of(evil, evil, false)},
                              reply{problem_of(evil, result_code::busy, true, evil)}}) {
        for (const auto& tag : {std::string{}, std::string{"{"}, evil, "{" + evil}) {
            till_end till;
            till.says("ping\n");
            till.is_told(1, with_tag(what, tag));
            auto line = till.hears();
            ASSERT_TRUE(line.ends_with('\n'));
            line.pop_back();
            EXPECT_TRUE(
                std::ranges::none_of(line, [](unsigned char c) { return c < 0x20 || c == 0x7F; }));
            EXPECT_EQ(line.find("\xC2\x85"), std::string::npos);
            EXPECT_EQ(line.find("\xE2\x80\xA8"), std::string::npos);
            EXPECT_EQ(line.find('\xFF'), std::string::npos);
            EXPECT_EQ(parse_json(line).has_value(), tag.starts_with('{')) << line;
        }
    }
}

TEST(ReplyTest, LongTextsAreCut)
{
    till_end till;
    till.is_told(1, problem_of("", result_code::busy, true, std::string(5000, 'x')));
    EXPECT_LT(till.hears().size(), value_size_max + 100);
}

}  // namespace
