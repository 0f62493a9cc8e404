#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace ecr::bench {

/// What ecrbridged holds, in KiB of PSS.
struct memory_alone {
    double idle = 0;        // with a configuration of one terminal, after a ping
    double idle_alone = 0;  // the same where nobody else has OpenSSL, SQLite or libm open
    double a_till = 0;      // of 1,000 that have said ping
};
[[nodiscard]] memory_alone measure_memory();

/// From the start of the program to the first accepted connection; medians, in milliseconds.
struct starts {
    double new_journal = 0;
    double large_journal = 0;  // with so many ended orders, and a log that a kill has left behind
    double large_pss_kib = 0;  // then
};
/// `kept`: a folder where the large journal is made once, and found again by later runs.
[[nodiscard]] starts measure_starts(const std::filesystem::path& kept, int orders, int times);

/// Orders that are not decided yet.
struct open_orders {
    int count = 0;
    double more_kib = 0;       // PSS above that of an idle bridge
    double started_in_ms = 0;  // with all of them to go on with
    double enquiry_us = 0;     // processor time, the HTTPS call included
};
/// `count` of them in the journal; then enquiries at the pace of the cloud's budget.
[[nodiscard]] open_orders measure_open_orders(int count);

/// Processor time of a signed call over a connection that stands, by the bridge's own HTTPS client.
[[nodiscard]] double https_call_us(int calls);

/// Durable steps in a second, by so many writers at once through the bridge's store thread.
[[nodiscard]] double group_commits_per_second(const std::filesystem::path& folder, int writers,
                                              int steps);

}  // namespace ecr::bench
