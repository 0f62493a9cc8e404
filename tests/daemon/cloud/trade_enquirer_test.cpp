#include "daemon/cloud/trade_enquirer.hpp"

#include "protocol/json.hpp"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ecr::daemon {
namespace {

using namespace std::chrono_literals;
using protocol::cloud_reply;
using protocol::transport;

constexpr timestamp start{1'720'000'000'000ms};

std::string value_of(const protocol::cloud::form& form, std::string_view name)
{
    for (const auto& [key, value] : form)
        if (key == name) return value;
    return {};
}

cloud_reply page_of(std::size_t rows, int from)
{
    json body{{"respcd", "0000"}, {"data", json::array()}};
    for (std::size_t i = 0; i < rows; ++i)
        body["data"].push_back({{"syssn", std::to_string(from + static_cast<int>(i))}});
    return {.how = transport::answered, .http_status = 200, .body = to_text(body)};
}

class TradeEnquirerTest : public testing::Test {
protected:
    TradeEnquirerTest()
    {
        trade_calls calls;
        calls.turn = [this](importance who) { return governor_.turn(who); };
        calls.give_back = [this](importance who) { governor_.give_back(who); };
        calls.send = [this](protocol::cloud::form form,
                            importance who) -> asio::awaitable<cloud_reply> {
            sent_.push_back(form);
            urgency_.push_back(who);
            co_return answer_(form);
        };
        enquirer_.emplace(io_.get_executor(), std::move(calls));
    }

    asio::awaitable<void> asked(std::string number, importance who, std::string month)
    {
        auto from = "2024-" + month + "-01 00:00:00";
        auto until = "2024-" + month + "-28 00:00:00";
        auto reply =
            co_await enquirer_->ask(std::move(number), std::move(from), std::move(until), who);
        replies_.push_back(std::move(reply));
    }

    void ask(std::string number, importance who = importance::watch, std::string month = "07")
    {
        asio::co_spawn(io_, asked(std::move(number), who, std::move(month)),
                       [](std::exception_ptr failed) {
                           if (failed) std::rethrow_exception(failed);
                       });
    }

    void run_for(milliseconds duration)
    {
        const auto limit = time_.now() + duration;
        do {
            io_.restart();
            io_.poll();
        } while (time_.advance_to_next(limit));
    }

    virtual_clock time_{start};  // before the context: its handlers hold alarms
    asio::io_context io_;
    request_governor governor_{io_.get_executor(), time_, 60, 1};
    std::function<cloud_reply(const protocol::cloud::form&)> answer_ =
        [](const protocol::cloud::form&) { return page_of(1, 7); };
    std::vector<protocol::cloud::form> sent_;
    std::vector<importance> urgency_;
    std::vector<cloud_reply> replies_;
    std::optional<trade_enquirer> enquirer_;
};

TEST_F(TradeEnquirerTest, QuestionsThatWaitTogetherShareACall)
{
    ask("A");  // goes at once
    run_for(1ms);
    for (const auto* number : {"B", "C", "B"})
        ask(number);
    ask("D", importance::watch, "06");  // another window
    run_for(1min);
    ASSERT_EQ(sent_.size(), 3U);
    EXPECT_EQ(value_of(sent_[0], "out_trade_no"), "A");
    EXPECT_EQ(value_of(sent_[1], "out_trade_no"), "B,C");
    EXPECT_EQ(value_of(sent_[2], "out_trade_no"), "D");
    EXPECT_EQ(value_of(sent_[1], "start_time"), "2024-07-01 00:00:00");
    EXPECT_EQ(value_of(sent_[1], "end_time"), "2024-07-28 00:00:00");
    EXPECT_EQ(value_of(sent_[1], "page_size"), "100");
    ASSERT_EQ(replies_.size(), 5U);
    for (const auto& reply : replies_)
        EXPECT_EQ(reply.body, page_of(1, 7).body);
}

TEST_F(TradeEnquirerTest, TheMostUrgentMemberCarriesTheOthers)
{
    ask("A");
    run_for(1ms);
    for (const auto* number : {"B", "C"})
        ask(number);
    ask("D", importance::waiting);
    run_for(20s);
    ASSERT_EQ(sent_.size(), 2U) << "the turn that was left over is given back";
    EXPECT_EQ(value_of(sent_[1], "out_trade_no"), "D,B,C");
    EXPECT_EQ(urgency_[1], importance::waiting);
    EXPECT_EQ(governor_.room().used_last_minute, 2);
}

TEST_F(TradeEnquirerTest, ACallHoldsFortyNumbers)
{
    for (int i = 0; i < 101; ++i)
        ask("N" + std::to_string(i));
    run_for(2min);
    EXPECT_EQ(replies_.size(), 101U);
    ASSERT_LE(sent_.size(), 4U);
    for (const auto& form : sent_)
        EXPECT_LE(std::ranges::count(value_of(form, "out_trade_no"), ','), 39);
}

TEST_F(TradeEnquirerTest, AListOfSeveralPagesComesWhole)
{
    answer_ = [](const auto& form) {
        const auto page = std::stoi(value_of(form, "page"));
        return page_of(page < 3 ? 100 : 5, page * 1000);
    };
    ask("A");
    run_for(1min);
    ASSERT_EQ(replies_.size(), 1U);
    const auto body = parse_json(replies_[0].body);
    ASSERT_TRUE(body.has_value());
    ASSERT_EQ(body->at("data").size(), 205U);
    EXPECT_EQ(body->at("data")[204]["syssn"], "3004");
}

TEST_F(TradeEnquirerTest, AMissingPageIsNoInformation)
{
    answer_ = [](const auto& form) {
        if (value_of(form, "page") == "1") return page_of(100, 0);
        return cloud_reply{.how = transport::answered,
                           .http_status = 200,
                           .body = R"({"respcd": "1136", "respmsg": ""})"};
    };
    ask("A");
    run_for(1min);
    ASSERT_EQ(replies_.size(), 1U);
    EXPECT_EQ(replies_[0].how, transport::no_answer);
    EXPECT_EQ(replies_[0].body, "");
}

TEST_F(TradeEnquirerTest, SendsEverybodyAwayWhenItStops)
{
    ask("A");
    run_for(1ms);
    ask("B");
    run_for(1ms);
    enquirer_->stop();
    governor_.stop();
    ask("C");
    run_for(1min);
    ASSERT_EQ(replies_.size(), 3U);
    EXPECT_EQ(replies_[1].how, transport::not_sent);
    EXPECT_EQ(replies_[2].how, transport::not_sent);
    EXPECT_EQ(sent_.size(), 1U);
}

}  // namespace
}  // namespace ecr::daemon
