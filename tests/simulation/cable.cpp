#include "tests/simulation/cable.hpp"

#include "daemon/link/link_language.hpp"
#include "daemon/link/till_session.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <list>

namespace ecr::simulation {
namespace {

namespace asio = boost::asio;
using daemon::byte_channel;
using daemon::link_config;
using namespace std::chrono_literals;

/// The bridge's end of a cable.
class memory_channel final : public byte_channel {
public:
    memory_channel(asio::any_io_executor executor, std::shared_ptr<cable> line)
        : line_{std::move(line)}, bell_{executor, asio::steady_timer::time_point::max()}
    {
        line_->bridge_wakes = [this] { bell_.cancel(); };
    }
    ~memory_channel() override
    {
        line_->bridge_wakes = nullptr;
        close();
    }

    asio::awaitable<result<std::string_view>> read() override
    {
        while (line_->arrived.empty() && !line_->finished && !line_->broken && !closed_)
            (void)co_await bell_.async_wait(asio::as_tuple(asio::use_awaitable));
        error_code why = asio::error::eof;
        if (closed_) why = asio::error::operation_aborted;
        if (line_->broken) why = asio::error::connection_reset;
        if (closed_ || line_->arrived.empty()) co_return why;
        taken_ = std::exchange(line_->arrived, {});
        co_return std::string_view{taken_};
    }

    asio::awaitable<error_code> write(std::string bytes) override
    {
        error_code why;
        if (closed_ || line_->broken)
            why = asio::error::broken_pipe;
        else
            line_->to_till(std::move(bytes));
        co_return why;
    }

    void close() override
    {
        if (std::exchange(closed_, true)) return;
        line_->bridge_finishes();
        bell_.cancel();
    }
    void finish() override { line_->bridge_finishes(); }
    bool all_arrived() override { return line_->all_arrived(); }
    const std::string& name() const override { return name_; }

private:
    std::shared_ptr<cable> line_;
    asio::steady_timer bell_;
    std::string taken_;
    std::string name_{"a simulated till"};
    bool closed_ = false;
};

}  // namespace

milliseconds cable::arrival(milliseconds& last)
{
    const auto delay = luck_ == nullptr ? 5ms : luck_->between(1ms, 20ms);
    last = std::max(last, wires_.now() + delay);
    return last;
}

void cable::later(milliseconds at, std::function<void(cable&)> then)
{
    wires_.at(at, [weak = weak_from_this(), then = std::move(then)] {
        if (const auto self = weak.lock()) then(*self);
    });
}

void cable::deliver_to_bridge(const std::string& bytes)
{
    if (cut_) return;
    arrived += bytes;
    if (bridge_wakes) bridge_wakes();
}

void cable::disturb(std::string& bytes)
{
    if (noise == 0 || luck_ == nullptr || bytes.empty() || !luck_->per_mille(noise)) return;
    const auto at = luck_->below(bytes.size());
    switch (luck_->below(3)) {
        case 0: bytes.erase(at, 1); break;
        case 1: bytes.insert(at, 1, bytes[at]); break;
        default: bytes[at] = static_cast<char>(bytes[at] ^ (1 + luck_->below(127))); break;
    }
}

void cable::to_bridge(std::string bytes)
{
    disturb(bytes);
    const bool cuts = luck_ != nullptr && luck_->per_cent(30) && !bytes.empty();
    const auto piece = cuts ? luck_->below(bytes.size()) : 0;
    for (const auto& part : {bytes.substr(0, piece), bytes.substr(piece)})
        if (!part.empty())
            later(arrival(last_to_bridge_), [part](cable& c) { c.deliver_to_bridge(part); });
}

void cable::to_till(std::string bytes)
{
    disturb(bytes);
    ++on_the_way_to_till_;
    later(arrival(last_to_till_), [bytes = std::move(bytes)](cable& c) {
        --c.on_the_way_to_till_;
        if (!c.cut_ && c.till_hears) c.till_hears(bytes);
    });
}

void cable::till_finishes()
{
    later(arrival(last_to_bridge_), [](cable& c) {
        c.finished = true;
        if (c.bridge_wakes) c.bridge_wakes();
    });
}

void cable::bridge_finishes()
{
    later(arrival(last_to_till_), [](cable& c) {
        if (!c.cut_ && c.till_left_alone) c.till_left_alone();
    });
}

void cable::cut(bool told)
{
    if (std::exchange(cut_, true) || !told) return;
    broken = true;
    if (bridge_wakes) bridge_wakes();
}

memory_wire::memory_wire(std::shared_ptr<cable> line) : line_{std::move(line)}
{
    line_->till_hears = [this](std::string_view bytes) {
        if (over_) return;  // the till has left
        heard(bytes);
        if (news_) news_();
    };
    line_->till_left_alone = [this] {
        left_alone_ = !over_;
        if (!std::exchange(over_, true) && end_) end_();
    };
}

memory_wire::~memory_wire()
{
    line_->till_hears = nullptr;
    line_->till_left_alone = nullptr;
    hang_up();
}

void memory_wire::hang_up()
{
    if (!std::exchange(over_, true)) line_->till_finishes();
}

class memory_link final : public daemon::till_link {
public:
    memory_link(const link_config& config, daemon::till_desk& desk, link_hub& hub)
        : config_{config}, desk_{desk}, hub_{hub}
    {}
    ~memory_link() override { leave(); }

    void start() override
    {
        language_ = daemon::usable_language_of(config_);
        hub_.links_[config_.name] = this;
    }
    void stop(bool now) override
    {
        leave();
        for (const auto& known : sessions_)
            if (const auto session = known.lock()) session->stop(now);
    }
    std::string where() const override { return "memory " + config_.name; }

    void admit(std::shared_ptr<cable> line)
    {
        sessions_.remove_if([](const auto& known) { return known.expired(); });
        const auto session = std::make_shared<daemon::till_session>(
            std::make_unique<memory_channel>(desk_.executor(), std::move(line)),
            daemon::make_dialect(language_, false), desk_, config_, true);
        session->till_named = true;
        session->till = config_.till;
        sessions_.push_back(session);
        desk_.tasks().spawn(serve(session));
    }

private:
    static asio::awaitable<void> serve(std::shared_ptr<daemon::till_session> session)
    {
        co_await session->run();
    }
    void leave()
    {
        const auto known = hub_.links_.find(config_.name);
        if (known != hub_.links_.end() && known->second == this) hub_.links_.erase(known);
    }

    const link_config& config_;
    daemon::till_desk& desk_;
    link_hub& hub_;
    daemon::link_language language_;
    std::list<std::weak_ptr<daemon::till_session>> sessions_;
};

std::unique_ptr<memory_wire> link_hub::connect(const std::string& link, simulator::agenda& wires,
                                               fate* luck)
{
    const auto found = links_.find(link);
    if (found == links_.end()) return nullptr;
    const auto line = std::make_shared<cable>(wires, luck);
    if (const auto noisy = noise_.find(link); noisy != noise_.end()) line->noise = noisy->second;
    std::erase_if(cables_, [](const auto& known) { return known.expired(); });
    cables_.push_back(line);
    found->second->admit(line);
    return std::make_unique<memory_wire>(line);
}

std::unique_ptr<daemon::till_link> link_hub::open(const link_config& config,
                                                  daemon::till_desk& desk)
{
    return std::make_unique<memory_link>(config, desk, *this);
}

void link_hub::power_off()
{
    links_.clear();
    for (const auto& known : std::exchange(cables_, {}))
        if (const auto line = known.lock()) line->bridge_finishes();
}

}  // namespace ecr::simulation
