#include "daemon/page/page_events.hpp"

#include "daemon/limits.hpp"
#include "daemon/page/page_state.hpp"

namespace ecr::daemon {

/// One browser. Source: WHATWG HTML 9.2 for the words.
class page_listener final : public http_stream {
public:
    page_listener(asio::any_io_executor executor, clock& time)
        : heartbeat_{std::move(executor), time}
    {}

    asio::awaitable<std::string> next() override
    {
        for (;;) {
            if (closed_) co_return std::string{};
            if (news_) {
                news_ = false;
                co_return "event: news\ndata: " + std::to_string(++number_) + "\n\n";
            }
            heartbeat_.set(limits::page_heartbeat);
            const bool silent = co_await heartbeat_.wait();
            if (silent && !closed_ && !news_) co_return std::string{":\n\n"};
        }
    }

    void close() override
    {
        closed_ = true;
        heartbeat_.cancel();
    }

    void tell()
    {
        news_ = true;
        heartbeat_.cancel();
    }

    [[nodiscard]] bool closed() const { return closed_; }

private:
    alarm heartbeat_;
    bool news_ = true;  // the first one: it may have come too late for what it knows
    bool closed_ = false;
    std::uint64_t number_ = 0;
};

page_events::page_events(asio::any_io_executor executor, const page_shop& shop)
    : executor_{std::move(executor)}, shop_{shop}, next_look_{executor_, shop.time()}
{}

std::shared_ptr<http_stream> page_events::open()
{
    const auto over = [](const auto& known) {
        const auto listener = known.lock();
        return !listener || listener->closed();
    };
    std::erase_if(listeners_, over);
    if (stopped_ || listeners_.size() >= limits::page_streams_max) return nullptr;
    auto made = std::make_shared<page_listener>(executor_, shop_.time());
    listeners_.push_back(made);
    if (!looking_) {
        looking_ = true;
        seen_ = appearance_of(shop_);
        look();
    }
    return made;
}

void page_events::look()
{
    next_look_.set(limits::page_look);
    next_look_.on_ring([this] {
        std::erase_if(listeners_, [](const auto& known) { return known.expired(); });
        looking_ = !listeners_.empty() && !stopped_;
        if (!looking_) return;
        if (const auto now = appearance_of(shop_); now != seen_) {
            seen_ = now;
            tell();
        }
        look();
    });
}

void page_events::tell()
{
    for (const auto& known : listeners_)
        if (const auto listener = known.lock()) listener->tell();
}

void page_events::touch()
{
    tell();
}

void page_events::stop()
{
    stopped_ = true;
    next_look_.cancel();
    for (const auto& known : listeners_)
        if (const auto listener = known.lock()) listener->close();
}

}  // namespace ecr::daemon
