#pragma once

#include "tests/protocol/till/line/till.hpp"

#include <gtest/gtest.h>

#include <ostream>

/// A till that speaks in frames, and the fixture of the tests about them.
namespace ecr::protocol::till {
inline bool operator==(const receipt_of_reply& a, const receipt_of_reply& b)
{
    return a.id == b.id && a.delivered == b.delivered;
}
inline void PrintTo(const receipt_of_reply& r, std::ostream* out)
{
    *out << r.id << (r.delivered ? " delivered" : " given up");
}
}  // namespace ecr::protocol::till

namespace ecr::protocol::till::line {

inline const std::string ack = "\x06";
inline const std::string nak = "\x15";

inline std::string frame(std::string_view text)
{
    char lrc = 0x03;
    for (const char c : text)
        lrc = static_cast<char>(lrc ^ c);
    return "\x02" + std::string{text} + "\x03" + lrc;
}

inline const std::string pong = frame("ok what=ping code=00 safe_to_retry=yes text=\"pong\"");

inline done pong_reply()
{
    done d;
    d.what = "ping";
    d.text = "pong";
    return d;
}

inline outcome outcome_of(const std::string& order)
{
    outcome o;
    o.order_number = o.order.out_trade_no = order;
    o.order.state = order_state::paid;
    return o;
}

inline progress progress_of(const std::string& text)
{
    progress p;
    p.order = "A1";
    p.text = text;
    return p;
}

class framed_test : public testing::Test {
protected:
    framed_test() { EXPECT_TRUE(till.bridge->confirms_delivery()); }

    /// Waits out the timer of that length, whatever its odd millisecond.
    void wait_out(std::chrono::milliseconds expected)
    {
        const auto timer = till.bridge->timer();
        ASSERT_TRUE(timer);
        EXPECT_EQ(*timer / 10, expected / 10);
        till.bridge->elapsed(till.out);
    }

    std::vector<receipt_of_reply> receipts() { return std::exchange(till.out.receipts, {}); }
    std::size_t commands() { return std::exchange(till.out.commands, {}).size(); }

    using receipt_list = std::vector<receipt_of_reply>;

    till_end till{{.frames = framing::stx}};
};

}  // namespace ecr::protocol::till::line
