#include "protocol/cloud/notification.hpp"

#include "protocol/cloud/signature.hpp"
#include "protocol/json.hpp"
#include "tests/protocol/cloud/data_file.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>

namespace ecr::protocol::cloud {
namespace {

using enum notify_rule;

struct vector {
    std::string id;
    std::string body;
    std::string key;
    std::string signature;

    friend void PrintTo(const vector& v, std::ostream* out) { *out << v.id; }
};

std::vector<vector> vectors()
{
    const auto all = parse_json(data_file("cloud_vectors.json")).value();
    std::vector<vector> found;
    for (const auto& each : all.at("body_signature"))
        found.push_back({each.at("id").get<std::string>(), each.at("body").get<std::string>(),
                         each.at("key").get<std::string>(),
                         each.at("md5_upper").get<std::string>()});
    return found;
}

vector vector_of(std::string_view prefix)
{
    const auto all = vectors();
    return *std::ranges::find_if(all, [&](const auto& v) { return v.id.starts_with(prefix); });
}

std::string in_lower_case(std::string text)
{
    for (char& c : text)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    return text;
}

// --- Signatures -------------------------------------------------------------------------------

class NotificationSignatureTest : public testing::TestWithParam<vector> {
protected:
    [[nodiscard]] notify_rule rule() const
    {
        return GetParam().id.starts_with("B20") ? sorted_fields_2016 : raw_body;
    }
};

TEST_P(NotificationSignatureTest, IsRightInEitherCase)
{
    const auto& v = GetParam();
    EXPECT_TRUE(verify_notification(v.body, v.signature, v.key, rule()));
    EXPECT_TRUE(verify_notification(v.body, in_lower_case(v.signature), v.key, rule()));
}

TEST_P(NotificationSignatureTest, IsWrongUnderTheOtherRule)
{
    const auto& v = GetParam();
    const auto other = rule() == raw_body ? sorted_fields_2016 : raw_body;
    EXPECT_FALSE(verify_notification(v.body, v.signature, v.key, other));
}

TEST_P(NotificationSignatureTest, IsOfThisKey)
{
    const auto& v = GetParam();
    EXPECT_FALSE(verify_notification(v.body, v.signature, v.key + "0", rule()));
    EXPECT_FALSE(verify_notification(v.body, v.signature, "", rule()));
    EXPECT_FALSE(verify_notification(v.body, "", v.key, rule()));
}

TEST_P(NotificationSignatureTest, IsOfEveryByte)
{
    const auto& v = GetParam();
    if (rule() != raw_body) return;  // blanks between the fields are not signed there
    for (std::size_t at = 0; at < v.body.size(); ++at) {
        auto changed = v.body;
        changed[at] = static_cast<char>(changed[at] ^ 1);
        ASSERT_FALSE(verify_notification(changed, v.signature, v.key, rule())) << at;
    }
}

INSTANTIATE_TEST_SUITE_P(Vectors, NotificationSignatureTest, testing::ValuesIn(vectors()),
                         [](const auto& instance) { return instance.param.id.substr(0, 3); });

TEST(NotificationTest, WithoutAKeyNothingVerifies)
{
    const std::string body = R"({"respcd": "0000"})";
    const auto anyone = body_signature(body, "", sign_algorithm::md5);
    EXPECT_FALSE(verify_notification(body, anyone, "", raw_body));
}

TEST(NotificationTest, TheRuleOf2016DoesNotDependOnTheOrder)
{
    const auto signature = body_signature("a=1&b=2&c=", "key", sign_algorithm::md5);
    EXPECT_TRUE(verify_notification(R"({"a": 1, "b": "2", "c": ""})", signature, "key",
                                    sorted_fields_2016));
    EXPECT_TRUE(
        verify_notification(R"({"c":null,"b":2,"a":"1"})", signature, "key", sorted_fields_2016));
    EXPECT_FALSE(
        verify_notification(R"({"a": 1, "b": "2"})", signature, "key", sorted_fields_2016));
}

TEST(NotificationTest, TheRuleOf2016NeedsFlatFields)
{
    for (const auto* body : {"", "[]", "{}", "null", R"({"a": {"b": 1}})", R"({"a": [1]})"}) {
        const auto signature = body_signature("", "key", sign_algorithm::md5);
        EXPECT_FALSE(verify_notification(body, signature, "key", sorted_fields_2016)) << body;
    }
}

// --- Fields -----------------------------------------------------------------------------------

TEST(NotificationTest, OfAPaymentHoldsItsFields)
{
    const auto hint = read_notification(vector_of("B10").body).value();
    EXPECT_EQ(hint.kind, notify_kind::payment);
    EXPECT_EQ(hint.notify_type, "payment");
    EXPECT_EQ(hint.status, "1");
    EXPECT_EQ(hint.pay_type, "802808");
    EXPECT_EQ(hint.sysdtm, "2024-07-04 15:15:02");
    EXPECT_EQ(hint.paydtm, "2024-07-04 15:15:05");
    EXPECT_EQ(hint.txdtm, "2024-07-04 15:14:58");
    EXPECT_EQ(hint.txcurrcd, "HKD");
    EXPECT_EQ(hint.mchid, "TestMchid1");
    EXPECT_EQ(hint.txamt, 511);
    EXPECT_EQ(hint.cancel, 0);
    EXPECT_EQ(hint.cash_fee, "0");
    EXPECT_EQ(hint.respcd, "0000");
    EXPECT_EQ(hint.chnlsn, "2024070400000001");
    const std::vector<match_id> ids{{match_by::out_trade_no, "BR-20240704-000001"},
                                    {match_by::syssn, "20240704180500020000018000"}};
    EXPECT_EQ(hint.match_order_ids(), ids);
}

TEST(NotificationTest, OfATerminalsRefundMatchesThePaymentFirst)
{
    const auto hint = read_notification(vector_of("B12").body).value();
    EXPECT_EQ(hint.kind, notify_kind::cancel);
    EXPECT_EQ(hint.txamt, 100);
    EXPECT_EQ(hint.pay_type, "");
    EXPECT_EQ(hint.cancel, std::nullopt);
    const std::vector<match_id> ids{{match_by::syssn, "20240704180500020000018000"},
                                    {match_by::out_trade_no, "BR-20240704-000001"},
                                    {match_by::out_trade_no, "0f1e2d3c4b5a69788796a5b4c3d2e1f0"},
                                    {match_by::syssn, "20240704180500020000018031"}};
    EXPECT_EQ(hint.match_order_ids(), ids);
}

TEST(NotificationTest, OfARefundHasItsOwnNumber)
{
    const auto hint = read_notification(vector_of("B13").body).value();
    EXPECT_EQ(hint.kind, notify_kind::refund);
    EXPECT_EQ(hint.out_trade_no, "BR-R-20240704-000001");
    EXPECT_EQ(hint.orig_syssn, "");
}

TEST(NotificationTest, TextsComeEscapedOrNot)
{
    EXPECT_EQ(read_notification(vector_of("B14").body).value().goods_name, "缶コーヒー");
    EXPECT_EQ(read_notification(vector_of("B15").body).value().goods_name, "缶コーヒー");
}

TEST(NotificationTest, OfASaleKeyedInAtTheTerminalMatchesBySyssn)
{
    const auto hint =
        read_notification(R"({"notify_type": "payment", "out_trade_no": "", "syssn": "S"})");
    EXPECT_EQ(hint.value().match_order_ids(), (std::vector<match_id>{{match_by::syssn, "S"}}));
}

TEST(NotificationTest, NamesNoIdTwice)
{
    const auto hint = read_notification(R"({"orig_syssn": "S", "syssn": "S", "out_trade_no": "A",
                                            "orig_out_trade_no": "A"})");
    const std::vector<match_id> ids{{match_by::syssn, "S"}, {match_by::out_trade_no, "A"}};
    EXPECT_EQ(hint.value().match_order_ids(), ids);
}

// A field of contract 7.1 or 7.2 by its name, and where it must arrive.
struct field_case {
    std::string name;
    std::string notification::*member;

