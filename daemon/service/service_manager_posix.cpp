#include "daemon/environment.hpp"
#include "daemon/service/service_manager.hpp"

#include <charconv>
#include <cstdlib>
#include <ctime>
#include <unistd.h>

namespace ecr::daemon {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

std::string take(const char* name)
{
    auto taken = environment_variable(name).value_or("");
    // NOLINTNEXTLINE(concurrency-mt-unsafe): before any thread is made
    ::unsetenv(name);
    return taken;
}

std::optional<long> number_in(const std::string& text)
{
    long number = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failed != std::errc{} || end != text.data() + text.size() || number <= 0)
        return std::nullopt;
    return number;
}

/// One line: a line break would begin another assignment.
std::string on_one_line(std::string_view sentence)
{
    std::string line{sentence};
    for (auto& c : line)
        if (c == '\n') c = ' ';
    return line;
}

}  // namespace

service_manager service_manager::from_environment()
{
    service_manager made;
    made.to_ = unix_datagram{take("NOTIFY_SOCKET")};
    const auto watched = number_in(take("WATCHDOG_PID"));
    const auto patience = number_in(take("WATCHDOG_USEC"));
    // A child of the watched process has the variables, too, and must not speak for it.
    const bool is_watched = !watched || *watched == ::getpid();
    if (made.present() && is_watched && patience)
        made.patience_ = std::chrono::ceil<milliseconds>(microseconds{*patience});
    return made;
}

void service_manager::ready(std::string_view sentence)
{
    sentence_ = sentence;
    (void)to_.send("READY=1\nSTATUS=" + on_one_line(sentence));
}

void service_manager::status(std::string_view sentence)
{
    if (sentence == sentence_) return;
    sentence_ = sentence;
    (void)to_.send("STATUS=" + on_one_line(sentence));
}

void service_manager::reloading()
{
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    const auto at = std::chrono::seconds{now.tv_sec} + std::chrono::nanoseconds{now.tv_nsec};
    (void)to_.send("RELOADING=1\nMONOTONIC_USEC=" +
                   std::to_string(std::chrono::duration_cast<microseconds>(at).count()));
}

void service_manager::failed(std::string_view sentence)
{
    status(sentence);
}

bool service_manager::present() const noexcept
{
    return to_.has_address();
}

void service_manager::stopping(std::string_view sentence, milliseconds at_most)
{
    sentence_ = sentence;
    (void)to_.send("STOPPING=1\nSTATUS=" + on_one_line(sentence) +
                   "\nEXTEND_TIMEOUT_USEC=" + std::to_string(microseconds{at_most}.count()));
}

void service_manager::feed()
{
    (void)to_.send("WATCHDOG=1");
}

}  // namespace ecr::daemon
