#pragma once

#include "daemon/clock.hpp"
#include "daemon/config.hpp"
#include "daemon/http/http_message.hpp"
#include "daemon/log_pace.hpp"

#include <map>
#include <optional>
#include <string>

namespace ecr::daemon {

/// Who may look at the page, and who may do something there. Keeps out those who do not know the
/// token, and the web pages of strangers in the browser of somebody who does: by the name that the
/// browser believes to talk to (a stranger's name may lead to this machine), and by whose page
/// asks.
///
/// Belongs to the I/O thread.
class page_guard {
public:
    page_guard(clock& time, const page_config& settings);

    /// Nothing: the request is meant for us, and does not come from somebody else's page.
    [[nodiscard]] std::optional<http_reply> refusal_of(const http_request& request) const;
    /// The same of a request that wants something done: also that no form of a web page can have
    /// made it.
    [[nodiscard]] std::optional<http_reply> refusal_of_doing(const http_request& request) const;

    [[nodiscard]] bool asks_for_token() const { return !settings_.token_file.empty(); }
    /// Whether it says the token, or who sent it has said it before.
    [[nodiscard]] bool knows(const http_request& request);

    /// Who has said a wrong token waits before the refusal.
    [[nodiscard]] asio::awaitable<void> slow_down(const http_request& request);

    /// Opens a session for who says the token. A cookie carries it; it ends with its time, with
    /// log_out(), and with the bridge.
    [[nodiscard]] asio::awaitable<http_reply> log_in(http_request request);
    [[nodiscard]] http_reply log_out(const http_request& request);

private:
    [[nodiscard]] bool is_ours(std::string_view host) const;
    [[nodiscard]] bool is_token(std::string_view said) const;
    [[nodiscard]] std::string open_session();
    [[nodiscard]] asio::awaitable<void> guessed_wrong(const http_request& request);

    clock& time_;
    const page_config& settings_;
    std::map<std::string, milliseconds> sessions_;  // until when
    log_pace wrong_line_;
};

/// How every refusal of the page looks: {"error": {"reason": …, "text": …}}.
[[nodiscard]] http_reply page_refusal(unsigned status, std::string_view reason,
                                      std::string_view text);

}  // namespace ecr::daemon
