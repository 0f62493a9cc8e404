#include "protocol/till/qfpay_local/meaning.hpp"

#include "protocol/cloud/ecr_api.hpp"
#include "protocol/till/qfpay_local/dollars.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace ecr::protocol::till::qfpay_local {
namespace {

struct function_row {
    function what;
    std::string_view path;
    verb means;
};

// clang-format off
constexpr auto functions = std::to_array<function_row>({
    {function::payment, "/api/pos/trade",             verb::pay},
    {function::refund,  "/api/pos/cancel",            verb::refund},
    {function::receipt, "/api/pos/print_receipt",     verb::receipt},
    {function::summary, "/api/pos/transaction_info",  verb::summary},
    {function::enquiry, "/api/pos/query_transaction", verb::query},
    {function::cancel,  "/api/pos/cancel_request",    verb::cancel},
});
// clang-format on

const function_row& row_of(function what)
{
    return *std::ranges::find(functions, what, &function_row::what);
}

std::optional<function> function_of_number(std::string_view text)
{
    for (const auto& row : functions)
        if (text == std::to_string(static_cast<int>(row.what))) return row.what;
    return std::nullopt;
}

std::optional<int> small_number(std::string_view text)
{
    int number = 0;
    const auto* const end = text.data() + text.size();
    const auto [stopped, failed] = std::from_chars(text.data(), end, number);
    if (failed != std::errc{} || stopped != end) return std::nullopt;
    return number;
}

class reading {
public:
    reading(const std::vector<pair>& content, std::optional<function> by_path)
        : content_{content}, by_path_{by_path}
    {}

    std::variant<asked, refusal> run()
    {
        if (!read_function()) return refusal{fault_};
        auto& command = asked_.means;
        command.what = row_of(asked_.what).means;
        const bool fine = [&] {
            switch (asked_.what) {
                case function::payment: return read_payment(command);
                case function::refund: return read_refund(command);
                case function::receipt:
                case function::enquiry: return read_earlier(command);
                case function::summary:
                case function::cancel: return true;
            }
            return false;
        }();
        if (!fine) return refusal{fault_};
        return std::move(asked_);
    }

private:
    /// False: `fault_` says why.
    bool read_function()
    {
        const auto now = text_of("func_type");
        const auto old = text_of("funcType");  // in an old sample
        if (!fault_.empty()) return false;
        if (now && old && *now != *old) return wrong("func_type and funcType differ");
        const auto& given = now ? now : old;
        auto what = given ? function_of_number(*given) : by_path_;
        if (!what) return wrong(given ? "Unknown func_type" : "func_type is missing");
        if (by_path_ && *by_path_ != *what) return wrong("The path belongs to another func_type");
        asked_.what = *what;
        return true;
    }

    bool read_payment(command& c)
    {
        if (!read_amount("amt", c)) return false;
        if (!c.amount) return wrong("amt is missing");
        if (const auto number = text_of("out_trade_no")) {
            if (!cloud::is_out_trade_no(*number)) return wrong("Bad out_trade_no");
            c.order = *number;
        }
        if (const auto name = text_of("channel")) {
            c.via = channel_of(*name);
            if (!c.via) return wrong("Unknown channel");
        }
        if (const auto name = text_of("scan_type")) {
            c.scan = scan_type_of(*name);
            if (!c.scan) return wrong("scan_type must be QRCODE_PAY or SCAN_PAY");
        }
        if (!read_number("camera_id", 0, 1, c.camera_id)) return false;
        std::optional<int> seconds;
        constexpr auto most = static_cast<int>(cloud::payment_timeout_max.count());
        if (!read_number("payment_timeout", 1, most, seconds)) return false;
        if (seconds) c.payment_timeout = std::chrono::seconds{*seconds};
        return fault_.empty();
    }

    bool read_refund(command& c)
    {
        std::optional<int> may_modify;
        // No amount: all that is left.
        return read_earlier(c) && read_amount("refund_amount", c) &&
               read_number("allow_modify_flag", 0, 1, may_modify);
    }

    bool read_earlier(command& c)
    {
        auto number = text_of("orderId");
        if (!number) number = text_of("out_trade_no");
        if (!fault_.empty()) return false;
        if (!number) return wrong("orderId is missing");
        if (!cloud::is_out_trade_no(*number)) return wrong("Bad orderId");
        c.of = *number;
        return true;
    }

    bool read_amount(std::string_view name, command& c)
    {
        const auto text = text_of(name);
        if (!text) return fault_.empty();
        const auto amount = parse_dollars(*text);
        if (!amount)
            return wrong(amount.error() == errc::amount_too_large
                             ? std::string{name} + " is too large"
                             : std::string{name} + " must be dollars such as 12.34, above zero");
        c.amount = *amount;
        return true;
    }

    bool read_number(std::string_view name, int least, int most, std::optional<int>& into)
    {
        const auto text = text_of(name);
        if (!text) return fault_.empty();
        into = small_number(*text);
        if (into && *into >= least && *into <= most) return true;
        return wrong(std::string{name} + " must be " + std::to_string(least) + " to " +
                     std::to_string(most));
    }

    /// A text or a number as received. Missing, null and '' are the same to a till.
    std::optional<std::string> text_of(std::string_view name)
    {
        const auto* const found = find(content_, name);
        if (found == nullptr || found->kind == value_kind::null) return std::nullopt;
        if (found->kind != value_kind::text && found->kind != value_kind::number) {
            wrong(std::string{name} + " must be a text or a number");
            return std::nullopt;
        }
        if (found->text.empty()) return std::nullopt;
        return found->text;
    }

    bool wrong(std::string why)
    {
        if (fault_.empty()) fault_ = std::move(why);
        return false;
    }

    const std::vector<pair>& content_;
    std::optional<function> by_path_;
    asked asked_;
    std::string fault_;
};

}  // namespace

std::optional<function> function_of_path(std::string_view path) noexcept
{
    const auto* const found = std::ranges::find(functions, path, &function_row::path);
    if (found == functions.end()) return std::nullopt;
    return found->what;
}

std::variant<asked, refusal> meaning_of(const std::vector<pair>& content,
                                        std::optional<function> by_path)
{
    return reading{content, by_path}.run();
}

}  // namespace ecr::protocol::till::qfpay_local
