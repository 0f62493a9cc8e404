#include "daemon/cli/doctor_command.hpp"

#include "daemon/cli/doctor_report.hpp"
#include "daemon/cli/exit_code.hpp"
#include "daemon/clock.hpp"
#include "daemon/doctor/doctor.hpp"
#include "daemon/environment.hpp"
#include "protocol/json.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>

namespace ecr::cli {
namespace {

namespace doctor = daemon::doctor;
using daemon::language;

/// What the user's environment says: LC_ALL before LC_MESSAGES before LANG, as the C library has
/// it.
language language_of_environment()
{
    for (const auto* name : {"LC_ALL", "LC_MESSAGES", "LANG"})
        if (const auto text = daemon::environment_variable(name); text && !text->empty())
            return daemon::language_of_locale(*text);
    return language::en;
}

const char* mark_of(doctor::verdict how)
{
    switch (how) {
        case doctor::verdict::fine: return "  ok  ";
        case doctor::verdict::caution: return "  !   ";
        case doctor::verdict::wrong: return "  XX  ";
        case doctor::verdict::unknown: return "  ?   ";
    }
    return "";
}

void show(const std::vector<doctor::finding>& all, language in)
{
    std::optional<doctor::topic> last;
    std::size_t counted[4] = {};
    for (const auto& found : all) {
        const auto about = doctor::topic_of(found.what);
        const auto how = doctor::verdict_of(found.what);
        ++counted[static_cast<std::size_t>(how)];
        if (last != about) std::cout << doctor::title_of(about, in) << '\n';
        last = about;
        std::cout << mark_of(how) << doctor::reason_of(found, in) << '\n';
        if (const auto cure = doctor::cure_of(found, in); !cure.empty())
            std::cout << "      -> " << cure << '\n';
    }
    std::cout << '\n';
    for (const auto how : {doctor::verdict::wrong, doctor::verdict::caution,
                           doctor::verdict::unknown, doctor::verdict::fine})
        std::cout << (how == doctor::verdict::wrong ? "" : "  ") << doctor::title_of(how, in)
                  << ": " << counted[static_cast<std::size_t>(how)];
    std::cout << '\n';
}

}  // namespace

json doctor_report(const std::vector<doctor::finding>& all, language in)
{
    auto checks = json::array();
    for (const auto& found : all)
        checks.push_back({{"check", doctor::name_of(doctor::topic_of(found.what))},
                          {"symptom", doctor::name_of(found.what)},
                          {"verdict", doctor::name_of(doctor::verdict_of(found.what))},
                          {"reason", doctor::reason_of(found, in)},
                          {"cure", doctor::cure_of(found, in)},
                          {"values", found.values}});
    return {{"verdict", doctor::name_of(doctor::worst_of(all))},
            {"language", daemon::tag_of(in)},
            {"checks", std::move(checks)}};
}

struct doctor_command::parts {
    CLI::App* doctor = nullptr;
    doctor::examination what;
    std::string language_tag;
};

doctor_command::doctor_command(CLI::App& app) : parts_{std::make_unique<parts>()}
{
    auto& p = *parts_;
    p.doctor = app.add_subcommand(
        "doctor", "Look at everything a payment needs, and say what to do about what is wrong");
    p.doctor->fallthrough();  // --json is every command's
    p.doctor->add_option("--config", p.what.config_file, "The bridge's configuration")
        ->capture_default_str();
    p.doctor
        ->add_option("--language", p.language_tag, "Of what it says; else as the environment has")
        ->check(CLI::IsMember({"en", "zh-Hans", "zh-Hant"}));
    p.doctor->add_flag_callback(
        "--offline", [&p] { p.what.ask_cloud = false; }, "Do not ask QFPay");
    p.doctor->footer(
        "Before the bridge is installed and while it runs. Moves no money and changes nothing.\n"
        "Whoever asks must be able to read key and journal: root.\n"
        "Exit codes: 0 nothing is wrong, 1 something is.");
}

doctor_command::~doctor_command() = default;

bool doctor_command::chosen() const
{
    return parts_->doctor->parsed();
}

int doctor_command::serve(bool as_json)
{
    auto& p = *parts_;
    const auto in = p.language_tag.empty() ? language_of_environment()
                                           : daemon::language_of_locale(p.language_tag);
    daemon::real_clock time;
    const auto all = doctor::examine(p.what, time);
    if (as_json)
        std::cout << to_text(doctor_report(all, in)) << '\n';
    else
        show(all, in);
    const bool wrong = doctor::worst_of(all) == doctor::verdict::wrong;
    return static_cast<int>(wrong ? exit_code::not_paid : exit_code::done);
}

}  // namespace ecr::cli
