#include "daemon/cli/hidden_typing.hpp"

#include <csignal>
#include <initializer_list>
#include <termios.h>
#include <unistd.h>

namespace ecr::cli {
namespace {

// For a signal's handler. NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables)
termios shown_mode{};

void show_again(int signal)
{
    ::tcsetattr(STDIN_FILENO, TCSANOW, &shown_mode);
    ::_exit(128 + signal);
}

}  // namespace

hidden_typing::hidden_typing() : hides_{::isatty(STDIN_FILENO) == 1}
{
    if (!hides_ || ::tcgetattr(STDIN_FILENO, &shown_mode) != 0) return;
    for (const int signal : {SIGINT, SIGTERM, SIGHUP})
        std::signal(signal, show_again);
    auto hidden = shown_mode;
    hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    hidden.c_lflag |= ECHONL;
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
}

hidden_typing::~hidden_typing()
{
    if (!hides_) return;
    ::tcsetattr(STDIN_FILENO, TCSANOW, &shown_mode);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP})
        std::signal(signal, SIG_DFL);
}

}  // namespace ecr::cli
