// The interface of dialects against conversations of dialects to come: the smallest dialect that
// has one, and what it asks of its caller. See protocol/till/README.md.
#include "protocol/till/dialect.hpp"
#include "protocol/till/frame_outbox.hpp"
#include "protocol/till/verdict.hpp"

#include <gtest/gtest.h>

using namespace ecr::protocol;
using namespace ecr::protocol::till;

namespace {

/// What dialects without ACK and timer share.
struct plain_fake : dialect {
    [[nodiscard]] std::optional<std::chrono::milliseconds> timer() const override { return {}; }
    void elapsed(dialect_output&) override {}
    [[nodiscard]] bool confirms_delivery() const override { return false; }
};

/// Carries an output out in the order of its members, as a link does.
struct fake_link {
    explicit fake_link(dialect& d) : spoken{d} {}

    void till_says(std::string_view bytes)
    {
        if (!closed) carry_out([&](dialect_output& out) { spoken.receive(bytes, out); });
    }
    void desk_says(const reply& what)
    {
        carry_out([&](dialect_output& out) { spoken.send(++last, what, out); });
    }
    template <class Call>
    void carry_out(Call call)
    {
        dialect_output out;
        call(out);
        if (!closed) written += out.bytes;
        for (auto& c : out.commands)
            served.push_back(std::move(c));
        closed = closed || out.finished || out.hang_up;
        in_good_order = in_good_order || out.finished;
    }

