#include "tests/protocol/till/hypercom/random_till.hpp"

#include "protocol/till/hypercom/frame.hpp"
#include "protocol/till/hypercom/hypercom_dialect.hpp"
#include "protocol/till/verdict.hpp"

#include <algorithm>
#include <random>
#include <set>
#include <vector>

namespace ecr::protocol::till::hypercom {
namespace {

settings settings_of(std::uint32_t seed)
{
    return {.acknowledges = seed % 2 == 0,
            .response_tries = static_cast<int>(seed / 2 % 4),
            .order_number = static_cast<reference_field>(seed / 8 % 4),
            .refund = seed / 32 % 2 == 0 ? refund_policy::refuse : refund_policy::by_reference,
            .terminal_id = "12345678",
            .merchant_name = seed / 64 % 2 == 0 ? "" : "Noodle House"};
}

class player {
public:
    explicit player(std::uint32_t seed)
        : random_{seed}, bridge_{make_hypercom_dialect(settings_of(seed))}
    {}

    std::string play(std::string_view bytes)
    {
        while (!bytes.empty() && wrong_.empty()) {
            const auto piece = std::min<std::size_t>(bytes.size(), 1 + random_() % 40);
            bridge_->receive(bytes.substr(0, piece), out_);
            bytes.remove_prefix(piece);
            look();
            if (random_() % 4 == 0) answer();
            if (random_() % 8 == 0) pass_time();
        }
        while (!open_.empty())
            answer();
        for (int i = 0; bridge_->timer() && i < 200; ++i)
            pass_time();
        if (bridge_->timer()) complain("the timer never ends");
        if (!frames_and_acks(written_)) complain("it wrote what is no frame");
        if (bridge_->confirms_delivery() && receipts_.size() != told_)
            complain("a reply without a receipt");
        return wrong_;
    }

private:
    void complain(std::string what)
    {
        if (wrong_.empty()) wrong_ = std::move(what);
    }

    void look()
    {
        written_ += std::exchange(out_.bytes, {});
        for (auto& c : std::exchange(out_.commands, {})) {
            if (c.tag.empty()) complain("a command without a tag");
            if (c.what == verb::pay && !c.amount) complain("a sale without an amount");
            if (c.what == verb::refund && c.invoice == 0 && c.of.empty())
                complain("a refund of nothing");
            if (c.invoice > invoice_max) complain("an invoice number out of range");
            open_.push_back(std::move(c));
        }
        for (const auto& r : std::exchange(out_.receipts, {}))
            if (r.id > told_ || !receipts_.insert(r.id).second)
                complain("a receipt for nothing, or twice");
    }

    void answer()
    {
        if (open_.empty()) return;
        const auto at = random_() % open_.size();
        const auto c = open_[at];
        open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(at));
        order o;
        o.out_trade_no = "T1-1";
        o.state = static_cast<order_state>(1 + random_() % order_state_count);
        o.amount_minor_units = c.amount ? c.amount->minor_units() : 100;
        o.till_order = c.order;
        o.facts.syssn = "20240704000200020093755542";
        if (random_() % 2 == 0) o.facts.card = "411111******1111";
        auto told = outcome_of(o, c.tag, random_() % 2 == 0);
        told.invoice = static_cast<std::uint32_t>(random_() % 1'000'001);
        bridge_->send(++told_, told, out_);
        look();
    }

    void pass_time()
    {
        if (!bridge_->timer()) return;
        bridge_->elapsed(out_);
        look();
    }

    /// True when a till that reads `bytes` sees ACKs, NAKs and whole frames, and nothing else.
    static bool frames_and_acks(std::string_view bytes)
    {
        while (!bytes.empty()) {
            if (bytes.front() == '\x06' || bytes.front() == '\x15') {
                bytes.remove_prefix(1);
                continue;
            }
            const auto size = unpacked(bytes.substr(std::min<std::size_t>(1, bytes.size()), 2));
            if (bytes.front() != '\x02' || !size || bytes.size() < *size + 5) return false;
            if (framed(bytes.substr(3, *size)) != bytes.substr(0, *size + 5)) return false;
            bytes.remove_prefix(*size + 5);
        }
        return true;
    }

    std::mt19937 random_;
    std::unique_ptr<dialect> bridge_;
    dialect_output out_;
    std::string written_;
    std::vector<command> open_;
    std::set<reply_id> receipts_;
    reply_id told_ = 0;
    std::string wrong_;
};

}  // namespace

std::string play(std::string_view bytes, std::uint32_t seed)
{
    return player{seed}.play(bytes);
}

}  // namespace ecr::protocol::till::hypercom
