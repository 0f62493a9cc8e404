#pragma once

#include "peer.hpp"
#include "tests/process/shop.hpp"
#include "tests/support/qfpay_local_till.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ecr::hostile {

using namespace std::chrono_literals;
using process::value_of;
using std::chrono::milliseconds;

/// A POS-KEY that nobody has printed.
inline constexpr std::string_view own_pos_key = "0123456789abcdef0123456789abcdef";

/// The shop of the process tests with a link of every kind, whose bridge is the one attacked:
///
/// shop   line                    web    qfpay-local over HTTP
/// secure line, TLS only          webs   qfpay-local over HTTP and HTTPS
/// old    hypercom                app    qfpay-local over TCP
class BesiegedTest : public process::ProcessTest {
protected:
    explicit BesiegedTest(simulator::settings cloud = quick_cloud());

    /// What is added to every link of that name.
    struct additions {
        std::string web;
        std::string webs;
        std::string app;
        std::string old;
        std::string secure;
    };
    /// All links, and the listener for notifications. Further lines go to the sections named.
    [[nodiscard]] process::shop_config every_link(const additions& more = {}) const;

    [[nodiscard]] peer at(const std::string& link, const std::string& from = "127.0.0.1");
    [[nodiscard]] std::uint16_t notification_port();

    /// Orders that the journal holds, counted by a till.
    int orders();
    /// A good till pays: the bridge is none the worse for what came before.
    void expect_served(const std::string& number);
    /// Lines of the log with this event.
    [[nodiscard]] int logged(std::string_view event) const;
    /// Of all that the bridge may touch: no table is gone, and no row is damaged.
    void expect_journal_sound() const;

private:
    std::string chain_;
    std::string certificate_key_;
};

/// The body that a till of the qfpay-local dialect would send.
[[nodiscard]] std::string sealed(const test::qfpay_local_till::content& what,
                                 const std::string& key = test::qfpay_habits{}.key,
                                 bool encrypts = true);
/// A payment of one dollar under this number.
[[nodiscard]] std::string sealed_payment(const std::string& number,
                                         const std::string& key = test::qfpay_habits{}.key);

/// A POST as tills send it. `more`: further header lines, each with its end.
[[nodiscard]] std::string post(std::string_view path, std::string_view body,
                               std::string_view more = {}, std::string_view host = "127.0.0.1");

}  // namespace ecr::hostile
