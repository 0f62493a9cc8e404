#pragma once

#include "daemon/clock.hpp"
#include "daemon/config.hpp"
#include "protocol/till/trace_cutter.hpp"
#include "protocol/till/trace_record.hpp"

#include <cstdint>
#include <deque>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace boost::asio {
class thread_pool;
}

namespace ecr::daemon {

class trace_file;
class trace_book;

/// Listens to one till. Nothing it does delays the till, and nothing it fails at fails the till.
class trace_tap {
public:
    /// `till` outlives it.
    trace_tap(trace_book& book, const link_config& link, std::uint64_t connection,
              const std::string& till, std::unique_ptr<protocol::till::trace_cutter> cutter,
              const std::string& peer);
    ~trace_tap();
    trace_tap(const trace_tap&) = delete;
    trace_tap& operator=(const trace_tap&) = delete;

    void heard(std::string_view bytes);
    void said(std::string_view bytes);
    /// The dialect's patience is over: what the till has begun will not go on.
    void expired();
    /// From now on nothing is kept: a reader of the trace would read itself.
    void mute() { muted_ = true; }

private:
    void take(protocol::till::heading way, std::string_view bytes);
    void give_up(protocol::till::heading way);
    void put(protocol::till::trace_event what, std::string_view form, std::string bytes);
    void put(protocol::till::heading way, std::vector<protocol::till::trace_unit> units);

    trace_book& book_;
    std::weak_ptr<const void> book_lives_;  // a task may be thrown away after the bridge
    const link_config& link_;
    std::uint64_t connection_;
    const std::string& till_;
    std::unique_ptr<protocol::till::trace_cutter> cutter_;
    bool muted_ = false;
};

/// The last that has passed on each link, in memory; and all of it in files, where the settings say
/// so. Belongs to the I/O thread.
class trace_book {
public:
    struct kept {
        std::uint64_t number = 0;  // counted since the bridge's start, over all links
        protocol::till::trace_record record;
    };

    trace_book(clock& time, const std::vector<link_config>& links);
    /// Waits for the files.
    ~trace_book();

    /// A link that has come since: its file is opened, if it has one.
    void add(const link_config& link);

    /// For one till; nullptr: its language cannot be traced.
    [[nodiscard]] std::unique_ptr<trace_tap> tap(
        const link_config& link, const std::string& till,
        std::unique_ptr<protocol::till::trace_cutter> cutter, const std::string& peer);

    /// What came after number `after`, oldest first: of one link, or of all when `link` is empty.
    [[nodiscard]] std::vector<const kept*> since(const std::string& link,
                                                 std::uint64_t after) const;
    [[nodiscard]] std::uint64_t last_number() const noexcept { return last_; }
    [[nodiscard]] const std::vector<link_config>& links() const noexcept { return links_; }

private:
    friend class trace_tap;

    struct shelf {
        std::deque<kept> records;
        std::size_t size = 0;  // of their bytes
        std::shared_ptr<trace_file> file;
    };

    void keep(const std::string& link, protocol::till::trace_record&& record);

    clock& time_;
    const std::vector<link_config>& links_;
    std::shared_ptr<const void> lives_ = std::make_shared<int>();
    std::unique_ptr<boost::asio::thread_pool> writer_;
    std::map<std::string, shelf> shelves_;
    std::map<std::filesystem::path, std::shared_ptr<trace_file>> files_;  // links may share one
    std::uint64_t last_ = 0;
    std::uint64_t connections_ = 0;
};

}  // namespace ecr::daemon
