#include "daemon/cli/trace_commands.hpp"

#include "daemon/cli/replay.hpp"
#include "daemon/cli/trace_view.hpp"
#include "daemon/secret.hpp"
#include "protocol/till/qfpay_local/qfpay_local_dialect.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>

namespace ecr::cli {

struct trace_commands::parts {
    CLI::App* trace = nullptr;
    CLI::App* replay = nullptr;
    trace_options view;
    replay_options play;
    std::string pos_key_file;
    double patience_s = 60;
};

trace_commands::trace_commands(CLI::App& app) : parts_{std::make_unique<parts>()}
{
    auto& p = *parts_;
    p.trace = app.add_subcommand(
        "trace", "What passes on the bridge's links, in hexadecimal and in words, secrets masked");
    p.trace->fallthrough();
    p.trace->add_option("FILE", p.view.file, "A trace file; else what the bridge still remembers");
    p.trace->add_option("--link", p.view.link, "Only this link");
    p.trace->add_flag("--follow", p.view.follow, "Go on with what passes from now on");

    p.replay = app.add_subcommand(
        "replay", "Play the till's side of a trace to a bridge in rehearsal, and compare");
    p.replay->fallthrough();
    p.replay->footer(
        "Asks the bridge of --bridge first, which has to be in rehearsal and to have the link.\n"
        "Exit codes: 0 the same course, 1 another course, 2 it could not be played.");
    p.replay->add_option("FILE", p.play.file, "A trace file")->required();
    auto* to = p.replay->add_option("--to", p.play.to, "HOST:PORT of the link to play to");
    auto* port = p.replay->add_option("--port", p.play.port, "Or the device of its virtual port");
    to->excludes(port);
    p.replay->add_option("--link", p.play.link, "Which link of the trace; else the only one");
    p.replay->add_option("--connection", p.play.connection, "Only this connection of the trace");
    p.replay->add_option("--renumber", p.play.suffix,
                         "Added to the till's order numbers: to play the same trace again");
    p.replay->add_option("--pos-key-file", p.pos_key_file,
                         "File (mode 0600) with the link's POS-KEY; else the published one");
    p.replay
        ->add_option("--speed", p.play.speed,
                     "Times the speed of the trace; 0: as fast as the replies come")
        ->check(CLI::Range(0.0, 1000.0))
        ->capture_default_str();
    p.replay->add_option("--patience", p.patience_s, "Seconds to wait for each reply")
        ->check(CLI::Range(0.1, 900.0))
        ->capture_default_str();
    p.replay->parse_complete_callback([to, port] {
        if (to->empty() && port->empty()) throw CLI::RequiredError{"--to or --port"};
    });
}

trace_commands::~trace_commands() = default;

bool trace_commands::chosen() const
{
    return parts_->trace->parsed() || parts_->replay->parsed();
}

int trace_commands::serve(const conversation_settings& how, bool raw_json)
{
    auto& p = *parts_;
    if (p.trace->parsed()) {
        p.view.raw_json = raw_json;
        return show_trace(p.view, how);
    }
    p.play.patience = milliseconds{static_cast<std::int64_t>(p.patience_s * 1000)};
    p.play.pos_key = protocol::till::qfpay_local::published_pos_key;
    if (!p.pos_key_file.empty()) {
        auto [key, problem] = daemon::read_secret_file(p.pos_key_file);
        if (!problem.empty()) {
            std::fputs(("ecrbridge: --pos-key-file: " + problem + "\n").c_str(), stderr);
            return static_cast<int>(replay_code::impossible);
        }
        p.play.pos_key = std::move(key);
    }
    return static_cast<int>(replay(p.play, how));
}

}  // namespace ecr::cli
