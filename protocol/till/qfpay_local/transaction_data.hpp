#pragma once

#include "protocol/till/reply.hpp"

#include <cstdint>
#include <string>
#include <string_view>

/// The JSON inside `data`: an order in the words of the terminal app. Source: dialects.md 1.3.
namespace ecr::protocol::till::qfpay_local {

/// Writes one JSON object, names in the order given.
class object_text {
public:
    object_text& add(std::string_view name, std::string_view text);
    object_text& add(std::string_view name, std::int64_t number);
    [[nodiscard]] std::string take();

private:
    void put_name(std::string_view name);

    std::string text_ = "{";
};

// Units: txamt and the like are minor units. Texts in payments and refunds, numbers in enquiries.
[[nodiscard]] std::string payment_data(const outcome& r);
[[nodiscard]] std::string refund_data(const outcome& r);
[[nodiscard]] std::string enquiry_data(const outcome& r);

}  // namespace ecr::protocol::till::qfpay_local