    dialect& spoken;
    reply_id last = 0;
    std::string written;
    std::vector<command> served;
    bool closed = false;
    bool in_good_order = false;
};

outcome told(const command& c, order_state state, const char* number = "N1")
{
    order o;
    o.out_trade_no = number;
    o.state = state;
    return outcome_of(o, c.tag, false);
}

// --- concert: one request, one answer, close; or an answer at once and never another. ----------

struct one_answer : plain_fake {
    void receive(std::string_view bytes, dialect_output& out) override
    {
        at_once = bytes == "PAY NOW";
        out.commands.push_back({.what = verb::pay, .tag = "1"});
    }
    void send(reply_id id, const reply& what, dialect_output& out) override
    {
        const bool accepted_is_all = at_once && std::holds_alternative<accepted>(what);
        if (over || (!accepted_is_all && !ends_command(what)))
            return out.receipts.push_back({id, false});
        over = out.finished = true;
        out.bytes = accepted_is_all ? "11" : "10";
    }
    bool at_once = false;
    bool over = false;
};

TEST(DialectInterfaceTest, AnAnswerMayEndTheConversation)
{
    one_answer d;
    fake_link link{d};
    link.till_says("PAY");
    link.desk_says(accepted{.tag = "1"});
    EXPECT_FALSE(link.closed);
    link.desk_says(told(link.served.at(0), order_state::paid));
    EXPECT_EQ(link.written, "10");
    EXPECT_TRUE(link.closed);
    EXPECT_TRUE(link.in_good_order) << "not hung up on: the link may judge that it arrived";
    link.till_says("PAY");
    EXPECT_EQ(link.served.size(), 1U);
}

TEST(DialectInterfaceTest, ItMayEndBeforeTheOrder)
{
    one_answer d;
    fake_link link{d};
    link.till_says("PAY NOW");
    link.desk_says(accepted{.tag = "1"});
    EXPECT_EQ(link.written, "11");
    EXPECT_TRUE(link.in_good_order);
    link.desk_says(told(link.served.at(0), order_state::paid));
    EXPECT_EQ(link.written, "11");
}

// --- ecr17: the reversal of "the last payment" takes two commands of the bridge. ---------------

struct reverses_last : plain_fake {
    void receive(std::string_view, dialect_output& out) override
    {
        out.commands.push_back({.what = verb::last, .tag = "find"});
    }
    void send(reply_id id, const reply& what, dialect_output& out) override
    {
        const auto* o = std::get_if<outcome>(&what);
        if (o == nullptr) return out.receipts.push_back({id, false});
        if (o->tag == "find" && o->order.state == order_state::paid) {
            out.commands.push_back(
                {.what = verb::refund, .tag = "back", .of = o->order.out_trade_no});
            return out.receipts.push_back({id, false});  // the till does not see this one
        }
        out.bytes = o->tag == "back" && o->order.state == order_state::paid ? "00" : "01";
    }
};

TEST(DialectInterfaceTest, AReplyMayLeadToTheNextCommand)
{
    reverses_last d;
    fake_link link{d};
    link.till_says("S000000");
    link.desk_says(told(link.served.at(0), order_state::paid, "N7"));
    ASSERT_EQ(link.served.size(), 2U);
    EXPECT_EQ(link.served[1].what, verb::refund);
    EXPECT_EQ(link.served[1].of, "N7");
    EXPECT_EQ(link.written, "");
    link.desk_says(told(link.served[1], order_state::paid, "R7"));
    EXPECT_EQ(link.written, "00");
}

// --- linkly: displays while it runs, keys that become commands, and the answers to those. -------

struct shows_and_hears_keys : plain_fake {
    void receive(std::string_view bytes, dialect_output& out) override
    {
        if (bytes == "M") out.commands.push_back({.what = verb::pay, .tag = "M"});
        if (bytes == "Y0") out.commands.push_back({.what = verb::cancel, .tag = "Y"});
        if (bytes == "N") out.commands.push_back({.what = verb::last, .tag = "N"});
    }
    void send(reply_id id, const reply& what, dialect_output& out) override
    {
        if (const auto* p = std::get_if<progress>(&what)) out.bytes = "S:" + p->text + ";";
        if (const auto* o = std::get_if<outcome>(&what))
            out.bytes = o->tag + (o->order.state == order_state::paid ? "1;" : "0;");
        if (out.bytes.empty()) out.receipts.push_back({id, false});  // a key has no answer
    }
};

TEST(DialectInterfaceTest, KeysAreCommandsWhileAnotherRuns)
{
    shows_and_hears_keys d;
    fake_link link{d};
    link.till_says("M");
    link.desk_says(progress{.tag = "M", .text = "PRESENT CARD"});
    link.till_says("Y0");
    ASSERT_EQ(link.served.size(), 2U);
    EXPECT_EQ(link.served[1].what, verb::cancel);
    link.desk_says(done{.tag = "Y", .what = "cancel"});
    link.desk_says(told(link.served[0], order_state::cancelled));
    link.till_says("N");
    link.desk_says(told(link.served.at(2), order_state::cancelled));
    EXPECT_EQ(link.written, "S:PRESENT CARD;M0;N0;");
}

// --- zvt: binary, the bridge speaks many times, and each time waits for 80 00 00. ---------------

struct speaks_in_turns : dialect {
    void receive(std::string_view bytes, dialect_output& out) override
    {
        if (bytes == std::string_view{"\x06\x01\x00", 3}) {
            out.bytes = std::string("\x80\x00\x00", 3);
            out.commands.push_back({.what = verb::pay, .tag = "1"});
        }
        if (bytes == std::string_view{"\x80\x00\x00", 3}) outbox.acknowledged(out);
        outbox.pump(out);
    }
    void send(reply_id id, const reply& what, dialect_output& out) override
    {
        if (std::holds_alternative<progress>(what))
            outbox.put(id, worth::progress, std::string("\x04\xFF\x01\x0A", 4), out);
        if (std::holds_alternative<outcome>(what)) {
            outbox.put(std::nullopt, worth::answer, std::string("\x04\x0F\x02\x27\x00", 5), out);
            outbox.put(id, worth::outcome, std::string("\x06\x0F\x00", 3), out);
        }
        outbox.pump(out);
    }
    [[nodiscard]] std::optional<std::chrono::milliseconds> timer() const override
    {
        if (outbox.wait() == frame_outbox::waiting::nothing) return std::nullopt;
        return std::chrono::seconds{5};
    }
    void elapsed(dialect_output& out) override { outbox.elapsed(out); }
    [[nodiscard]] bool confirms_delivery() const override { return true; }

    frame_outbox outbox{{.queue_max = 8, .tries_max = 1, .talked_over_max = 1}};
};

TEST(DialectInterfaceTest, TheBridgeMaySpeakManyTimesInTurns)
{
    speaks_in_turns d;
    fake_link link{d};
    const std::string good("\x80\x00\x00", 3);
    link.till_says({"\x06\x01\x00", 3});
    EXPECT_EQ(std::exchange(link.written, {}), good);
    link.desk_says(progress{.tag = "1"});
    link.desk_says(told(link.served.at(0), order_state::paid));
    EXPECT_EQ(std::exchange(link.written, {}), "\x04\xFF\x01\x0A");
    EXPECT_EQ(d.timer(), std::chrono::seconds{5});
    link.till_says(good);
    EXPECT_EQ(std::exchange(link.written, {}), std::string("\x04\x0F\x02\x27\x00", 5));
    link.till_says(good);
    EXPECT_EQ(std::exchange(link.written, {}), std::string("\x06\x0F\x00", 3));
    link.till_says(good);
    EXPECT_EQ(d.timer(), std::nullopt);
}

}  // namespace
