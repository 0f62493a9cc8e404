#include "protocol/cloud/pay_type.hpp"

#include <algorithm>
#include <array>
#include <functional>

namespace ecr::protocol::cloud {
namespace {

using enum channel;
constexpr std::optional<channel> none;  // no terminal channel uses it
constexpr bool yes = true;              // listed by today's documents
constexpr bool no = false;

// Source: contract 6. tests/data/pay_types.csv holds the reasons, and a test holds us to it.
// clang-format off
constexpr auto all = std::to_array<pay_type>({
    // code    meaning                            brand            mode        now  via
    {"800008", "All-in-one customer code",         "multi",         "CPM",      yes, none},
    {"800101", "Alipay merchant QR in store",      "Alipay",        "MPM",      yes, alipay},
    {"800107", "Alipay service-window H5",         "Alipay",        "h5",       yes, none},
    {"800108", "Alipay customer code",             "Alipay",        "CPM",      yes, alipay},
    {"800151", "Alipay pre-order, PC web",         "Alipay",        "web",      no,  none},
    {"800152", "Alipay WAP (2016-2018)",           "Alipay",        "wap",      no,  none},
    {"800201", "WeChat merchant QR",               "WeChat Pay",    "MPM",      yes, wx},
    {"800207", "WeChat JSAPI / official account",  "WeChat Pay",    "jsapi",    yes, none},
    {"800208", "WeChat customer code",             "WeChat Pay",    "CPM",      yes, wx},
    {"800210", "WeChat in-app",                    "WeChat Pay",    "app",      yes, none},
    {"800212", "WeChat H5 in mobile browser",      "WeChat Pay",    "wap",      yes, none},
    {"800213", "WeChat mini program",              "WeChat Pay",    "mini",     yes, none},
    {"800228", "WeChat HK wallet customer code",   "WeChat Pay HK", "CPM",      no,  none},
    {"800701", "UnionPay QuickPass merchant QR",   "UnionPay QR",   "MPM",      yes, union_qr},
    {"800708", "UnionPay QuickPass customer code", "UnionPay QR",   "CPM",      yes, union_qr},
    {"800710", "UnionPay in-app (HK)",             "UnionPay QR",   "app",      no,  none},
    {"800712", "UnionPay WAP",                     "UnionPay QR",   "wap",      yes, none},
    {"800714", "UnionPay PC web",                  "UnionPay QR",   "web",      yes, none},
    {"801008", "WeChat Pay HK customer code",      "WeChat Pay HK", "CPM",      yes, none},
    {"801010", "WeChat Pay HK in-app",             "WeChat Pay HK", "app",      yes, none},
    {"801101", "Alipay web, overseas merchants",   "Alipay",        "web",      yes, none},
    {"801107", "Alipay WAP, overseas merchants",   "Alipay",        "wap",      yes, none},
    {"801110", "Alipay in-app",                    "Alipay",        "app",      yes, none},
    {"801208", "LINE Pay customer code (TH)",      "LINE Pay",      "CPM",      no,  none},
    {"801301", "LINE Pay online (TH)",             "LINE Pay",      "online",   no,  none},
    {"801408", "AirPay customer code (TH)",        "AirPay",        "CPM",      no,  none},
    {"801501", "Alipay merchant QR, HK merchants", "Alipay HK",     "MPM",      yes, none},
    {"801510", "Alipay in-app, HK merchants",      "Alipay HK",     "app",      yes, none},
    {"801512", "Alipay WAP, HK merchants",         "Alipay HK",     "wap",      yes, none},
    {"801514", "Alipay web, HK merchants",         "Alipay HK",     "web",      yes, none},
    {"801701", "NETS Pay merchant QR",             "NETS",          "MPM",      no,  none},
    {"801801", "Alipay pre-authorisation",         "Alipay",        "preauth",  no,  none},
    {"801802", "Alipay pre-authorisation",         "Alipay",        "preauth",  no,  none},
    {"801808", "Alipay pre-authorisation",         "Alipay",        "preauth",  no,  none},
    {"801810", "Alipay pre-authorisation in-app",  "Alipay",        "preauth",  no,  none},
    {"801814", "Alipay pre-authorisation online",  "Alipay",        "preauth",  no,  none},
    {"801908", "Origami customer code",            "Origami",       "CPM",      no,  none},
    {"802001", "FPS merchant QR",                  "FPS",           "MPM",      yes, fps},
    {"802201", "AirPay online (TH)",               "AirPay",        "online",   no,  none},
    {"802301", "PayNow merchant QR (SG)",          "PayNow",        "MPM",      no,  none},
    {"802801", "Visa/Mastercard online",           "Card",          "online",   yes, none},
    {"802808", "Visa/Mastercard offline",          "Card",          "terminal", yes, card_payment},
    {"802828", "Card",                             "Card",          "online",   no,  none},
    {"802901", "PromptPay merchant QR (TH)",       "PromptPay",     "MPM",      no,  none},
    {"803001", "eWallet merchant QR",              "eWallet",       "MPM",      no,  none},
    {"803008", "eWallet customer code",            "eWallet",       "CPM",      no,  none},
    {"803101", "VIA merchant QR (JP, HK)",         "VIA",           "MPM",      no,  none},
    {"803108", "VIA customer code (JP, HK)",       "VIA",           "CPM",      no,  none},
    {"803208", "Touch 'n Go customer code (MY)",   "TNG",           "CPM",      no,  none},
    {"803214", "Touch 'n Go online (MY)",          "TNG",           "online",   no,  none},
    {"803301", "Razer merchant QR (MY)",           "Razer",         "MPM",      no,  none},
    {"803308", "Razer customer code (MY)",         "Razer",         "CPM",      no,  none},
    {"803314", "Razer online (MY)",                "Razer",         "online",   no,  none},
    {"803701", "Octopus dynamic QR",               "Octopus",       "MPM",      yes, octopus},
    {"803708", "Octopus on a terminal (ECR)",      "Octopus",       "terminal", no,  octopus},
    {"803712", "Octopus WAP",                      "Octopus",       "wap",      yes, none},
    {"803714", "Octopus PC web",                   "Octopus",       "web",      yes, none},
    {"803801", "Dash merchant QR (SG)",            "Dash",          "MPM",      no,  none},
    {"803808", "Dash customer code (SG)",          "Dash",          "CPM",      no,  none},
    {"804001", "Boost merchant QR (MY)",           "Boost",         "MPM",      no,  none},
    {"804008", "Boost customer code (MY)",         "Boost",         "CPM",      no,  none},
    {"804014", "Boost online (MY)",                "Boost",         "online",   no,  none},
    {"804101", "Maybank merchant QR (MY)",         "Maybank",       "MPM",      no,  none},
    {"804108", "Maybank customer code (MY)",       "Maybank",       "CPM",      no,  none},
    {"804114", "Maybank online (MY)",              "Maybank",       "online",   no,  none},
    {"804201", "GrabPay merchant QR (MY, SG)",     "GrabPay",       "MPM",      no,  none},
    {"804208", "GrabPay customer code (MY)",       "GrabPay",       "CPM",      no,  none},
    {"804214", "GrabPay online (MY, SG)",          "GrabPay",       "online",   no,  none},
    {"805208", "TrueMoney customer code (TH)",     "TrueMoney",     "CPM",      no,  none},
    {"805401", "ThaiQR merchant QR",               "ThaiQR",        "MPM",      no,  none},
    {"805508", "First Data card, quick mode (HK)", "Card",          "online",   no,  none},
    {"805514", "First Data card, verified mode",   "Card",          "online",   no,  none},
    {"805601", "GoPay merchant QR",                "GoPay",         "MPM",      no,  none},
    {"805612", "GoPay WAP",                        "GoPay",         "wap",      no,  none},
    {"805801", "PayMe merchant QR in store",       "PayMe",         "MPM",      yes, payme},
    {"805808", "PayMe customer code",              "PayMe",         "CPM",      yes, payme},
    {"805810", "PayMe in-app",                     "PayMe",         "app",      yes, none},
    {"805812", "PayMe WAP",                        "PayMe",         "wap",      yes, none},
    {"805814", "PayMe web",                        "PayMe",         "web",      yes, none},
    {"806527", "Apple Pay online",                 "Apple Pay",     "online",   yes, none},
    {"806708", "UnionPay card offline",            "UnionPay card", "terminal", yes, unionpay_card},
    {"806808", "American Express offline",         "Amex",          "terminal", yes, amex_card},
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
