#pragma once

#include "tests/simulator/core.hpp"

#include <string>
#include <string_view>

namespace ecr::simulator {

/// The head of a response with the length of its body. The Date is QFPay's, from our clock: a
/// client that measures its own clock against it measures the right thing under virtual time too.
[[nodiscard]] std::string http_head(const answer& reply, bool keep_alive, timestamp now,
                                    std::string_view sign);

/// "Sun, 06 Nov 1994 08:49:37 GMT". Source: RFC 9110, 5.6.7.
[[nodiscard]] std::string http_date(timestamp at);

/// What a gateway says in place of the cloud: a page, never JSON.
[[nodiscard]] answer page_of_status(int http_status);
[[nodiscard]] std::string html_page(std::string_view title);

}  // namespace ecr::simulator
