#include "tests/crash/scenario.hpp"

#include <algorithm>
#include <cstdlib>
#include <ostream>

namespace ecr::crash {
namespace {

using namespace std::chrono_literals;
using protocol::order_state;
using simulator::act;
using simulator::fault;
using simulator::fault_kind;
using simulator::shopper;

fault silent_push(bool done)
{
    return {.kind = fault_kind::no_answer, .path = "payment", .done = done};
}

std::string pay_command(const std::string& number)
{
    const auto order = number.empty() ? std::string{} : " order=" + number;
    return "pay" + order + " amount=" + std::to_string(amount_minor_units) + " channel=wx";
}

till_script paying_till(std::string name, const std::string& number)
{
    return {.name = std::move(name), .command = pay_command(number), .number = number};
}

}  // namespace

void PrintTo(const scenario& s, std::ostream* out)
{
    *out << s.name;
}

std::vector<till_script> scenario::tills(const std::string& id) const
{
    switch (kind) {
        case sale::payment: {
            auto till = paying_till("lane-1", "A" + id);
            till.cancels = cancels;
            return {till};
        }
        case sale::without_number: return {paying_till("lane-1", "")};
        case sale::two_tills:
            return {paying_till("lane-1", "A" + id), paying_till("lane-2", "B" + id)};
        case sale::scan: {
            // A customer's code is good for one payment.
            auto code = "1348579030" + id;
            code.append(18 - code.size(), '0');
            const auto number = "S" + id;
            return {{.name = "lane-1",
                     .command = "scan order=" + number +
                                " amount=" + std::to_string(amount_minor_units) +
                                " channel=alipay timeout=1 auth_code=" + code,
                     .number = number,
                     .cancels = cancels}};
        }
        case sale::qr: {
            const auto number = "Q" + id;
            return {{.name = "lane-1",
                     .command = "qr order=" + number +
                                " amount=" + std::to_string(amount_minor_units) + " channel=wx",
                     .number = number,
                     .cancels = cancels}};
        }
        case sale::direct_refund:
        case sale::refund: {
            const auto number = "R" + id;
            return {{.name = "lane-1",
                     .command = "refund order=" + number + " of=" + payment_before(id).number +
                                " amount=" + std::to_string(refund_minor_units) +
                                (kind == sale::direct_refund ? " via=direct" : ""),
                     .number = number}};
        }
    }
    return {};
}

till_script scenario::payment_before(const std::string& id)
{
    return paying_till("lane-1", "P" + id);
}

std::span<const scenario> scenarios()
{
    // A shopper without a time of their own acts 30 ms after the terminal has shown the amount.
    // When one walks away, the terminal's window may end it, or the bridge's cancel. With two tills
    // the first sale is still on the terminal when the next bridge is there.
    using enum order_state;
    const shopper refused{.does = act::declines};
    const shopper leaves{.does = act::walks_away};
    const shopper quicker{.does = act::cancel_loses, .after = 150ms};
    const shopper slow{.after = 250ms};
    const auto two = sale::two_tills;
    const auto bare = sale::without_number;
    static const std::vector<scenario> all{
        {.name = "Paid", .ends = {paid}, .commits_min = 8},
        {.name = "Declined", .who = refused, .ends = {declined}, .commits_min = 8},
        {.name = "WalkedAway", .who = leaves, .ends = {expired, cancelled}, .commits_min = 8},
        {.name = "CancelWins",
         .cancels = true,
         .who = leaves,
         .ends = {cancelled},
         .commits_min = 10},
        {.name = "CancelLoses", .cancels = true, .who = quicker, .ends = {paid}, .commits_min = 10},
        {.name = "NoAnswerButDone",
         .goes_wrong = silent_push(true),
         .ends = {paid},
         .commits_min = 8},
        {.name = "NoAnswerNotDone",
         .goes_wrong = silent_push(false),
         .ends = {expired},
         .commits_min = 8},
        {.name = "Refund", .kind = sale::refund, .ends = {paid}, .commits_min = 8},
        {.name = "WithoutNumber", .kind = bare, .ends = {paid}, .commits_min = 8},
        {.name = "Scanned",
         .kind = sale::scan,
         .who = {.after = 60ms},
         .ends = {paid},
         .commits_min = 4},
        {.name = "ScannedAndDeclined",
         .kind = sale::scan,
         .who = {.does = act::declines, .after = 60ms},
         .ends = {declined},
         .commits_min = 4},
        {.name = "ScannedWithoutAnAnswerButDone",
         .kind = sale::scan,
         .goes_wrong = fault{.kind = fault_kind::no_answer, .path = "/trade/v1/payment"},
         .ends = {paid},
         .commits_min = 4},
        {.name = "ScannedWithoutAnAnswerNotDone",
         .kind = sale::scan,
         .goes_wrong =
             fault{.kind = fault_kind::no_answer, .path = "/trade/v1/payment", .done = false},
         .ends = {expired},
         .commits_min = 5},
        {.name = "CodeShown",
         .kind = sale::qr,
         .who = {.after = 100ms},
         .ends = {paid},
         .commits_min = 4},
        {.name = "CodeShownAndClosed",
         .kind = sale::qr,
         .cancels = true,
         .who = leaves,
         .ends = {cancelled},
         .commits_min = 6},
        {.name = "RefundedDirectly", .kind = sale::direct_refund, .ends = {paid}, .commits_min = 4},
        {.name = "TwoTills", .kind = two, .who = slow, .ends = {paid}, .commits_min = 11},
    };
    return all;
}

const scenario& scenario_named(std::string_view name)
{
    const auto found = std::ranges::find(scenarios(), name, &scenario::name);
    if (found == scenarios().end()) std::abort();
    return *found;
}

}  // namespace ecr::crash
