#pragma once

#include "protocol/till/qfpay_local/limits.hpp"
#include "tests/protocol/till/qfpay_local/till.hpp"

#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Plays a script of bytes against a dialect: what a till, its line and the desk may do, in any
/// order. The fuzzer and the mutation test share it.
namespace ecr::protocol::till::qfpay_local {

/// Good messages, so that a script need not know the key.
inline const std::vector<std::string>& good_messages()
{
    static const std::vector<std::string> all = [] {
        std::vector<std::string> messages;
        for (const auto& pairs :
             {payment_pairs, std::string{"func_type=1002,orderId='1',refund_amount='0.05'"},
              std::string{"func_type=4001,orderId='1'"}, std::string{"func_type=5001"},
              std::string{"func_type=1001,amt=0"}}) {
            const auto base64 = request(pairs);
            messages.insert(messages.end(), {base64, request(pairs, cipher::aes128),
                                             field_form(pairs), post("/", '"' + base64 + '"'),
                                             framed(frame_type::request, 5, base64)});
        }
        messages.push_back(framed(frame_type::request, 6,
                                  request("func_type=3002,z='" + std::string(1500, 'x') + "'")));
        messages.push_back(framed(frame_type::ok, 1, {}));
        return messages;
    }();
    return all;
}

/// Returns: what must never be and was; empty: nothing.
class byte_script {
public:
    explicit byte_script(std::span<const std::uint8_t> bytes) : rest_{bytes}
    {
        const auto how = take();
        settings_.wraps = static_cast<wrapping>(how % 3);
        settings_.encryption = (how & 0x10U) == 0;
        settings_.tls = (how & 0x20U) != 0;
    }
    /// On this link, whatever the first byte says of it.
    byte_script(std::span<const std::uint8_t> bytes, wrapping wraps) : byte_script{bytes}
    {
        settings_.wraps = wraps;
    }

    [[nodiscard]] const settings& how() const noexcept { return settings_; }

    std::string played()
    {
        till_end till{settings_};
        while (!rest_.empty() && fault_.empty())
            step(till);
        // What is left on its way is given up in bounded time, and nothing asks for a timer for
        // ever.
        for (int i = 0; i < 200 && till.bridge->timer(); ++i) {
            till.bridge->elapsed(till.out);
            check(till);
        }
        if (till.bridge->timer()) return "a timer that never ends";
        if (till.bridge->confirms_delivery() && !unreceipted_.empty())
            return "a reply without a receipt";
        return fault_;
    }

private:
    std::uint8_t take()
    {
        if (rest_.empty()) return 0;
        const auto byte = rest_.front();
        rest_ = rest_.subspan(1);
        return byte;
    }

    void step(till_end& till)
    {
        const auto what = take();
        switch (what & 3U) {
            case 0: {
                const std::size_t wanted = take() + 1U;
                const auto size = std::min(wanted, rest_.size());
                till.says({reinterpret_cast<const char*>(rest_.data()), size});
                rest_ = rest_.subspan(size);
                break;
            }
            case 1:
                if (till.bridge->timer()) till.bridge->elapsed(till.out);
                break;
            case 2: answer(till); break;
            default: {
                const auto& all = good_messages();
                const auto& text = all[take() % all.size()];
                const auto cut = (what & 4U) != 0 ? take() : 0U;
                till.says(std::string_view{text}.substr(0, text.size() - cut % text.size()));
                break;
            }
        }
        check(till);
    }

    void answer(till_end& till)
    {
        const auto kind = take();
        auto tag = pending_.empty() ? std::string{"none"} : pending_.front();
        const bool ends = kind % 4 != 3;
        if (ends && !pending_.empty()) pending_.erase(pending_.begin());
        const bool was_open = !hung_up_;
        const auto before = till.out.bytes.size();
        unreceipted_.insert(till.last_id + 1);
        switch (kind % 4) {
            case 0:
                till.is_told(
                    outcome_in(static_cast<order_state>(kind / 4 % order_state_count + 1), tag));
                break;
            case 1: till.is_told(done{.tag = tag, .what = {}, .text = {}, .fields = {}}); break;
            case 2: till.is_told(problem{.tag = tag, .order = {}, .code = {}, .text = {}}); break;
            default:
                till.is_told(progress{.tag = tag, .order = {}, .ahead = {}, .text = {}});
                break;
        }
        const bool written = till.out.bytes.size() > before;
        const bool at_once = !till.bridge->confirms_delivery();
        if (ends && tag != "none" && was_open && at_once && !written) fault_ = "an answer was lost";
        if (tag == "none" && at_once && written) fault_ = "an answer to nobody";
    }

    void check(till_end& till)
    {
        for (const auto& c : till.asks()) {
            if (hung_up_) fault_ = "a command after the end";
            if (c.tag.empty() || !tags_.insert(c.tag).second) fault_ = "a tag twice";
            if (c.what == verb::pay && !c.amount) fault_ = "a payment without an amount";
            if (c.what == verb::refund && c.of.empty()) fault_ = "a refund of nothing";
            pending_.push_back(c.tag);
        }
        const std::size_t most = settings_.wraps == wrapping::http ? 1 : pending_max;
        if (pending_.size() > most) fault_ = "too many commands at once";
        for (const auto& receipt : till.receipts())
            if (unreceipted_.erase(receipt.id) == 0) fault_ = "a receipt twice";
        const auto timer = till.bridge->timer();
        if (timer &&
            (*timer <= timer->zero() || *timer > http_request_wait + std::chrono::milliseconds{1}))
            fault_ = "a timer out of bounds";
        hung_up_ = hung_up_ || till.out.hang_up || till.out.finished;
        till.hears();
    }

    std::span<const std::uint8_t> rest_;
    settings settings_;
    std::vector<std::string> pending_;
    std::set<std::string> tags_;
    std::set<reply_id> unreceipted_;
    bool hung_up_ = false;
    std::string fault_;
};

}  // namespace ecr::protocol::till::qfpay_local
