#include "daemon/app.hpp"

#include "daemon/cloud/merchants.hpp"
#include "daemon/link/links.hpp"
#include "daemon/logging.hpp"
#include "daemon/notify/notification_desk.hpp"
#include "daemon/page/page_desk.hpp"
#include "daemon/reload.hpp"
#include "daemon/secret.hpp"
#include "daemon/till_desk.hpp"

#include <boost/asio/post.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <exception>
#include <random>

namespace ecr::daemon {
namespace {

using boost::system::system_error;

/// Those of all accounts; the first may have come by its key alone.
std::vector<merchant_secrets> secrets_of(app::options& how)
{
    if (how.secrets.empty()) how.secrets.emplace_back();
    if (how.secrets[0].client_key.empty()) how.secrets[0].client_key = std::move(how.client_key);
    return std::move(how.secrets);
}

/// Without the line of the library that failed, which what() would show.
error_code for_people(const error_code& code)
{
    return {code.value(), code.category()};
}

std::unique_ptr<store::journal> opened(const std::filesystem::path& path)
{
    try {
        return std::make_unique<store::journal>(path);
    } catch (const system_error& failed) {
        if (failed.code() == make_error_code(errc::journal_in_use))
            throw system_error{failed.code(), "the journal " + path.string() +
                                                  " is in use: is the bridge already running"};
        throw system_error{failed.code(), "the journal " + path.string() + " cannot be opened"};
    }
}

}  // namespace

struct app::parts {
    parts(asio::any_io_executor executor, clock& source, config settings, options how)
        : time{source},
          conf{std::move(settings)},
          on_broken{std::move(how.on_broken)},
          open_link{how.around.open_link ? std::move(how.around.open_link) : make_link},
          open_notifications{std::move(how.around.open_notifications)},
          journal{executor, opened(conf.journal), [this](error_code why) { journal_failed(why); },
                  std::move(how.hooks), how.around.store},
          cloud{executor, time, conf, secrets_of(how), how.around.connect},
          tasks{executor, [](std::exception_ptr bug) { met(bug); }},
          orders{executor,
                 time,
                 journal,
                 cloud,
                 conf.orders,
                 conf.terminals,
                 how.around.chance ? *how.around.chance : std::random_device{}(),
                 [](std::exception_ptr bug) { met(bug); }},
          traces{time, conf.links},
          desk{orders, tasks, traces}
    {
        // Sessions keep references to their links' settings: reload() must not move these.
        conf.links.reserve(conf.links.size() + links_added_max);
        if (!conf.notifications.address.empty()) listen_for_notifications();
        if (conf.page.on) show_page(std::move(how.version));
    }

    void show_page(std::string version)
    {
        page_shop shop{.desk = desk,
                       .settings = conf,
                       .version = std::move(version),
                       .links = [this] { return standing(); },
                       .notifications = [this] { return notified(); }};
        page.emplace(tasks.executor(), std::move(shop), [](std::exception_ptr bug) { met(bug); });
    }

    std::vector<link_standing> standing() const
    {
        std::vector<link_standing> all;
        all.reserve(links.size());
        for (std::size_t i = 0; i < links.size(); ++i)
            all.push_back({conf.links[i], links[i]->where(), links[i]->state()});
        return all;
    }

    std::optional<notification_counts> notified() const
    {
        return notifications ? std::optional{notifications->counts()} : std::nullopt;
    }

    void listen_for_notifications()
    {
        std::vector<notification_account> known;
        for (const auto& account : cloud)
            known.push_back({.name = account->name, .key = account->notification_key});
        notifications.emplace(
            tasks.executor(), time, journal, conf.notifications, std::move(known),
            [this](const std::string& order) { orders.hint(order); },
            [](std::exception_ptr bug) { met(bug); });
    }

    /// Throws boost::system::system_error: it cannot work like this.
    void open(const link_config& link)
    {
        auto made = open_link(link, desk);
        try {
            made->start();
        } catch (const system_error& failed) {
            throw system_error{for_people(failed.code()),
                               "link " + link.name + " cannot be opened (" + made->where() + ")"};
        }
        log(log_level::info, "link.open", {{"link", link.name}, {"at", made->where()}});
        links.push_back(std::move(made));
    }

    void open_desks()
    {
        if (page) {
            try {
                page->start();
            } catch (const system_error& failed) {
                throw system_error{for_people(failed.code()),
                                   "the page cannot be served (" + page->where() + ")"};
            }
        }
        if (!notifications) return;
        if (open_notifications) return open_notifications(*notifications);
        try {
            notifications->start();
        } catch (const system_error& failed) {
            throw system_error{for_people(failed.code()), "notifications cannot be listened for (" +
                                                              notifications->where() + ")"};
        }
        log(log_level::info, "notifications.open", {{"at", notifications->where()}});
    }

    void journal_failed(error_code why)
    {
        log(log_level::error, "journal.broken",
            {{"journal", conf.journal.string()}, {"why", why.message()}});
        if (is_broken) return;
        is_broken = true;
        orders.give_up();
        // Behind the callers of the journal that are about to tell their tills what has failed.
        asio::post(tasks.executor(), [this] {
            if (on_broken) on_broken();
        });
    }

