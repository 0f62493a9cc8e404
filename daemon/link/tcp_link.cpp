#include "daemon/as_result.hpp"
#include "daemon/http/address_list.hpp"
#include "daemon/http/server_tls.hpp"
#include "daemon/limits.hpp"
#include "daemon/link/channels.hpp"
#include "daemon/link/link_language.hpp"
#include "daemon/link/links.hpp"
#include "daemon/link/till_session.hpp"
#include "daemon/log_often.hpp"
#include "daemon/log_pace.hpp"
#include "daemon/logging.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include <algorithm>
#include <list>
#include <map>

namespace ecr::daemon {
namespace {

using asio::ip::tcp;

class tcp_link final : public till_link {
public:
    tcp_link(const link_config& config, till_desk& desk)
        : config_{config},
          desk_{desk},
          acceptor_{desk.executor()},
          port_{config.port},
          full_line_{desk.time()},
          refused_line_{desk.time()},
          browser_line_{desk.time()},
          tls_line_{desk.time()},
          replaced_line_{desk.time()},
          crowded_line_{desk.time()}
    {
        for (const auto& entry : config.allow)
            (void)allow_.add(entry);  // the configuration has been checked
    }

    void start() override
    {
        language_ = usable_language_of(config_);
        if (config_.tls != tls_use::off)
            tls_ = make_server_tls(config_.certificate_file, config_.certificate_key_file);
        const tcp::endpoint endpoint{asio::ip::make_address(config_.address), config_.port};
        acceptor_.open(endpoint.protocol());
        acceptor_.set_option(tcp::acceptor::reuse_address{true});
        tune(acceptor_);
        acceptor_.bind(endpoint);
        acceptor_.listen();
        port_ = acceptor_.local_endpoint().port();
        desk_.tasks().spawn(accept());
    }

    void stop(bool now) override
    {
        error_code ignored;  // nothing more is wanted of it
        acceptor_.close(ignored);
        for (const auto& known : entering_)
            if (const auto socket = known.who.lock()) socket->close(ignored);
        for (const auto& known : sessions_)
            if (const auto session = known.who.lock()) session->stop(now);
    }

    std::string where() const override
    {
        const bool v6 = config_.address.find(':') != std::string::npos;
        return (config_.tls == tls_use::on ? "tls " : "tcp ") +
               (v6 ? '[' + config_.address + ']' : config_.address) + ':' + std::to_string(port_);
    }

    std::uint16_t port() const override { return port_; }

    link_state state() const override
    {
        link_state made{.open = acceptor_.is_open()};
        for (const auto& known : sessions_)
            if (const auto session = known.who.lock())
                made.tills.push_back({session->till, session->last_heard(), session->waits()});
        return made;
    }

private:
    /// Who has a place on the link, and from where.
    template <class What>
    struct place {
        std::weak_ptr<What> who;
        asio::ip::address peer;
    };
    using entering_till = place<tcp::socket>;  // not known yet whether it speaks TLS
    using present_till = place<till_session>;

    asio::awaitable<void> accept()
    {
        while (acceptor_.is_open()) {
            auto [failed, socket] = co_await acceptor_.async_accept(as_result);
            if (failed == asio::error::operation_aborted || !acceptor_.is_open()) co_return;
            if (failed) {  // out of descriptors, most likely: it passes
                log_often(log_level::warning, "link.accept",
                          {{"link", config_.name}, {"why", failed.message()}});
                (void)co_await sleep_for(desk_.time(), limits::accept_retry);
                continue;
            }
            greet(std::move(socket));
        }
    }

