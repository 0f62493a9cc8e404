#include "tests/support/cutting_relay.hpp"

#include "daemon/as_result.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <list>
#include <ostream>
#include <string_view>
#include <utility>

namespace ecr::test {
namespace asio = boost::asio;

namespace {

using tcp = asio::ip::tcp;
using boost::system::error_code;

constexpr std::size_t record_header_size = 5;  // RFC 8446, 5.1: type, version, length
constexpr auto never = std::numeric_limits<std::size_t>::max();

/// Where the TLS records of one way of one connection end.
class record_reader {
public:
    /// Takes the next byte. Gives how many bytes of the record follow it, when its header is
    /// complete.
    std::optional<std::size_t> take(char c)
    {
        if (left_ > 0) {
            --left_;
            return std::nullopt;
        }
        header_ += c;
        if (header_.size() < record_header_size) return std::nullopt;
        left_ = static_cast<std::size_t>(static_cast<unsigned char>(header_[3])) << 8U |
                static_cast<unsigned char>(header_[4]);
        header_.clear();
        return left_;
    }

private:
    std::string header_;
    std::size_t left_ = 0;
};

/// Two sockets that belong together.
struct joint {
    joint(tcp::socket from, const asio::any_io_executor& executor)
        : client{std::move(from)}, server{executor}
    {}
    tcp::socket& from(heading way) { return way == heading::up ? client : server; }
    tcp::socket& to(heading way) { return way == heading::up ? server : client; }
    record_reader& reader(heading way) { return way == heading::up ? up : down; }
    void end(ending how)
    {
        error_code ignored;  // either end may be gone already
        for (auto* each : {&client, &server}) {
            if (how == ending::reset) (void)each->set_option(tcp::socket::linger{true, 0}, ignored);
            if (how == ending::closed) (void)each->shutdown(tcp::socket::shutdown_send, ignored);
            (void)each->close(ignored);
        }
    }

    tcp::socket client;
    tcp::socket server;
    record_reader up;
    record_reader down;
    bool silent = false;
};
using joint_ptr = std::shared_ptr<joint>;

void rethrow(std::exception_ptr failed)
{
    if (failed) std::rethrow_exception(failed);
}

const char* name_of(ending how)
{
    switch (how) {
        case ending::closed: return "closed";
        case ending::reset: return "reset";
        case ending::silence: return "silent";
    }
    return "?";
}

}  // namespace

std::string cut::text() const
{
    auto where = std::to_string(after) + " bytes";
    if (record)
        where =
            "record " + std::to_string(*record) + (beyond < 0 ? "" : "+") + std::to_string(beyond);
    return std::string{name_of(how)} + (for_good ? " for good" : "") + " after " + where +
           (way == heading::up ? " up" : " down");
}

void PrintTo(const cut& c, std::ostream* out)
{
    *out << c.text();
}

struct cutting_relay::parts {
    struct count {
        std::size_t passed = 0;
        std::size_t records = 0;
    };

    parts(asio::any_io_executor of, std::uint16_t leads_to)
        : executor{std::move(of)},
          target{asio::ip::address_v4::loopback(), leads_to},
          acceptor{executor, {asio::ip::address_v4::loopback(), 0}},
          here{acceptor.local_endpoint()}
    {}

    asio::any_io_executor executor;
    tcp::endpoint target;
    tcp::acceptor acceptor;
    tcp::endpoint here;
    std::list<joint_ptr> open;
    std::optional<cut> planned;
    std::size_t cut_after = never;
    count up;
    count down;
    int connections = 0;
    bool has_cut = false;
    std::optional<ending> from_now_on;  // those who connect find this

    count& of(heading way) { return way == heading::up ? up : down; }

    static void listen(const std::shared_ptr<parts>& self)
    {
        if (!self->acceptor.is_open()) self->acceptor = tcp::acceptor{self->executor, self->here};
        asio::co_spawn(self->executor, accept(self), rethrow);
    }

    // A task begins when the executor gets to it, and the relay may be gone by then.
    static asio::awaitable<void> accept(std::shared_ptr<parts> self)
    {
        for (;;) {
            auto [failed, socket] = co_await self->acceptor.async_accept(as_result);
            if (failed) co_return;
            ++self->connections;
            const auto next = std::make_shared<joint>(std::move(socket), self->executor);
            self->open.push_back(next);
            asio::co_spawn(self->executor, self->serve(self, next), rethrow);
        }
    }