    /// A mistake of ours. Going on could only make it worse: what is durable is safe, and the next
    /// start goes on from there.
    [[noreturn]] static void met(const std::exception_ptr& bug) { std::rethrow_exception(bug); }

    clock& time;
    config conf;
    std::function<void()> on_broken;
    std::function<std::unique_ptr<till_link>(const link_config&, till_desk&)> open_link;
    std::function<void(notification_desk&)> open_notifications;
    bool is_broken = false;
    bool stopping = false;
    bool hurried = false;
    store_thread journal;
    merchants cloud;
    task_group tasks;
    order_service orders;
    trace_book traces;
    till_desk desk;
    std::vector<std::unique_ptr<till_link>> links;
    std::optional<notification_desk> notifications;
    std::optional<page_desk> page;
};

app::app(asio::any_io_executor executor, clock& time, config settings, options how)
    : parts_{std::make_unique<parts>(executor, time, std::move(settings), std::move(how))}
{}

app::~app() = default;

asio::awaitable<void> app::start()
{
    auto& p = *parts_;
    if (const auto failed = co_await p.orders.recover())
        throw system_error{failed, failed == make_error_code(errc::unknown_merchant)
                                       ? "put its [[merchant]] back until that order has ended"
                                       : "the journal cannot be read"};
    for (const auto& link : p.conf.links)
        p.open(link);
    p.open_desks();
}

void app::learn_time()
{
    for (const auto& account : parts_->cloud)
        parts_->tasks.spawn(account->gateway.knock());
}

std::vector<std::string> app::reload(const config& fresh, std::vector<std::string>& new_links)
{
    auto& p = *parts_;
    std::vector<std::string> problems;
    p.conf.drain = fresh.drain;
    p.conf.log = fresh.log;
    const auto day_starts = p.conf.orders.day_starts;
    const bool rehearsal = p.conf.orders.rehearsal;
    p.conf.orders = fresh.orders;  // the service looks at these, for every decision anew
    p.conf.orders.day_starts = day_starts;
    p.conf.orders.rehearsal = rehearsal;
    for (const auto& link : fresh.links) {
        const bool is_new = std::ranges::count(new_links, link.name) > 0;
        const bool is_open = std::ranges::count(p.conf.links, link.name, &link_config::name) > 0;
        if (!is_new || is_open) continue;
        if (p.conf.links.size() == p.conf.links.capacity()) {
            problems.push_back("link " + link.name + ": too many new links for one run");
            std::erase(new_links, link.name);
            continue;
        }
        p.conf.links.push_back(link);
        try {
            // First what may fail without a link that listens already.
            p.traces.add(p.conf.links.back());
            p.open(p.conf.links.back());
        } catch (const system_error& failed) {
            std::erase(new_links, link.name);
            p.conf.links.pop_back();
            problems.emplace_back(failed.what());
        }
    }
    return problems;
}

asio::awaitable<void> app::stop()
{
    auto& p = *parts_;
    if (std::exchange(p.stopping, true)) co_return;
    const auto grace = p.is_broken ? milliseconds{0} : p.conf.drain;
    for (const auto& link : p.links)
        link->stop(false);
    if (p.notifications) p.notifications->stop();
    if (p.page) p.page->stop();
    co_await p.orders.stop(grace, p.hurried);
    p.cloud.stop();
    co_await p.orders.ended();
    for (const auto& link : p.links)
        link->stop(true);
    co_await p.tasks.until_empty();
    if (p.notifications) co_await p.notifications->ended();
    if (p.page) co_await p.page->ended();
    // A command that was being journalled when the stop came may have started a course since.
    co_await p.orders.ended();
    co_await p.cloud.ended();
}

void app::hurry()
{
    parts_->hurried = true;
}

bool app::broken() const noexcept
{
    return parts_->is_broken;
}

std::vector<std::string> app::links() const
{
    std::vector<std::string> all;
    for (const auto& link : parts_->links)
        all.push_back(link->where());
    return all;
}

std::uint16_t app::port(const std::string& link) const
{
    for (std::size_t i = 0; i < parts_->links.size(); ++i)
        if (parts_->conf.links[i].name == link) return parts_->links[i]->port();
    return 0;
}

const notification_desk* app::notifications() const
{
    return parts_->notifications ? &*parts_->notifications : nullptr;
}

const trace_book& app::traces() const
{
    return parts_->traces;
}

const page_desk* app::page() const
{
    return parts_->page ? &*parts_->page : nullptr;
}

std::size_t app::awaited_orders() const
{
    return parts_->orders.awaited_orders();
}

asio::awaitable<void> app::answers()
{
    return parts_->journal.answer();
}

std::size_t app::journal_waiting() const
{
    return parts_->journal.waiting();
}

key_reading read_client_key(const cloud_config& cloud)
{
    const auto reading = cloud.client_key_file.empty()
                             ? read_credential(cloud.client_key_credential)
                             : read_secret_file(cloud.client_key_file);
    return {.key = reading.secret, .problem = reading.problem};
}

}  // namespace ecr::daemon
