#pragma once

#include "daemon/link/browser_hello.hpp"
#include "daemon/link/byte_channel.hpp"
#include "daemon/till_client.hpp"
#include "daemon/till_desk.hpp"
#include "daemon/waiting_line.hpp"
#include "protocol/till/dialect.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace ecr::daemon {

/// One till on one link: bytes to commands, replies to bytes, and what is known of their arrival.
class till_session final : public till_client, public std::enable_shared_from_this<till_session> {
public:
    till_session(std::unique_ptr<byte_channel> channel,
                 std::unique_ptr<protocol::till::dialect> language, till_desk& desk,
                 const link_config& link, bool is_local);

    /// Serves the till until it leaves, or stop().
    [[nodiscard]] asio::awaitable<void> run();

    /// No more commands; closes once the replies in hand are written, at once when `now`.
    void stop(bool now);

    /// It waits for nothing, and nothing has come from it for a while.
    [[nodiscard]] bool looks_dead() const;
    /// It has asked for something that has not ended.
    [[nodiscard]] bool waits() const noexcept { return in_hand_ > 0; }
    [[nodiscard]] milliseconds last_heard() const noexcept { return last_heard_; }

    /// Called whenever bytes have come. For the port's sake.
    void on_bytes(std::function<void()> heard) { on_bytes_ = std::move(heard); }

    /// Called when a port that waits for nothing has been silent for the link's idle timeout, and
    /// after each further one.
    void on_silence(std::function<void()> noticed) { on_silence_ = std::move(noticed); }

    /// Called when it turns out to be a browser; the connection ends.
    void on_browser(std::function<void()> noticed) { on_browser_ = std::move(noticed); }

    void tell(const protocol::till::reply& what) override;
    void keep(std::shared_ptr<order_observer> observer) override;
    void drop(const order_observer* observer) override;
    [[nodiscard]] const link_config& link() const override { return link_; }
    [[nodiscard]] bool is_local() const override { return local_; }

private:
    using clock_point = milliseconds;

    void received(std::string_view bytes);
    /// Whether the other side is a browser, where a browser has no business; then it is sent away.
    [[nodiscard]] bool is_browser(std::string_view bytes);
    void carry_out(protocol::till::dialect_output out);
    void say(const protocol::till::reply& what);
    [[nodiscard]] static asio::awaitable<void> say_with_invoice(std::shared_ptr<till_session> self,
                                                                protocol::till::outcome what);
    void all_have_arrived();
    void arrived(const std::string& out_trade_no);
    void set_timer();
    void timer_rang();
    void write_outbox();
    [[nodiscard]] asio::awaitable<void> write_all();
    void close_when_done();
    void say_goodbye();
    /// The only way to `closed_`.
    void shut();

    std::unique_ptr<byte_channel> channel_;
    std::unique_ptr<protocol::till::dialect> language_;
    till_desk& desk_;
    const link_config& link_;
    bool local_;
    std::function<void()> on_bytes_;
    std::function<void()> on_silence_;
    std::function<void()> on_browser_;
    browser_hello hello_;

    alarm timer_;  // the dialect's, and the one for silence
    clock_point last_heard_{};
    std::optional<clock_point> dialect_due_;
    std::optional<milliseconds> dialect_timer_;

    std::string outbox_;
    bool writing_ = false;
    bool leaving_ = false;     // the till has finished sending, or stop() was called
    bool hanging_up_ = false;  // close once the outbox is empty
    bool over_ = false;        // the dialect's conversation has ended in good order
    bool finished_ = false;    // … and the till has been told that nothing more will come
    bool closed_ = false;
    waiting_line shut_;           // called when closed_
    std::size_t in_hand_ = 0;     // commands not ended yet
    std::size_t on_the_way_ = 0;  // replies that are still being completed
    std::unique_ptr<trace_tap> trace_;

    protocol::till::reply_id last_reply_ = 0;
    std::map<protocol::till::reply_id, std::string> unacknowledged_;  // dialect will say
    std::map<protocol::till::reply_id, std::string> unproven_;  // written; the link has to judge
    std::vector<std::shared_ptr<order_observer>> observers_;
};

}  // namespace ecr::daemon