    asio::awaitable<void> serve(std::shared_ptr<parts> self, joint_ptr one)
    {
        if (from_now_on) {
            one->silent = *from_now_on == ending::silence;
            if (!one->silent) one->end(*from_now_on);
            co_return;
        }
        const auto [failed] = co_await one->server.async_connect(target, as_result);
        if (failed) {
            one->end(ending::closed);
            co_return;
        }
        // A simulation's time does not wait for delayed acknowledgements.
        error_code ignored;
        for (auto* each : {&one->client, &one->server})
            (void)each->set_option(tcp::no_delay{true}, ignored);
        if (cut_after == 0) co_return end(one);
        asio::co_spawn(executor, relay(self, one, heading::up), rethrow);
        asio::co_spawn(executor, relay(self, one, heading::down), rethrow);
    }

    /// Hands over what one side says until it ends, or until it is cut.
    asio::awaitable<void> relay([[maybe_unused]] std::shared_ptr<parts> self, joint_ptr one,
                                heading way)
    {
        std::array<char, 16 * 1024> buffer{};
        for (;;) {
            const auto [ended, size] =
                co_await one->from(way).async_read_some(asio::buffer(buffer), as_result);
            if (one->silent) co_return;
            if (ended) break;
            const auto passes = allowed(*one, way, {buffer.data(), size});
            const auto [failed, written] = co_await asio::async_write(
                one->to(way), asio::buffer(buffer.data(), passes), as_result);
            if (one->silent) co_return;
            if (is_cut_now(way)) co_return end(one);
            if (failed) break;
        }
        error_code ignored;  // the other side may have gone first
        (void)one->to(way).shutdown(tcp::socket::shutdown_send, ignored);
    }

    /// How many of these bytes pass. Counts them.
    std::size_t allowed(joint& one, heading way, std::string_view bytes)
    {
        auto& counted = of(way);
        std::size_t passes = 0;
        for (const char c : bytes) {
            if (is_cut_now(way)) break;
            ++counted.passed;
            ++passes;
            const auto follows = one.reader(way).take(c);
            if (!follows) continue;
            if (planned && planned->way == way && planned->record == counted.records)
                cut_after = counted.passed + *follows + static_cast<std::size_t>(planned->beyond);
            ++counted.records;
        }
        return passes;
    }

    [[nodiscard]] bool is_cut_now(heading way)
    {
        return planned && !has_cut && planned->way == way && of(way).passed == cut_after;
    }

    void end(const joint_ptr& one)
    {
        has_cut = true;
        cut_after = never;
        const auto how = planned->how;
        one->silent = how == ending::silence;
        if (!one->silent) one->end(how);
        if (!planned->for_good) return;
        from_now_on = how;
        error_code ignored;  // it may be closed already
        if (how == ending::closed) (void)acceptor.close(ignored);
    }

    void end_all()
    {
        for (const auto& each : open)
            each->end(ending::closed);
        open.clear();
    }
};

cutting_relay::cutting_relay(asio::any_io_executor executor, std::uint16_t leads_to)
    : parts_{std::make_shared<parts>(std::move(executor), leads_to)}
{
    parts::listen(parts_);
}

cutting_relay::~cutting_relay()
{
    error_code ignored;  // it may be closed already
    (void)parts_->acceptor.close(ignored);
    parts_->end_all();
}

std::uint16_t cutting_relay::port() const
{
    return parts_->here.port();
}

void cutting_relay::begin(std::optional<cut> where)
{
    heal();
    parts_->end_all();
    parts_->up = {};
    parts_->down = {};
    parts_->connections = 0;
    parts_->has_cut = false;
    parts_->planned = where;
    if (where && !where->record) parts_->cut_after = where->after;
}

void cutting_relay::heal()
{
    parts_->planned.reset();
    parts_->cut_after = never;
    parts_->from_now_on.reset();
    if (!parts_->acceptor.is_open()) parts::listen(parts_);
}

void cutting_relay::refuse()
{
    error_code ignored;  // it may be closed already
    (void)parts_->acceptor.close(ignored);
    parts_->end_all();
}

bool cutting_relay::has_cut() const
{
    return parts_->has_cut;
}
int cutting_relay::connections() const
{
    return parts_->connections;
}
std::size_t cutting_relay::passed(heading way) const
{
    return way == heading::up ? parts_->up.passed : parts_->down.passed;
}
std::size_t cutting_relay::records(heading way) const
{
    return way == heading::up ? parts_->up.records : parts_->down.records;
}

}  // namespace ecr::test