    void greet(tcp::socket socket)
    {
        error_code gone;
        const auto endpoint = socket.remote_endpoint(gone);
        if (gone) return;
        const auto peer = plain_address(endpoint.address());
        if (!allow_.empty() && !allow_.contains(peer)) {
            if (const auto times = refused_line_.happened(); times > 0)
                log(log_level::warning, "link.refused",
                    {{"link", config_.name}, {"peer", peer.to_string()}, {"times", times}});
            return;  // the socket closes
        }
        if (!make_room(till_of(peer), peer)) {
            if (const auto times = full_line_.happened(); times > 0)
                log(log_level::warning, "link.full", {{"link", config_.name}, {"times", times}});
            return;
        }
        if (tls_)
            desk_.tasks().spawn(enter(std::move(socket), peer));
        else
            admit(make_tcp_channel(std::move(socket)), peer, false);
    }

    [[nodiscard]] std::string till_of(const asio::ip::address& peer) const
    {
        return config_.till.empty() ? till_name_of(config_.name, peer.to_string()) : config_.till;
    }

    /// A till that was switched off and on again may still have its old connections. On a full link
    /// the oldest of them gives way; what was asked over it goes on. Of an address that may have
    /// several tills only one that waits for nothing and has been silent.
    [[nodiscard]] bool make_room(const std::string& till, const asio::ip::address& peer)
    {
        sessions_.remove_if([](const auto& known) { return known.who.expired(); });
        entering_.remove_if([](const auto& known) { return known.who.expired(); });
        const auto taken = sessions_.size() + entering_.size();
        if (taken < static_cast<std::size_t>(config_.connections_max)) return true;
        const auto old = std::ranges::find_if(sessions_, [&](const auto& known) {
            const auto session = known.who.lock();
            return session && session->till == till &&
                   (!config_.till.empty() || session->looks_dead());
        });
        if (old == sessions_.end()) return make_room_among_others(peer);
        if (const auto times = replaced_line_.happened(); times > 0)
            log(log_level::info, "till.replaced",
                {{"link", config_.name}, {"till", till}, {"times", times}});
        const auto session = old->who.lock();
        sessions_.erase(old);
        session->stop(true);
        return true;
    }

    /// One address must not shut out the others: whoever has the most connections gives one up for
    /// an address that has fewer, of those that wait for nothing.
    [[nodiscard]] bool make_room_among_others(const asio::ip::address& peer)
    {
        std::map<asio::ip::address, std::size_t> held;
        for (const auto& known : sessions_)
            ++held[known.peer];
        for (const auto& known : entering_)
            ++held[known.peer];
        const auto most =
            std::ranges::max_element(held, {}, [](const auto& h) { return h.second; });
        if (most == held.end() || most->second <= held[peer] + 1) return false;
        const auto greedy = most->first;
        if (!let_one_go(greedy)) return false;
        if (const auto times = crowded_line_.happened(); times > 0)
            log(log_level::warning, "link.crowded",
                {{"link", config_.name},
                 {"peer", greedy.to_string()},
                 {"why", "it has the most connections, and gives way to others"},
                 {"times", times}});
        return true;
    }

    [[nodiscard]] bool let_one_go(const asio::ip::address& greedy)
    {
        const auto unknown = std::ranges::find(entering_, greedy, &entering_till::peer);
        if (unknown != entering_.end()) {
            error_code ignored;  // it is going away, whatever the kernel thinks of it
            unknown->who.lock()->close(ignored);
            entering_.erase(unknown);
            return true;
        }
        auto quietest = sessions_.end();
        for (auto known = sessions_.begin(); known != sessions_.end(); ++known) {
            if (known->peer != greedy || known->who.lock()->waits()) continue;
            if (quietest == sessions_.end() ||
                known->who.lock()->last_heard() < quietest->who.lock()->last_heard())
                quietest = known;
        }
        if (quietest == sessions_.end()) return false;
        const auto session = quietest->who.lock();
        sessions_.erase(quietest);
        session->stop(true);
        return true;
    }