    friend void PrintTo(const field_case& c, std::ostream* out) { *out << c.name; }
};

class NotificationFieldTest : public testing::TestWithParam<field_case> {};

TEST_P(NotificationFieldTest, IsReadAsTextOrNumber)
{
    const auto& [name, member] = GetParam();
    const auto read = [&](const std::string& value) {
        return read_notification("{\"" + name + "\": " + value + "}").value().*member;
    };
    EXPECT_EQ(read("\"2024\""), "2024");
    EXPECT_EQ(read("2024"), "2024");
    EXPECT_EQ(read("null"), "");
    EXPECT_EQ(read("[1]"), "");
}

// clang-format off
const field_case field_cases[] = {
    {"status", &notification::status},             {"notify_type", &notification::notify_type},
    {"pay_type", &notification::pay_type},         {"syssn", &notification::syssn},
    {"out_trade_no", &notification::out_trade_no}, {"txcurrcd", &notification::txcurrcd},
    {"txdtm", &notification::txdtm},               {"sysdtm", &notification::sysdtm},
    {"paydtm", &notification::paydtm},             {"respcd", &notification::respcd},
    {"mchid", &notification::mchid},               {"Mchid", &notification::mchid},
    {"goods_name", &notification::goods_name},     {"goods_info", &notification::goods_info},
    {"chnlsn", &notification::chnlsn},             {"chnlsn2", &notification::chnlsn2},
    {"cardcd", &notification::cardcd},             {"cash_fee", &notification::cash_fee},
    {"cash_fee_type", &notification::cash_fee_type},
    {"cash_refund_fee", &notification::cash_refund_fee},
    {"cash_refund_fee_type", &notification::cash_refund_fee_type},
    {"exchange_rate", &notification::exchange_rate},
    {"customer_source", &notification::customer_source},
    {"outcardnm", &notification::outcardnm},       {"orig_syssn", &notification::orig_syssn},
    {"orig_out_trade_no", &notification::orig_out_trade_no},
    {"udid", &notification::udid},                 {"respmsg", &notification::respmsg},
    {"respmesg", &notification::respmsg},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Contract, NotificationFieldTest, testing::ValuesIn(field_cases),
                         [](const auto& instance) {
                             auto name = instance.param.name;
                             std::erase(name, '_');
                             return name;
                         });

struct kind_case {
    std::string name;
    std::string body;
    notify_kind kind;

