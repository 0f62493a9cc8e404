#pragma once

#include "daemon/page/page_doing.hpp"
#include "daemon/page/page_events.hpp"
#include "daemon/page/page_guard.hpp"
#include "daemon/page/page_looks.hpp"
#include "daemon/page/page_metrics.hpp"
#include "daemon/page/page_shop.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace ecr::daemon {

/// The status page: its files, its API and the metrics. A window into the bridge; tills are served
/// with it and without it.
///
/// Belongs to the I/O thread.
class page_desk {
public:
    page_desk(asio::any_io_executor executor, page_shop shop,
              std::function<void(std::exception_ptr)> on_bug);
    ~page_desk();

    /// Listens. Somebody else who has the port is waited for: tills need no page. Throws
    /// boost::system::system_error: the address is not ours, or the certificate cannot be used.
    void start();
    void stop();
    /// After stop(): nothing goes on any more.
    [[nodiscard]] asio::awaitable<void> ended();

    /// 0: it does not listen (yet).
    [[nodiscard]] std::uint16_t port() const;
    /// "http://127.0.0.1:9190/", for people.
    [[nodiscard]] std::string where() const;

    [[nodiscard]] asio::awaitable<http_reply> serve(http_request request);

private:
    [[nodiscard]] asio::awaitable<http_reply> answer(http_request request);
    [[nodiscard]] asio::awaitable<http_reply> api(http_request request, std::string path);
    [[nodiscard]] asio::awaitable<http_reply> order(http_request request, std::string rest);
    [[nodiscard]] asio::awaitable<http_reply> session(http_request request);
    [[nodiscard]] http_reply events(const http_request& request);
    void listen();
    void listen_later(const std::string& why);

    asio::any_io_executor executor_;
    page_shop shop_;
    std::function<void(std::exception_ptr)> on_bug_;
    page_guard guard_;
    page_events events_;
    page_looks looks_;
    page_doing doing_;
    page_metrics metrics_;
    std::unique_ptr<http_server> server_;
    bool listens_ = false;
    bool stopped_ = false;
    bool said_closed_ = false;
    alarm retry_;
};

}  // namespace ecr::daemon
