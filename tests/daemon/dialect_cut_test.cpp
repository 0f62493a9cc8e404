// Every command of the legacy dialects over every real link, with its bytes cut anywhere.
//
// What asks the cloud or moves money is cut at some places only, unless ECR_CUT_EVERYWHERE is set:
// then each command is cut at each of its bytes.
#include "tests/daemon/shop/dialect_commands.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <tuple>

namespace ecr::test {
namespace {

using simulator::movements;

std::size_t step_of(std::size_t usual)
{
    return std::getenv("ECR_CUT_EVERYWHERE") != nullptr ? 1 : usual;
}

/// Sends what `next` makes, again and again, in two pieces: the first grows by `step` each time.
template <class Shop, class Till, class Next, class Expect>
void cut_anywhere(std::size_t step, Shop& s, Till& till, Next next, Expect expect_answer)
{
    for (std::size_t at = 1; !testing::Test::HasFatalFailure(); at += step) {
        const auto bytes = next();
        if (at >= bytes.size()) break;
        till.send(bytes.substr(0, at));
        s.world.settle();
        till.send(bytes.substr(at));
        expect_answer("cut at " + std::to_string(at));
    }
}

template <class Shop, class Till>
void send_byte_by_byte(Shop& s, Till& till, const std::string& bytes)
{
    for (const char byte : bytes) {
        till.send(std::string(1, byte));
        s.world.settle();
    }
}

using wire_and_command = std::tuple<wire_kind, std::string>;

std::string name_of_both(const testing::TestParamInfo<wire_and_command>& info)
{
    return name_of(std::get<0>(info.param)) + ("_" + std::get<1>(info.param));
}

// --- hypercom ----------------------------------------------------------------------------------

std::vector<std::string> hypercom_codes()
{
    std::vector<std::string> codes;
    for (const auto& command : every_hypercom_command())
        codes.push_back(command.code);
    return codes;
}

class CutHypercomTest : public testing::TestWithParam<wire_and_command> {
protected:
    [[nodiscard]] bool is_sale() const
    {
        const auto& code = command_.code;
        return code == "20" || code == "56" || code == "70";
    }
    [[nodiscard]] bool gives_back() const { return command_.code == "26" || command_.code == "27"; }
    [[nodiscard]] bool asks_of_a_sale() const
    {
        const auto& code = command_.code;
        return gives_back() || code == "71" || code == "72" || code == "73";
    }

    /// The command, about a sale of its own where it needs one.
    [[nodiscard]] std::string frame()
    {
        auto with = command_.with;
        if (asks_of_a_sale() && (invoice_.empty() || gives_back())) {
            const auto sold = s.sell(till, 100);
            EXPECT_EQ(sold.status, "00");
            invoice_ = sold.field("65");
            ++sales_;
            s.world.pass(6s);
        }
        for (auto& [type, data] : with)
            if (type == "65") data = invoice_;
        return hypercom_till::frame_of(command_.code, with);
    }

    void expect_answer(const std::string& where)
    {
        ASSERT_EQ(s.answer(till).status, command_.status) << where;
        if (is_sale()) ++sales_;
        if (gives_back()) ++refunds_;
        s.world.pass(6s);  // the same frame is another command by then
    }

    void expect_truth()
    {
        EXPECT_EQ(s.world.truth().charged_in_all().count, sales_);
        int refunds = 0;
        for (const auto& moved : s.world.truth().movements_of_money())
            if (moved.refund) ++refunds;
        EXPECT_EQ(refunds, refunds_);
        EXPECT_EQ(till.naks(), 0);
        EXPECT_EQ(till.broken(), 0);
    }

    hypercom_shop s{std::get<0>(GetParam()), refunds_by_reference};
    hypercom_till till{s.till()};

private:
    static hypercom_command found(const std::string& code)
    {
        for (auto& command : every_hypercom_command())
            if (command.code == code) return command;
        return {};
    }

    hypercom_command command_{found(std::get<1>(GetParam()))};
    std::string invoice_;
    int sales_ = 0;
    int refunds_ = 0;
};

TEST_P(CutHypercomTest, ByteByByte)
{
    send_byte_by_byte(s, till, frame());
    expect_answer("byte by byte");
    expect_truth();
}

TEST_P(CutHypercomTest, Anywhere)
{
    const bool by_cloud = is_sale() || gives_back();
    const auto step = step_of(by_cloud || s.kind() == wire_kind::pty ? 10 : 1);
    cut_anywhere(
        step, s, till, [this] { return frame(); },
        [this](const std::string& where) { expect_answer(where); });
    expect_truth();
}

INSTANTIATE_TEST_SUITE_P(Wires, CutHypercomTest,
                         testing::Combine(testing::Values(wire_kind::tcp, wire_kind::tls,
                                                          wire_kind::pty),
                                          testing::ValuesIn(hypercom_codes())),
                         name_of_both);

// --- qfpay-local -------------------------------------------------------------------------------

using content = qfpay_local_till::content;

class CutQfpayTest : public testing::TestWithParam<wire_and_command> {
protected:
    [[nodiscard]] const std::string& function() const { return std::get<1>(GetParam()); }
    [[nodiscard]] bool is_payment() const { return function() == "1001"; }
    [[nodiscard]] bool gives_back() const { return function() == "1002"; }

    /// The request, about a payment of its own: a new one, or one that has been made for it.
    [[nodiscard]] std::string request()
    {
        if (is_payment() || gives_back() || number_.empty()) {
            number_ = "A" + std::to_string(paid_ + 1);
            if (!is_payment()) {
                EXPECT_EQ(s.pay(till, "5", number_).respcd, "6000");
                ++paid_;
            }
        }
        content what{{"func_type", "5001"}};  // with nothing to cancel
        for (const auto& one : every_qfpay_request())
            if (one.at("func_type") == function()) what = one;
        for (auto& [name, value] : what)
            if (name == "out_trade_no" || name == "orderId") value = '"' + number_ + '"';
        return till.bytes_of(what);
    }

    void expect_answer(const std::string& where)
    {
        const auto got = s.answer(till);
        ASSERT_EQ(got.respcd, function() == "5001" ? "4005" : "6000") << where << got.respmsg;
        if (is_payment()) ++paid_;
        if (gives_back()) {
            EXPECT_EQ(s.world.truth().refunded(number_), (movements{1, 200})) << where;
        }
    }

    void expect_truth()
    {
        EXPECT_EQ(s.world.truth().charged_in_all(), (movements{paid_, paid_ * 500LL}));
    }

    qfpay_shop s{std::get<0>(GetParam())};
    qfpay_local_till till{s.till()};

private:
    std::string number_;
    int paid_ = 0;
};

TEST_P(CutQfpayTest, ByteByByte)
{
    send_byte_by_byte(s, till, request());
    expect_answer("byte by byte");
    expect_truth();
}

TEST_P(CutQfpayTest, Anywhere)
{
    // A port's bytes are carried in real time, which on a busy machine is more than passes here.
    const bool by_journal = function() == "5001";
    const auto step = step_of(!by_journal ? 67 : s.kind() == wire_kind::pty ? 40 : 1);
    cut_anywhere(
        step, s, till, [this] { return request(); },
        [this](const std::string& where) { expect_answer(where); });
    expect_truth();
}

INSTANTIATE_TEST_SUITE_P(
    Wires, CutQfpayTest,
    testing::Combine(testing::Values(wire_kind::http, wire_kind::https, wire_kind::tcp,
                                     wire_kind::tls, wire_kind::pty),
                     testing::Values("1001", "1002", "3001", "3002", "4001", "5001")),
    name_of_both);

}  // namespace
}  // namespace ecr::test
