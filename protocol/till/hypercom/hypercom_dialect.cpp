#include "protocol/till/hypercom/hypercom_dialect.hpp"

#include "protocol/till/hypercom/conversation.hpp"
#include "protocol/till/hypercom/response_code.hpp"

#include <algorithm>

namespace ecr::protocol::till::hypercom {
namespace {

bool fits(std::string_view text, std::size_t size) noexcept
{
    return text.size() <= size && plain(text, size) == text;
}

}  // namespace

std::unique_ptr<dialect> make_hypercom_dialect(const settings& how)
{
    return std::make_unique<conversation>(how);
}

std::vector<wallet> usual_wallets()
{
    return {{"01", channel::alipay}, {"02", channel::wx},    {"03", channel::union_qr},
            {"04", channel::fps},    {"05", channel::payme}, {"06", channel::octopus}};
}

std::vector<std::string> faults_of(const settings& how)
{
    std::vector<std::string> faults;
    const auto must = [&](bool holds, std::string fault) {
        if (!holds) faults.push_back(std::move(fault));
    };
    must(how.repeat_after >= repeat_after_min && how.repeat_after <= repeat_after_max,
         "repeat_after must be 500 ms to 30 s");
    must(how.response_tries >= 1 && how.response_tries <= response_tries_max,
         "response_tries must be 1 to 10");
    must(fits(how.terminal_id, terminal_id_size),
         "terminal_id must be at most 8 printable ASCII characters");
    must(fits(how.merchant_id, merchant_id_size),
         "merchant_id must be at most 15 printable ASCII characters");
    const bool ascii = how.encoding == text_encoding::ascii;
    const bool written = can_write(how.merchant_name, how.encoding) &&
                         fitted(how.merchant_name, how.encoding, merchant_name_size) ==
                             from_utf8(how.merchant_name, how.encoding);
    must(written, ascii ? "merchant_name must be at most 69 printable ASCII characters"
                        : "merchant_name must be at most 69 bytes of printable text in " +
                              std::string{name_of(how.encoding)});
    for (std::size_t i = 0; i < how.wallets.size(); ++i) {
        const auto& type = how.wallets[i].type;
        must(type.size() == 2 && fits(type, 2) && type.find(' ') == std::string::npos,
             "wallet type '" + plain(type, text_size) + "' must be two printable characters");
        const auto before = how.wallets.begin() + static_cast<std::ptrdiff_t>(i);
        must(std::find_if(how.wallets.begin(), before,
                          [&](const wallet& w) { return w.type == type; }) == before,
             "wallet type '" + plain(type, text_size) + "' stands twice");
    }
    return faults;
}

}  // namespace ecr::protocol::till::hypercom
