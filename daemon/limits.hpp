#pragma once

#include <chrono>
#include <cstddef>

/// Every limit of the daemon that is not a setting. Settings have their defaults in config.hpp.
namespace ecr::daemon::limits {

using namespace std::chrono_literals;

// Tills.
inline constexpr std::size_t read_size = 16 * 1024;         // one scratch buffer for all links
inline constexpr std::size_t outbox_size_max = 256 * 1024;  // a till that does not read is dropped
inline constexpr std::size_t commands_in_hand_max = 16;     // per till
inline constexpr std::size_t unproven_replies_max = 64;     // outcomes not known to have arrived
inline constexpr auto dead_after = 60s;                     // silent; see tcp_link
inline constexpr auto last_words = 2s;                      // for a till to read, at the end
inline constexpr auto accept_retry = 100ms;                 // after EMFILE and the like
inline constexpr auto handshake_time = 10s;                 // of TLS, from the connection on
inline constexpr std::chrono::duration<int> keep_alive_idle{60};  // TCP: silence before a probe
inline constexpr std::chrono::duration<int> keep_alive_between{15};
inline constexpr int keep_alive_tries = 4;
inline constexpr auto port_reopen_first = 250ms;  // a serial port that went away
inline constexpr auto port_reopen_max = 5s;

// Orders.
inline constexpr std::size_t orders_of_till_max = 1024;  // that it waits for
inline constexpr std::size_t orders_in_hand_max = 4096;  // running and watched
inline constexpr std::size_t ended_orders_max = 4096;  // remembered for repeats, before sorting out
inline constexpr int list_limit_max = 500;

// The journal's thread.
inline constexpr auto quick_commit = 2ms;            // worth doing on the I/O thread
inline constexpr auto slow_commit_remembered = 10s;  // and everything goes to the store thread

// Cloud.
inline constexpr std::size_t answer_size_max = 1024 * 1024;
inline constexpr std::size_t answer_header_size_max = 32 * 1024;
inline constexpr std::size_t connections_max = 64;
inline constexpr std::size_t connections_for_money = 8;  // kept free for pushes
inline constexpr std::size_t requests_waiting_max = 4096;
inline constexpr auto connection_idle_max = 20s;       // then it is closed
inline constexpr auto connection_idle_for_money = 4s;  // older ones may be dead unseen

// QFPay's records: reconcile, rebuild, settlement.
inline constexpr int record_days_max = 400;     // of one command
inline constexpr int record_pages_max = 5'000;  // of one month, 100 rows each
inline constexpr int record_tries_max = 5;      // of one page
inline constexpr int record_refusals_max = 20;  // of one page, with 429
inline constexpr auto record_retry_first = 1s;
inline constexpr auto record_retry_max = 16s;
inline constexpr auto stop_check_pace = 500ms;          // while a retry is waited for
inline constexpr auto record_edge = 1h;                 // beyond both ends of the days asked for
inline constexpr std::size_t record_lookups_max = 500;  // of a step on the store thread
inline constexpr std::size_t record_rows_at_once = 50;  // told to a till without a breath
inline constexpr auto record_breath = 10ms;

// What listens on HTTP.
inline constexpr std::size_t http_connections_max = 64;
inline constexpr std::size_t http_header_size_max = 16 * 1024;
inline constexpr std::size_t http_body_size_max = 64 * 1024;
inline constexpr std::size_t http_drain_size_max = 256 * 1024;  // read and dropped after a refusal
inline constexpr auto http_request_time = 10s;  // from its first byte to its last; the reply, too
inline constexpr auto http_idle_time = 30s;     // between two requests
inline constexpr auto http_last_words = 2s;     // for a peer to read a refusal, at the end
inline constexpr auto nuisance_log_pace = 60s;  // strangers cannot fill the log
inline constexpr int return_asks_per_minute_max =
    20;  // enquiries that shoppers' browsers may cause

// The status page.
inline constexpr std::size_t page_body_size_max = 8 * 1024;
inline constexpr std::size_t page_connections_max = 128;  // a browser takes one for the events
inline constexpr std::size_t page_streams_max = 32;       // listeners to the events
inline constexpr std::size_t page_sessions_max = 64;      // browsers that have said the token
inline constexpr int page_orders_max = 200;               // in one answer
inline constexpr std::size_t page_trace_max = 200;        // records of one order
inline constexpr auto page_look = 250ms;     // between two looks for news, while somebody listens
inline constexpr auto page_heartbeat = 15s;  // to a listener for whom there is no news
inline constexpr auto page_session_time = 12h;    // then the token is asked for again
inline constexpr auto page_wrong_token = 500ms;   // before the next try over that connection
inline constexpr auto page_action_time = 90s;     // then it is said that the end is not known yet
inline constexpr auto page_listen_retry = 10s;    // while somebody else has its port
inline constexpr std::size_t page_ends_max = 64;  // terminals whose last order is remembered

// Traces of what passes on a link.
inline constexpr std::size_t trace_records_max = 1000;               // in memory, of one link
inline constexpr std::size_t trace_size_max = 256 * 1024;            // their bytes
inline constexpr std::size_t trace_file_size_max = 8 * 1024 * 1024;  // then it is renamed
inline constexpr std::size_t trace_files_max = 4;                    // the one that grows, too
inline constexpr std::size_t trace_waiting_size_max = 1024 * 1024;   // for a slow disk
inline constexpr std::size_t trace_reply_size_max = 48 * 1024;       // bytes told at once
inline constexpr std::size_t trace_row_size_max = 500;               // bytes in one row

// The service manager.
inline constexpr auto status_pace = 1s;   // its sentence about the bridge is at most so old
inline constexpr auto stop_margin = 60s;  // beyond the drain: requests under way, last words

// Files.
inline constexpr std::size_t secret_size_max = 4096;
inline constexpr std::size_t config_size_max = 1024 * 1024;

}  // namespace ecr::daemon::limits
