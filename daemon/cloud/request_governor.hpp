#pragma once

#include "daemon/clock.hpp"
#include "daemon/waiting_line.hpp"

#include <array>
#include <cstddef>
#include <deque>
#include <optional>
#include <set>

namespace ecr::daemon {

/// Who goes first when requests have to wait.
enum class importance : int {
    money = 0,    // pushes and cancels; may use the reserve
    waiting = 1,  // an enquiry for a shopper who waits
    doubt = 2,
    watch = 3,
};
inline constexpr std::size_t importance_count = 4;

/// What a governor has left, for the status page and `doctor`.
struct headroom {
    int used_last_minute = 0;
    int per_minute = 0;
    std::array<std::size_t, importance_count> waiting{};  // by importance
    milliseconds longest_wait{};  // of who waits at this moment; a grant ends it
    bool backing_off = false;     // the cloud answered 429, and that is not over yet
};

/// QFPay's limits on one merchant's requests, over all tills and terminals: so many a second, so
/// many in a sliding minute. Source: design 3 "Asking"; contract 8.6, 13.19.
///
/// Enquiries are spread: a minute's worth of them sent at once would keep every shopper in the
/// dark for the rest of the minute. Money is not, and has a small reserve. Within a class, first
/// come, first served; between classes, the more important first, except that no class is passed
/// over more than `passed_over_max` times in a row.
///
/// Other bridges may use the same merchant unseen. A 429 tells of them: see refused().
class request_governor {
public:
    /// One slot in forty for the doubtful and one for the watched leaves 19 in 20 for the shoppers:
    /// what thirty of them need to be asked about every 5 s.
    static constexpr int passed_over_max = 39;

    request_governor(asio::any_io_executor executor, clock& time, int per_minute, int per_second);

    /// Waits for leave to send one request. False: stopped.
    [[nodiscard]] asio::awaitable<bool> turn(importance who);

    /// The last leave was not needed: nothing was sent.
    void give_back(importance who);

    /// The cloud answered 429. Nobody sends for a moment, longer each time in a row; enquiries stay
    /// away until the cloud's minute must have room again, and then go on at half the pace. After a
    /// minute in peace the pace grows slowly.
    void refused();
    void answered();

    [[nodiscard]] headroom room() const;

    void stop();

private:
    using times = std::deque<milliseconds>;

    [[nodiscard]] waiting_line& line(importance who)
    {
        return lines_[static_cast<std::size_t>(who)];
    }
    [[nodiscard]] std::size_t in_line() const;
    void bring_up_to_date();
    [[nodiscard]] double pace() const;  // enquiries a millisecond
    [[nodiscard]] milliseconds wait_within(std::size_t minute_max, std::size_t second_max) const;
    [[nodiscard]] milliseconds wait_needed(importance who);
    [[nodiscard]] importance next_class() const;
    void note(importance who);
    void serve();

    clock& clock_;
    const int per_minute_;
    const int per_second_;
    const int reserve_;  // of the minute, for money
    const double burst_;

    times sent_;   // of the last minute
    times money_;  // those of them that were money
    double tokens_;
    milliseconds filled_;  // when tokens_ was right

    int refusals_ = 0;           // in a row
    milliseconds not_before_{};  // for everybody
    milliseconds refused_last_{};
    std::optional<std::size_t> own_max_;  // enquiries wait until sent_ is that short
    double share_ = 1;                    // of the pace, after refusals

    std::array<waiting_line, importance_count> lines_;
    std::array<int, importance_count> passed_over_{};
    std::multiset<milliseconds> arrivals_;
    alarm next_;
    bool stopped_ = false;
};

}  // namespace ecr::daemon