    /// Finds out whether the till speaks TLS, and how.
    asio::awaitable<void> enter(tcp::socket arrived, asio::ip::address peer)
    {
        const auto socket = std::make_shared<tcp::socket>(std::move(arrived));
        entering_.push_back({socket, peer});
        alarm deadline{desk_.executor(), desk_.time()};
        deadline.set(limits::handshake_time);
        deadline.on_ring([socket] {
            error_code ignored;  // it is going away, whatever the kernel thinks of it
            socket->close(ignored);
        });
        bool encrypted = true;
        if (config_.tls == tls_use::both) {
            const auto seen = co_await speaks_tls(*socket);
            if (!seen) co_return;
            encrypted = *seen;
        }
        if (!encrypted) {
            deadline.cancel();
            admit(make_tcp_channel(std::move(*socket)), peer, false);
            co_return;
        }
        auto channel = co_await make_tls_channel(socket, tls_);
        if (channel) {
            deadline.cancel();
            // Its socket lives on: it would count twice, and a stop would cut off what it is told.
            entering_.remove_if([&](const auto& known) { return known.who.lock() == socket; });
            admit(std::move(*channel), peer, true);
        } else if (!has_place(socket)) {
            co_return;  // it had to go, and that has been said
        } else if (const auto times = tls_line_.happened(); times > 0) {
            log(log_level::warning, "link.tls",
                {{"link", config_.name},
                 {"peer", peer.to_string()},
                 {"why", channel.error().message()},
                 {"times", times}});
        }
    }

    [[nodiscard]] bool has_place(const std::shared_ptr<tcp::socket>& socket) const
    {
        return std::ranges::any_of(entering_,
                                   [&](const auto& known) { return known.who.lock() == socket; });
    }

    void admit(std::unique_ptr<byte_channel> channel, const asio::ip::address& peer, bool encrypted)
    {
        if (!acceptor_.is_open()) return;  // stopped meanwhile
        const auto session =
            std::make_shared<till_session>(std::move(channel), make_dialect(language_, encrypted),
                                           desk_, config_, peer.is_loopback());
        session->till_named = !config_.till.empty();
        session->till = till_of(peer);
        if (language_.kind != protocol::till::dialect_kind::qfpay_local ||
            language_.how.qfpay_local.wraps != protocol::till::qfpay_local::wrapping::http)
            session->on_browser([this, peer] { refuse_browser(peer); });
        sessions_.push_back({session, peer});
        // Without a task around it, which each idle till would pay for: it holds itself.
        desk_.tasks().spawn(session->run());
    }

    void refuse_browser(const asio::ip::address& peer)
    {
        if (const auto times = browser_line_.happened(); times > 0)
            log(log_level::warning, "link.not_a_till",
                {{"link", config_.name},
                 {"peer", peer.to_string()},
                 {"why", "it speaks as a browser does: a web page may be trying to give orders"},
                 {"times", times}});
    }

    const link_config& config_;
    till_desk& desk_;
    tcp::acceptor acceptor_;
    std::uint16_t port_;  // as configured, then as bound
    link_language language_;
    address_list allow_;
    std::shared_ptr<asio::ssl::context> tls_;  // nothing: plain bytes only
    log_pace full_line_;
    log_pace refused_line_;
    log_pace browser_line_;
    log_pace tls_line_;
    log_pace replaced_line_;
    log_pace crowded_line_;
    std::list<entering_till> entering_;
    std::list<present_till> sessions_;
};

}  // namespace

std::unique_ptr<till_link> make_tcp_link(const link_config& config, till_desk& desk)
{
    return std::make_unique<tcp_link>(config, desk);
}

std::unique_ptr<till_link> make_link(const link_config& config, till_desk& desk)
{
    return config.kind == link_kind::tcp ? make_tcp_link(config, desk)
                                         : make_port_link(config, desk);
}

std::string till_name_of(std::string_view link, std::string_view address)
{
    std::string name{link};
    name += '-';
    for (const char c : address)
        name += (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ? c : '_';
    return name;
}

}  // namespace ecr::daemon