    friend void PrintTo(const kind_case& c, std::ostream* out) { *out << c.name; }
};

class NotifyKindTest : public testing::TestWithParam<kind_case> {};

TEST_P(NotifyKindTest, IsToldByTheType)
{
    EXPECT_EQ(read_notification(GetParam().body).value().kind, GetParam().kind);
}

// clang-format off
const kind_case kind_cases[] = {
    {"Payment",      R"({"notify_type": "payment"})",      notify_kind::payment},
    {"Refund",       R"({"notify_type": "refund"})",       notify_kind::refund},
    {"Cancel",       R"({"notify_type": "cancel"})",       notify_kind::cancel},
    {"Close",        R"({"notify_type": "close"})",        notify_kind::close},
    {"Unfreeze",     R"({"notify_type": "unfreeze"})",     notify_kind::other},
    {"Subscription", R"({"notify_type": "subscription_payment"})", notify_kind::other},
    {"OtherCase",    R"({"notify_type": "PAYMENT"})",      notify_kind::other},
    {"Of2016",       R"({"syssn": "S", "respcd": "0000", "respmesg": "ok"})", notify_kind::payment},
    {"NoType",       R"({"syssn": "S"})",                  notify_kind::other},
    {"Nothing",      "{}",                                 notify_kind::other},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Table, NotifyKindTest, testing::ValuesIn(kind_cases),
                         [](const auto& instance) { return instance.param.name; });

TEST(NotificationTest, AnythingElseIsBadJson)
{
    for (const auto* body : {"", "[]", "null", "SUCCESS", "{", "a=1&b=2", "\"x\""})
        EXPECT_EQ(read_notification(body).error(), errc::bad_json) << body;
}

// --- The browser that comes back --------------------------------------------------------------

TEST(ReturnRedirectTest, HoldsEveryParameter)
{
    const auto back = read_return_redirect(
        "?mchid=m&syssn=S1&pay_type=801101&out_trade_no=BR-1&txdtm=2024-07-04+15%3A14%3A25"
        "&txamt=511&udid=dev1&respcd=0000&respmesg=ok&extra=1");
    ASSERT_TRUE(back);
    EXPECT_EQ(back->mchid, "m");
    EXPECT_EQ(back->syssn, "S1");
    EXPECT_EQ(back->pay_type, "801101");
    EXPECT_EQ(back->out_trade_no, "BR-1");
    EXPECT_EQ(back->txdtm, "2024-07-04 15:14:25");
    EXPECT_EQ(back->txamt, "511");
    EXPECT_EQ(back->udid, "dev1");
    EXPECT_EQ(back->respcd, "0000");
    EXPECT_EQ(back->respmsg, "ok");
}

TEST(ReturnRedirectTest, TakesEitherSpelling)
{
    const auto back = read_return_redirect("Mchid=m&respmsg=a&respmesg=b").value();
    EXPECT_EQ(back.mchid, "m");
    EXPECT_EQ(back.respmsg, "a");
    EXPECT_EQ(back.out_trade_no, "");
}

TEST(ReturnRedirectTest, RefusesWhatIsNoForm)
{
    for (const auto* query : {"a=%zz", "=1", "respcd=0000&respcd=1142"})
        EXPECT_EQ(read_return_redirect(query).error(), errc::bad_form) << query;
}

}  // namespace
}  // namespace ecr::protocol::cloud
