// The bridge, made to die. It runs as ecrbridged does, and kills itself with SIGKILL right before
// or right after a commit of its journal, if told to:
//
//     crash_daemon CONFIG WALL_SHIFT_MS [before|after COMMIT]
//
// On standard output: "commit" after each commit, "ready PORT" once tills are served.
#include "daemon/app.hpp"
#include "daemon/logging.hpp"
#include "tests/crash/shifted_clock.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <csignal>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <string>
#include <sys/prctl.h>
#include <thread>
#include <unistd.h>

namespace ecr::crash {
namespace {

namespace asio = boost::asio;

constexpr int exit_failure = 1;
constexpr int exit_journal = 3;
constexpr milliseconds time_to_err{25};

/// One write(): the two threads that say something never mix their lines.
void say(const std::string& line)
{
    if (::write(STDOUT_FILENO, line.data(), line.size()) < 0) return;  // nobody listens any more
}

/// Dies at one commit. Called on the store thread.
class killer {
public:
    killer(std::string side, int commit) : side_{std::move(side)}, commit_{commit} {}

    void before()
    {
        ++commits_;
        if (side_ != "before" || commits_ != commit_) return;
        // Whatever is let out before it is durable gets the time to reach the cloud or the till,
        // and so to be noticed. A right bridge does nothing meanwhile.
        std::this_thread::sleep_for(time_to_err);
        std::raise(SIGKILL);
    }
    void after()
    {
        if (side_ == "after" && commits_ == commit_) std::raise(SIGKILL);
        say("commit\n");
    }

private:
    std::string side_;
    int commit_;
    int commits_ = 0;
};

std::optional<daemon::config> load(const char* file)
{
    std::ifstream in{file};
    const std::string text{std::istreambuf_iterator<char>{in}, {}};
    daemon::config_report report;
    auto settings = daemon::parse_config(text, report);
    if (!settings) std::cerr << report.to_text(file);
    return settings;
}

asio::awaitable<void> start(daemon::app& bridge, std::string link)
{
    co_await bridge.start();
    say("ready " + std::to_string(bridge.port(link)) + "\n");
}

int run(daemon::config settings, milliseconds wall_shift, killer& death)
{
    const auto key = daemon::read_client_key(settings.cloud);
    if (!key.problem.empty()) {
        std::cerr << key.problem << "\n";
        return exit_failure;
    }
    daemon::set_up_logging(settings.log);
    const auto link = settings.links.front().name;
    shifted_clock time{wall_shift};
    asio::io_context io{1};
    int status = 0;
    daemon::app::options how;
    how.client_key = key.key;
    how.hooks.before = [&] { death.before(); };
    how.hooks.after = [&] { death.after(); };
    how.on_broken = [&] {
        status = exit_journal;
        io.stop();
    };
    daemon::app bridge{io.get_executor(), time, std::move(settings), std::move(how)};
    asio::co_spawn(io, start(bridge, link), [](std::exception_ptr failed) {
        if (failed) std::rethrow_exception(failed);
    });
    io.run();
    return status;
}

}  // namespace
}  // namespace ecr::crash

int main(int argc, char** argv)
{
    using namespace ecr::crash;
    std::signal(SIGPIPE, SIG_IGN);
    (void)::prctl(PR_SET_PDEATHSIG, SIGKILL);  // not left behind by a test that was killed itself
    if (argc != 3 && argc != 5) {
        std::cerr << "usage: crash_daemon CONFIG WALL_SHIFT_MS [before|after COMMIT]\n";
        return exit_failure;
    }
    auto settings = load(argv[1]);
    if (!settings) return exit_failure;
    killer death{argc == 5 ? argv[3] : "", argc == 5 ? std::stoi(argv[4]) : 0};
    try {
        return run(std::move(*settings), milliseconds{std::stoll(argv[2])}, death);
    } catch (const std::exception& failed) {
        std::cerr << "crash_daemon: " << failed.what() << "\n";
        return exit_failure;
    }
}
