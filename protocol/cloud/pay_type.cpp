#include "protocol/cloud/pay_type.hpp"

#include <algorithm>
#include <array>
#include <functional>

namespace ecr::protocol::cloud {
namespace {

using enum channel;
constexpr std::optional<channel> none;  // no terminal channel uses it
constexpr auto current = pay_type_status::current;
constexpr auto legacy = pay_type_status::legacy;
constexpr auto commented = pay_type_status::commented_out;
constexpr auto sample = pay_type_status::sample_only;
constexpr auto returned = pay_type_status::returned_only;

// Source: contract 6. tests/data/pay_types.csv holds the reasons, and a test holds us to it.
// clang-format off
constexpr auto all = std::to_array<pay_type>({
    // code    meaning                            brand            mode        status     via
    {"800008", "All-in-one customer code",         "multi",         "CPM",      current,   none},
    {"800101", "Alipay merchant QR in store",      "Alipay",        "MPM",      current,   alipay},
    {"800107", "Alipay service-window H5",         "Alipay",        "h5",       current,   none},
    {"800108", "Alipay customer code",             "Alipay",        "CPM",      current,   alipay},
    {"800151", "Alipay pre-order, PC web",         "Alipay",        "web",      legacy,    none},
    {"800152", "Alipay WAP (2016-2018)",           "Alipay",        "wap",      legacy,    none},
    {"800201", "WeChat merchant QR",               "WeChat Pay",    "MPM",      current,   wx},
    {"800207", "WeChat JSAPI / official account",  "WeChat Pay",    "jsapi",    current,   none},
    {"800208", "WeChat customer code",             "WeChat Pay",    "CPM",      current,   wx},
    {"800210", "WeChat in-app",                    "WeChat Pay",    "app",      current,   none},
    {"800212", "WeChat H5 in mobile browser",      "WeChat Pay",    "wap",      current,   none},
    {"800213", "WeChat mini program",              "WeChat Pay",    "mini",     current,   none},
    {"800228", "WeChat HK wallet customer code",   "WeChat Pay HK", "CPM",      legacy,    none},
    {"800701", "UnionPay QuickPass merchant QR",   "UnionPay QR",   "MPM",      current,   union_qr},
    {"800708", "UnionPay QuickPass customer code", "UnionPay QR",   "CPM",      current,   union_qr},
    {"800710", "UnionPay in-app (HK)",             "UnionPay QR",   "app",      commented, none},
    {"800712", "UnionPay WAP",                     "UnionPay QR",   "wap",      current,   none},
    {"800714", "UnionPay PC web",                  "UnionPay QR",   "web",      current,   none},
    {"801008", "WeChat Pay HK customer code",      "WeChat Pay HK", "CPM",      current,   none},
    {"801010", "WeChat Pay HK in-app",             "WeChat Pay HK", "app",      current,   none},
    {"801101", "Alipay web, overseas merchants",   "Alipay",        "web",      current,   none},
    {"801107", "Alipay WAP, overseas merchants",   "Alipay",        "wap",      current,   none},
    {"801110", "Alipay in-app",                    "Alipay",        "app",      current,   none},
    {"801208", "LINE Pay customer code (TH)",      "LINE Pay",      "CPM",      commented, none},
    {"801301", "LINE Pay online (TH)",             "LINE Pay",      "online",   commented, none},
    {"801408", "AirPay customer code (TH)",        "AirPay",        "CPM",      commented, none},
    {"801501", "Alipay merchant QR, HK merchants", "Alipay HK",     "MPM",      current,   none},
    {"801510", "Alipay in-app, HK merchants",      "Alipay HK",     "app",      current,   none},
    {"801512", "Alipay WAP, HK merchants",         "Alipay HK",     "wap",      current,   none},
    {"801514", "Alipay web, HK merchants",         "Alipay HK",     "web",      current,   none},
    {"801701", "NETS Pay merchant QR",             "NETS",          "MPM",      commented, none},
    {"801801", "Alipay pre-authorisation",         "Alipay",        "preauth",  commented, none},
    {"801802", "Alipay pre-authorisation",         "Alipay",        "preauth",  sample,    none},
    {"801808", "Alipay pre-authorisation",         "Alipay",        "preauth",  commented, none},
    {"801810", "Alipay pre-authorisation in-app",  "Alipay",        "preauth",  commented, none},
    {"801814", "Alipay pre-authorisation online",  "Alipay",        "preauth",  commented, none},
    {"801908", "Origami customer code",            "Origami",       "CPM",      commented, none},
    {"802001", "FPS merchant QR",                  "FPS",           "MPM",      current,   fps},
    {"802201", "AirPay online (TH)",               "AirPay",        "online",   commented, none},
    {"802301", "PayNow merchant QR (SG)",          "PayNow",        "MPM",      commented, none},
    {"802801", "Visa/Mastercard online",           "Card",          "online",   current,   none},
    {"802808", "Visa/Mastercard offline",          "Card",          "terminal", current,   card_payment},
    {"802828", "Card",                             "Card",          "online",   sample,    none},
    {"802901", "PromptPay merchant QR (TH)",       "PromptPay",     "MPM",      commented, none},
    {"803001", "eWallet merchant QR",              "eWallet",       "MPM",      commented, none},
    {"803008", "eWallet customer code",            "eWallet",       "CPM",      commented, none},
    {"803101", "VIA merchant QR (JP, HK)",         "VIA",           "MPM",      commented, none},
    {"803108", "VIA customer code (JP, HK)",       "VIA",           "CPM",      commented, none},
    {"803208", "Touch 'n Go customer code (MY)",   "TNG",           "CPM",      commented, none},
    {"803214", "Touch 'n Go online (MY)",          "TNG",           "online",   commented, none},
    {"803301", "Razer merchant QR (MY)",           "Razer",         "MPM",      commented, none},
    {"803308", "Razer customer code (MY)",         "Razer",         "CPM",      commented, none},
    {"803314", "Razer online (MY)",                "Razer",         "online",   commented, none},
    {"803701", "Octopus dynamic QR",               "Octopus",       "MPM",      current,   octopus},
    {"803708", "Octopus on a terminal (ECR)",      "Octopus",       "terminal", returned,  octopus},
    {"803712", "Octopus WAP",                      "Octopus",       "wap",      current,   none},
    {"803714", "Octopus PC web",                   "Octopus",       "web",      current,   none},
    {"803801", "Dash merchant QR (SG)",            "Dash",          "MPM",      commented, none},
    {"803808", "Dash customer code (SG)",          "Dash",          "CPM",      commented, none},
    {"804001", "Boost merchant QR (MY)",           "Boost",         "MPM",      commented, none},
    {"804008", "Boost customer code (MY)",         "Boost",         "CPM",      commented, none},
    {"804014", "Boost online (MY)",                "Boost",         "online",   commented, none},
    {"804101", "Maybank merchant QR (MY)",         "Maybank",       "MPM",      commented, none},
    {"804108", "Maybank customer code (MY)",       "Maybank",       "CPM",      commented, none},
    {"804114", "Maybank online (MY)",              "Maybank",       "online",   commented, none},
    {"804201", "GrabPay merchant QR (MY, SG)",     "GrabPay",       "MPM",      commented, none},
    {"804208", "GrabPay customer code (MY)",       "GrabPay",       "CPM",      commented, none},
    {"804214", "GrabPay online (MY, SG)",          "GrabPay",       "online",   commented, none},
    {"805208", "TrueMoney customer code (TH)",     "TrueMoney",     "CPM",      commented, none},
    {"805401", "ThaiQR merchant QR",               "ThaiQR",        "MPM",      commented, none},
    {"805508", "First Data card, quick mode (HK)", "Card",          "online",   commented, none},
    {"805514", "First Data card, verified mode",   "Card",          "online",   commented, none},
    {"805601", "GoPay merchant QR",                "GoPay",         "MPM",      commented, none},
    {"805612", "GoPay WAP",                        "GoPay",         "wap",      commented, none},
    {"805801", "PayMe merchant QR in store",       "PayMe",         "MPM",      current,   payme},
    {"805808", "PayMe customer code",              "PayMe",         "CPM",      current,   payme},
    {"805810", "PayMe in-app",                     "PayMe",         "app",      current,   none},
    {"805812", "PayMe WAP",                        "PayMe",         "wap",      current,   none},
    {"805814", "PayMe web",                        "PayMe",         "web",      current,   none},
    {"806527", "Apple Pay online",                 "Apple Pay",     "online",   current,   none},
    {"806708", "UnionPay card offline",            "UnionPay card", "terminal", current,   unionpay_card},
    {"806808", "American Express offline",         "Amex",          "terminal", current,   amex_card},
});
// clang-format on

constexpr bool before(const pay_type& a, const pay_type& b) noexcept
{
    return a.code < b.code;
}
static_assert(std::ranges::adjacent_find(all, std::not_fn(before)) == all.end(),
              "sorted, and no code twice");

}  // namespace

std::span<const pay_type> pay_types() noexcept
{
    return all;
}

const pay_type* find_pay_type(std::string_view code) noexcept
{
    const auto found = std::ranges::lower_bound(all, code, {}, &pay_type::code);
    return found != all.end() && found->code == code ? &*found : nullptr;
}

}  // namespace ecr::protocol::cloud
