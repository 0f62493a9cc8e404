#pragma once

#include "protocol/till/hypercom/frame.hpp"
#include "protocol/till/hypercom/hypercom_dialect.hpp"
#include "protocol/till/hypercom/message.hpp"
#include "protocol/till/verdict.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>
#include <utility>

/// The till's end of the line, and the fixture of the tests about it.
namespace ecr::protocol::till::hypercom {

inline const std::string ack = "\x06";
inline const std::string nak = "\x15";

inline std::string from_hex(std::string_view hex)
{
    std::string bytes;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
        bytes += static_cast<char>(std::stoi(std::string{hex.substr(i, 2)}, nullptr, 16));
    return bytes;
}

// Known vectors of this family. Two of them circulate with an LRC that is not the XOR of their
// bytes, while it is in all the others: those are `misprinted_…`.
// clang-format off
inline const std::string sale_10 = from_hex("02003536303030303030303030313032303030301C343000123030303030303030313030301C0314");
inline const std::string sale_1  = from_hex("02003536303030303030303030313032303030311C343000123030303030303030303130301C0315");
inline const std::string test_d0 = from_hex("02001836303030303030303030313044303030301C0344");
inline const std::string ping_ff = from_hex("02001836303030303030303030313046463030301C0330");
inline const std::string wallet_70 = from_hex("02007336303030303030303030313037303030311C343000123030303030303030303130301C4131000230331C52310008504F5351523132331C523200065441424C45311C4A36000230341C0340");
inline const std::string void_26 = from_hex("02002936303030303030303030013032363030301C363500063030303630361C032C");
inline const std::string misprinted_d0 = from_hex("02001836303030303030303030313044303030301C0345");
inline const std::string misprinted_26 = from_hex("02002936303030303030303030013032363030301C363500063030303630361C032A");
// clang-format on

/// A request as this family writes it.
inline std::string request(std::string_view code, const std::vector<field>& fields = {})
{
    return framed(to_bytes({.header = "600000000010",
                            .code = std::string{code},
                            .status = "00",
                            .more = '0',
                            .fields = fields}));
}

inline const field ten_dollars{"40", "000000001000"};

inline order order_of(order_state state, std::int64_t amount = 1000)
{
    order o;
    o.out_trade_no = "T1-20240704151425-ABCDEF";
    o.till = "T1";
    o.via = channel::card_payment;
    o.amount_minor_units = amount;
    o.state = state;
    o.facts.syssn = "20240704000200020093755542";
    o.facts.respcd = "0000";
    o.facts.sysdtm = "2024-07-04 15:14:25";
    return o;
}

struct till_end {
    explicit till_end(settings s = {}) : how{std::move(s)}, bridge{make_hypercom_dialect(how)} {}

    void speak_as(settings s)
    {
        how = std::move(s);
        bridge = make_hypercom_dialect(how);
    }
    void says(std::string_view bytes, std::size_t piece = std::string_view::npos)
    {
        for (std::size_t at = 0; at < bytes.size(); at += std::min(piece, bytes.size() - at))
            bridge->receive(bytes.substr(at, piece), out);
    }
    std::string hears() { return std::exchange(out.bytes, {}); }
    std::vector<command> commands() { return std::exchange(out.commands, {}); }

    /// The one command that has come.
    command one_command()
    {
        const auto all = commands();
        EXPECT_EQ(all.size(), 1U);
        return all.empty() ? command{} : all.front();
    }
    /// "7+" was delivered, "7-" was not.
    std::string receipts()
    {
        std::string text;
        for (const auto& r : std::exchange(out.receipts, {}))
            text += std::to_string(r.id) + (r.delivered ? "+" : "-");
        return text;
    }
    void is_told(reply_id id, const reply& what) { bridge->send(id, what, out); }
    void is_told(reply_id id, const command& c, const order& o, std::uint32_t invoice = 0)
    {
        auto told = outcome_of(o, c.tag, false);
        told.invoice = invoice;
        is_told(id, reply{told});
    }
    void wait_out(std::chrono::milliseconds expected)
    {
        const auto timer = bridge->timer();
        ASSERT_TRUE(timer);
        EXPECT_EQ(timer->count() / 10, expected.count() / 10);
        bridge->elapsed(out);
    }

    /// The message of the only frame in `bytes`, `before` standing before it.
    static message response_in(const std::string& bytes, const std::string& before = {})
    {
        EXPECT_EQ(bytes.substr(0, before.size()), before);
        frame_reader reader;
        std::string_view rest = std::string_view{bytes}.substr(before.size());
        const auto event = reader.next(rest);
        if (!event || event->what != frame_event::kind::frame) {
            ADD_FAILURE() << "no frame";
            return {};
        }
        auto m = parse_headers(event->message);
        EXPECT_TRUE(m && parse_fields(event->message, *m));
        EXPECT_TRUE(rest.empty());
        return m.value_or(message{});
    }

    settings how;
    std::unique_ptr<dialect> bridge;
    dialect_output out;
};

struct hypercom_test : testing::Test, till_end {};

}  // namespace ecr::protocol::till::hypercom
