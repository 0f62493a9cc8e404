#pragma once

#include "daemon/certify/certify_case.hpp"
#include "daemon/config.hpp"
#include "protocol/till/trace_record.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace ecr::daemon::certify {

/// How fast the people of the play are.
struct pace {
    milliseconds shopper{700};     // from shown to paid
    milliseconds window{2'000};    // that a shopper has
    milliseconds patience{3'000};  // then the till is told how the sale stands
    milliseconds doubt{6'000};     // how long QFPay stays silent
    milliseconds silence{3'000};   // after a reply that got lost, until the connection ends
    milliseconds dark{1'500};      // the bridge without power
    milliseconds settling{800};    // after the till has finished

    /// For a till that a person works.
    static pace of_people();
};

struct stage_plan {
    std::vector<link_config> links;  // those of the shop; none: a TCP link
    std::uint16_t port = 9100;       // of that one; 0: any free one
    certify::pace pace;
};

/// A bridge with a simulated QFPay inside, its tills' links, and everything that can go wrong. All
/// happens while until() is running: one thread.
class stage {
public:
    /// Throws boost::system::system_error: a port is taken.
    explicit stage(stage_plan plan);
    ~stage();
    stage(const stage&) = delete;
    stage& operator=(const stage&) = delete;

    /// Where tills find the bridge: "tcp 127.0.0.1:9100", one a link.
    [[nodiscard]] std::vector<std::string> where() const;
    /// "127.0.0.1:9100" of the first TCP link; or "".
    [[nodiscard]] std::string address() const;

    /// Lets time pass until the condition holds. False: not within `limit`.
    bool until(const std::function<bool()>& condition, milliseconds limit);

    /// Prepares a trial. What goes wrong in it goes wrong by itself.
    void begin(trial which);
    /// After the till has finished: waits until all its orders have come to rest, and repairs what
    /// was broken. Gives what was seen; who shows what is the caller's to add.
    [[nodiscard]] observation end();

    /// What has passed between till and bridge since begin().
    [[nodiscard]] const std::vector<protocol::till::trace_record>& trace() const;
    /// The till's number of the newest paid order since the start, for a refund; or "".
    [[nodiscard]] std::string paid_number() const;

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

}  // namespace ecr::daemon::certify
