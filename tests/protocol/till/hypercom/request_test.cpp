#include "protocol/till/hypercom/request.hpp"

#include "tests/protocol/till/hypercom/hypercom_till.hpp"

#include <gtest/gtest.h>

using namespace ecr;
using namespace ecr::protocol;
using namespace ecr::protocol::till;
using namespace ecr::protocol::till::hypercom;

namespace {

message asked(std::string_view code, std::vector<field> fields)
{
    return {.header = "600000000010",
            .code = std::string{code},
            .status = "00",
            .more = '0',
            .fields = std::move(fields)};
}

struct request_case {
    const char* name;
    message asks;
    settings how;
    command wanted;       // or
    const char* refused;  // status and text

    friend void PrintTo(const request_case& c, std::ostream* out) { *out << c.name; }
};

command pay(std::int64_t amount, std::optional<channel> via = {}, const char* order = "")
{
    return {.what = verb::pay, .order = order, .amount = *money::of(amount), .via = via};
}
command refund(const char* of, std::uint32_t invoice, std::optional<std::int64_t> amount,
               const char* order = "")
{
    command c{.what = verb::refund, .order = order, .of = of, .invoice = invoice};
    if (amount) c.amount = *money::of(*amount);
    return c;
}
command status(const char* order, std::uint32_t invoice)
{
    return {.what = verb::status, .order = order, .invoice = invoice};
}

const settings plain_how{};
const settings by_66{.order_number = reference_field::f66};
const settings by_r1{.order_number = reference_field::r1};
const settings by_r2{.order_number = reference_field::r2};
const settings refunds{.refund = refund_policy::by_reference};
const settings refunds_66{.order_number = reference_field::f66,
                          .refund = refund_policy::by_reference};
const settings one_wallet{.wallets = {{"QR", channel::payme}}};

const field amount{"40", "000000001000"};
const field invoice{"65", "000606"};

// clang-format off
const request_case request_cases[] = {
    {"Sale",              asked("20", {amount}),                              plain_how,  pay(1000), nullptr},
    {"SaleVariant",       asked("56", {amount}),                              plain_how,  pay(1000), nullptr},
    {"SaleOfTheMost",     asked("20", {{"40", "002147483647"}}),              plain_how,  pay(2147483647), nullptr},
    {"SaleOfTooMuch",     asked("20", {{"40", "002147483648"}}),              plain_how,  {}, "ED BAD AMOUNT"},
    {"SaleOfNothing",     asked("20", {{"40", "000000000000"}}),              plain_how,  {}, "ED BAD AMOUNT"},
    {"SaleWithoutAmount", asked("20", {}),                                    plain_how,  {}, "ED BAD AMOUNT"},
    {"SaleShortAmount",   asked("20", {{"40", "1000"}}),                      plain_how,  {}, "ED BAD AMOUNT"},
    {"SaleWithAPoint",    asked("20", {{"40", "00000010.00"}}),               plain_how,  {}, "ED BAD AMOUNT"},
    {"SaleWithASign",     asked("20", {{"40", "-00000001000"}}),              plain_how,  {}, "ED BAD AMOUNT"},
    {"SaleWithTip",       asked("20", {amount, {"41", "000000000100"}}),      plain_how,  {}, "EN NO TIP AND NO CASH BACK"},
    {"SaleWithCashBack",  asked("20", {amount, {"42", "000000005000"}}),      plain_how,  {}, "EN NO TIP AND NO CASH BACK"},
    {"SaleZeroTip",       asked("20", {amount, {"41", "000000000000"}}),      plain_how,  pay(1000), nullptr},
    {"NumberIgnored",     asked("20", {amount, {"66", "A1"}, {"R1", "x y"}}), plain_how,  pay(1000), nullptr},
    {"Number66",          asked("20", {amount, {"66", "A1                  "}}), by_66,    pay(1000, {}, "A1"), nullptr},
    {"NumberR1",          asked("20", {amount, {"R1", "  B-2"}}),             by_r1,      pay(1000, {}, "B-2"), nullptr},
    {"NumberR2",          asked("56", {amount, {"R1", "x"}, {"R2", "C"}}),    by_r2,      pay(1000, {}, "C"), nullptr},
    {"NumberBlank",       asked("20", {amount, {"66", "     "}}),             by_66,      pay(1000), nullptr},
    {"NumberAbsent",      asked("20", {amount}),                              by_66,      pay(1000), nullptr},
    {"NumberWithABlank",  asked("20", {amount, {"66", "A 1"}}),               by_66,      {}, "ED BAD ORDER NUMBER"},
    {"NumberTooLong",     asked("20", {amount, {"66", "123456789012345678901"}}), by_66,  {}, "ED BAD ORDER NUMBER"},
    {"WalletAlipay",      asked("70", {amount, {"A1", "01"}}),                plain_how,  pay(1000, channel::alipay), nullptr},
    {"WalletWeChat",      asked("70", {amount, {"A1", "02"}}),                plain_how,  pay(1000, channel::wx), nullptr},
    {"WalletUnion",       asked("70", {amount, {"A1", "03"}}),                plain_how,  pay(1000, channel::union_qr), nullptr},
    {"WalletFps",         asked("70", {amount, {"A1", "04"}}),                plain_how,  pay(1000, channel::fps), nullptr},
    {"WalletPayme",       asked("70", {amount, {"A1", "05"}}),                plain_how,  pay(1000, channel::payme), nullptr},
    {"WalletOctopus",     asked("70", {amount, {"A1", "06"}}),                plain_how,  pay(1000, channel::octopus), nullptr},
    {"WalletConfigured",  asked("70", {amount, {"A1", "QR"}}),                one_wallet, pay(1000, channel::payme), nullptr},
    {"WalletUnknown",     asked("70", {amount, {"A1", "01"}}),                one_wallet, {}, "NA WALLET TYPE NOT CONFIGURED"},
    {"WalletUntold",      asked("70", {amount}),                              plain_how,  {}, "NA WALLET TYPE NOT CONFIGURED"},
    {"Void",              asked("26", {invoice}),                             plain_how,  refund("", 606, {}), nullptr},
    {"VoidWithAmount",    asked("26", {invoice, amount}),                     plain_how,  refund("", 606, 1000), nullptr},
    {"VoidBadAmount",     asked("26", {invoice, {"40", "x"}}),                plain_how,  {}, "ED BAD AMOUNT"},
    {"VoidWithoutInvoice", asked("26", {amount}),                             plain_how,  {}, "ED BAD INVOICE NUMBER"},
    {"VoidOfZeros",       asked("26", {{"65", "000000"}}),                    plain_how,  {}, "ED BAD INVOICE NUMBER"},
    {"VoidOfLetters",     asked("26", {{"65", "00A606"}}),                    plain_how,  {}, "ED BAD INVOICE NUMBER"},
    {"VoidOfTooMany",     asked("26", {{"65", "0000606"}}),                   plain_how,  {}, "ED BAD INVOICE NUMBER"},
    {"RefundRefused",     asked("27", {amount, invoice}),                     plain_how,  {}, "NA REFUNDS ARE SWITCHED OFF"},
    {"RefundByInvoice",   asked("27", {amount, invoice, {"R1", "x"}}),        refunds,    refund("", 606, 1000), nullptr},
    {"RefundBy66",        asked("27", {amount, {"66", "A1"}}),                refunds,    refund("A1", 0, 1000), nullptr},
    {"RefundByR1",        asked("27", {amount, {"R1", "A1"}}),                refunds,    refund("A1", 0, 1000), nullptr},
    {"RefundByR2",        asked("27", {amount, {"66", " "}, {"R2", "A1"}}),   refunds,    refund("A1", 0, 1000), nullptr},
    {"RefundOwnNumber",   asked("27", {amount, {"66", "N1"}, {"R1", "A1"}}),  refunds_66, refund("A1", 0, 1000, "N1"), nullptr},
    {"RefundOnlyOwn",     asked("27", {amount, {"66", "N1"}}),                refunds_66, {}, "EN REFUND NEEDS AN INVOICE OR A REFERENCE"},
    {"RefundOfNothing",   asked("27", {amount}),                              refunds,    {}, "EN REFUND NEEDS AN INVOICE OR A REFERENCE"},
    {"RefundNoAmount",    asked("27", {invoice}),                             refunds,    {}, "ED BAD AMOUNT"},
    {"RefundBadInvoice",  asked("27", {amount, {"65", "x"}, {"R1", "A"}}),    refunds,    {}, "ED BAD INVOICE NUMBER"},
    {"RefundBadReference", asked("27", {amount, {"R1", "a b"}}),              refunds,    {}, "ED BAD REFERENCE"},
    {"Settlement",        asked("50", {}),                                    plain_how,  {.what = verb::summary}, nullptr},
    {"RetrieveLast",      asked("72", {}),                                    plain_how,  {.what = verb::last}, nullptr},
    {"RetrieveZeros",     asked("71", {{"65", "000000"}}),                    plain_how,  {.what = verb::last}, nullptr},
    {"RetrieveInvoice",   asked("71", {invoice}),                             plain_how,  status("", 606), nullptr},
    {"RetrieveNumber",    asked("73", {{"66", "A1"}}),                        by_66,      status("A1", 0), nullptr},
    {"RetrieveBoth",      asked("73", {{"66", "A1"}, invoice}),               by_66,      status("", 606), nullptr},
    {"RetrieveBad",       asked("71", {{"65", "6-6"}}),                       plain_how,  {}, "ED BAD INVOICE NUMBER"},
    {"TestD0",            asked("D0", {}),                                    plain_how,  {.what = verb::ping}, nullptr},
    {"PingFf",            asked("FF", {}),                                    plain_how,  {.what = verb::ping}, nullptr},
    {"OtherFunction",     asked("30", {amount}),                              plain_how,  {}, "NA THIS FUNCTION IS NOT AVAILABLE"},
};
// clang-format on

class RequestTest : public testing::TestWithParam<request_case> {};

TEST_P(RequestTest, MeansOneCommandOrIsRefused)
{
    const auto& c = GetParam();
    const auto got = read_request(c.asks, c.how);
    if (c.refused == nullptr) {
        ASSERT_TRUE(std::holds_alternative<command>(got)) << std::get<refusal>(got).text;
        EXPECT_EQ(std::get<command>(got), c.wanted);
        return;
    }
    ASSERT_TRUE(std::holds_alternative<refusal>(got));
    const auto& no = std::get<refusal>(got);
    EXPECT_EQ(std::string{no.status}.append(" ").append(no.text), c.refused);
    EXPECT_LE(no.text.size(), text_size);
}

INSTANTIATE_TEST_SUITE_P(Table, RequestTest, testing::ValuesIn(request_cases),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace
