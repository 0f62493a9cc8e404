#include "daemon/limits.hpp"
#include "daemon/link/channels.hpp"
#include "daemon/link/link_language.hpp"
#include "daemon/link/links.hpp"
#include "daemon/link/pseudo_terminal.hpp"
#include "daemon/link/serial_port.hpp"
#include "daemon/link/till_session.hpp"
#include "daemon/logging.hpp"

#include <algorithm>
#include <utility>

namespace ecr::daemon {
namespace {

/// One till at the end of a wire: a serial port or a pseudo-terminal. The port is opened again
/// whenever it has gone, for as long as the link lives.
class port_link final : public till_link {
public:
    port_link(const link_config& config, till_desk& desk)
        : config_{config}, desk_{desk}, retry_{desk.executor(), desk.time()}
    {}

    void start() override
    {
        language_ = usable_language_of(config_);
        if (config_.kind == link_kind::pty) virtual_port_.emplace(config_.symlink);
        desk_.tasks().spawn(serve());
    }

    void stop(bool now) override
    {
        stopped_ = true;
        retry_.cancel();
        if (const auto session = session_.lock()) session->stop(now);
    }

    std::string where() const override
    {
        return config_.kind == link_kind::pty ? "pty " + config_.symlink.string()
                                              : "serial " + config_.device.string();
    }

    link_state state() const override
    {
        const auto session = session_.lock();
        link_state made{.open = session != nullptr, .problem = problem_};
        if (session) made.tills.push_back({session->till, session->last_heard(), session->waits()});
        return made;
    }

private:
    asio::awaitable<void> serve()
    {
        milliseconds wait = limits::port_reopen_first;
        while (!stopped_) {
            auto [port, problem] = open();
            if (port) {
                log(log_level::info, "port.open", {{"link", config_.name}, {"at", where()}});
                problem_.clear();
                wait = limits::port_reopen_first;
                co_await serve_till(std::move(port));
                if (stopped_) co_return;
                log(log_level::warning, "port.lost", {{"link", config_.name}, {"at", where()}});
            } else if (problem != problem_) {  // said once, however long the port is away
                log(log_level::error, "port.missing",
                    {{"link", config_.name}, {"at", where()}, {"why", problem}});
                problem_ = problem;
            }
            retry_.set(wait);
            (void)co_await retry_.wait();
            wait = std::min<milliseconds>(wait * 2, limits::port_reopen_max);
        }
    }

    std::pair<unique_fd, std::string> open()
    {
        if (virtual_port_) return {virtual_port_->duplicate(), std::string{}};
        auto opening = open_serial_port(config_.device, {.baud = config_.baud,
                                                         .data_bits = config_.data_bits,
                                                         .parity_bit = config_.parity_bit,
                                                         .stop_bits = config_.stop_bits});
        return {std::move(opening.port), std::move(opening.problem)};
    }

    asio::awaitable<void> serve_till(unique_fd port)
    {
        const int descriptor = port.get();
        const auto session = std::make_shared<till_session>(
            make_port_channel(desk_.executor(), port.release(), where()),
            make_dialect(language_, false), desk_, config_, true);
        session->till = config_.till.empty() ? config_.name : config_.till;
        session->till_named = true;  // one wire, one till
        silent_ = false;
        session->on_bytes([this] { heard(); });
        session->on_silence([this, descriptor] { fell_silent(descriptor); });
        session_ = session;
        co_await session->run();
    }

    void heard()
    {
        if (virtual_port_) virtual_port_->forget_exclusive_use();
        if (std::exchange(silent_, false))
            log(log_level::info, "port.heard", {{"link", config_.name}, {"at", where()}});
    }

    /// A wire has no end that could be noticed: a till that is off, or a cable that is out, is only
    /// a till that says nothing. Said once, for the installer.
    void fell_silent(int descriptor)
    {
        if (std::exchange(silent_, true)) return;
        const auto lines = lines_of(descriptor);
        const auto word = [](bool up) { return up ? "up" : "down"; };
        log(log_level::info, "port.silent",
            {{"link", config_.name},
             {"at", where()},
             {"silent_s",
              std::chrono::duration_cast<std::chrono::seconds>(config_.idle_timeout).count()},
             {"dsr", lines ? word(lines->dsr) : "unknown"},
             {"cts", lines ? word(lines->cts) : "unknown"}});
    }

    const link_config& config_;
    till_desk& desk_;
    link_language language_;
    alarm retry_;
    bool stopped_ = false;
    std::string problem_;  // why the port cannot be opened; empty: it can
    bool silent_ = false;  // and the log says so
    std::optional<pseudo_terminal> virtual_port_;
    std::weak_ptr<till_session> session_;
};

}  // namespace

std::unique_ptr<till_link> make_port_link(const link_config& config, till_desk& desk)
{
    return std::make_unique<port_link>(config, desk);
}

}  // namespace ecr::daemon
