#include "protocol/receipt/receipt.hpp"

#include "protocol/cloud/currency.hpp"
#include "protocol/receipt/text_columns.hpp"
#include "protocol/timestamp.hpp"

#include <array>

namespace ecr::protocol {
namespace {

struct label {
    std::string_view english;
    std::string_view simplified;
    std::string_view traditional;
};

// clang-format off
constexpr label payment_title{"PAYMENT RECEIPT", "付款收据", "付款收據"};
constexpr label refund_title {"REFUND RECEIPT",  "退款收据", "退款收據"};
constexpr label rehearsal_note{"REHEARSAL - NO MONEY MOVED", "演习 - 没有动用资金", "演習 - 沒有動用資金"};
constexpr label order_label  {"Order",    "单号",   "單號"};
constexpr label syssn_label  {"Trans.",   "流水号", "流水號"};
constexpr label time_label   {"Time",     "时间",   "時間"};
constexpr label till_label   {"Till",     "收银机", "收銀機"};
constexpr label terminal_label{"Terminal", "终端",  "終端"};
constexpr label method_label {"Paid by",  "付款方式", "付款方式"};
constexpr label card_label   {"Card",     "卡号",   "卡號"};
constexpr label wallet_label {"Ref.",     "参考号", "參考號"};
constexpr label of_label     {"Refund of", "原单",  "原單"};
constexpr label total_label  {"TOTAL",    "合计",   "合計"};
constexpr label refunded_label{"REFUNDED", "已退款", "已退款"};
constexpr label by_hand_label{"Confirmed by staff", "由店员确认", "由店員確認"};

constexpr label returned_note{"NOT PAID - MONEY WENT BACK", "未付款 - 款项已退回", "未付款 - 款項已退回"};
constexpr label undone_note  {"FULLY REFUNDED", "已全额退款", "已全額退款"};
constexpr label part_note    {"PARTLY REFUNDED", "已部分退款", "已部分退款"};

struct channel_label {
    channel via;
    label name;
};
constexpr auto channels = std::to_array<channel_label>({
    {channel::card_payment,  {"Card",        "银行卡",   "信用卡"}},
    {channel::wx,            {"WeChat Pay",  "微信支付", "微信支付"}},
    {channel::alipay,        {"Alipay",      "支付宝",   "支付寶"}},
    {channel::payme,         {"PayMe",       "",         ""}},
    {channel::union_qr,      {"UnionPay QR", "云闪付",   "雲閃付"}},
    {channel::fps,           {"FPS",         "转数快",   "轉數快"}},
    {channel::octopus,       {"Octopus",     "八达通",   "八達通"}},
    {channel::unionpay_card, {"UnionPay",    "银联",     "銀聯"}},
    {channel::amex_card,     {"Amex",        "美国运通", "美國運通"}},
    {channel::other,         {"Wallet",      "钱包",     "錢包"}},
});
// clang-format on

class printer {
public:
    explicit printer(const receipt_paper& paper)
        : width_{static_cast<std::size_t>(paper.columns)}, as_{paper.encoding}
    {}

    void title(const label& what)
    {
        const auto chinese = chinese_of(what);
        if (!chinese.empty()) add(centred(chinese, width_, as_));
        add(centred(what.english, width_, as_));
    }
    void rule() { lines.emplace_back(width_, '-'); }
    void pair(const label& what, std::string_view value)
    {
        if (!value.empty()) add(justified(both(what), value, width_, as_));
    }
    /// In both languages where there is room for both.
    [[nodiscard]] std::string both(const label& what) const
    {
        const auto chinese = chinese_of(what);
        if (chinese.empty()) return std::string{what.english};
        return std::string{chinese} + " " + std::string{what.english};
    }

    std::vector<std::string> lines;

private:
    [[nodiscard]] std::string_view chinese_of(const label& what) const
    {
        switch (as_) {
            case text_encoding::ascii: return {};
            case text_encoding::gbk:
            case text_encoding::gb18030: return what.simplified;
            case text_encoding::utf8:
            case text_encoding::big5: return what.traditional;
        }
        return {};
    }
    void add(std::vector<std::string> more)
    {
        for (auto& line : more) {
            line.erase(line.find_last_not_of(' ') + 1);
            lines.push_back(std::move(line));
        }
    }

    std::size_t width_;
    text_encoding as_;
};

std::string method_of(const printer& to, const order& o)
{
    for (const auto& [via, name] : channels)
        if (via == o.via) return to.both(name);
    return {};
}

std::string sum_of(const order& o, std::int64_t minor_units)
{
    const auto* known = cloud::find_currency(o.currency);
    const auto currency = known != nullptr ? std::string{known->alphabetic} : o.currency;
    const auto amount = money::of(minor_units);
    return currency + " " + (amount ? cloud::for_people(*amount, currency) : "");
}

void print_facts(printer& to, const order& what)
{
    to.pair(order_label, what.till_order.empty() ? what.out_trade_no : what.till_order);
    to.pair(of_label, what.kind == order_kind::refund ? what.of : "");
    to.pair(time_label, what.facts.sysdtm.empty()
                            ? to_cloud_time(what.final_at.value_or(what.updated_at))
                            : what.facts.sysdtm);
    to.pair(till_label, what.till);
    to.pair(terminal_label, what.terminal);
    to.pair(method_label, method_of(to, what));
    to.pair(card_label, what.facts.card_scheme.empty() || what.facts.card.empty()
                            ? what.facts.card
                            : what.facts.card_scheme + " " + what.facts.card);
    to.pair(syssn_label, what.facts.syssn);
    to.pair(wallet_label, what.facts.chnlsn);
}

}  // namespace

result<std::vector<std::string>> receipt_of(const order& what, const receipt_paper& paper,
                                            const receipt_circumstances& how)
{
    const bool by_hand = what.state == order_state::resolved && what.resolved_paid == true;
    if (what.state != order_state::paid && !by_hand) return make_error_code(errc::bad_parameter);
    const bool refund = what.kind == order_kind::refund;
    const bool returned = how.returned || has(what.needs, attention::returned);
    const auto back = refund ? 0 : how.refunded_minor_units;
    printer to{paper};
    if (how.rehearsal) to.title(rehearsal_note);
    to.title(refund ? refund_title : payment_title);
    if (returned) to.title(returned_note);
    if (!returned && back > 0) to.title(back < what.amount_minor_units ? part_note : undone_note);
    to.rule();
    print_facts(to, what);
    to.rule();
    to.pair(refund ? refunded_label : total_label, sum_of(what, what.amount_minor_units));
    if (back > 0) to.pair(refunded_label, sum_of(what, back));
    to.rule();
    if (by_hand) to.title(by_hand_label);
    if (returned) to.title(returned_note);
    return std::move(to.lines);
}

}  // namespace ecr::protocol
