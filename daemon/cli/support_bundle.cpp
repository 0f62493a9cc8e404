#include "daemon/cli/support_bundle.hpp"

#include "daemon/cli/doctor_report.hpp"
#include "daemon/cli/order_export.hpp"
#include "daemon/cli/tar_file.hpp"
#include "daemon/clock.hpp"
#include "daemon/config_file.hpp"
#include "daemon/config_keys.hpp"
#include "daemon/limits.hpp"
#include "daemon/secret.hpp"
#include "daemon/setup/setup_text.hpp"
#include "protocol/json.hpp"
#include "protocol/redact.hpp"
#include "protocol/secret_hider.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <sys/utsname.h>

namespace ecr::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t file_size_max = 16 * 1024 * 1024;  // of what grows, its end
constexpr auto journald_lines = "20000";

/// The last bytes of a file; nothing: it cannot be read.
std::optional<std::string> end_of(const fs::path& file)
{
    std::ifstream in{file, std::ios::binary | std::ios::ate};
    if (!in) return std::nullopt;
    const auto size = static_cast<std::streamoff>(in.tellg());
    const auto from = std::max<std::streamoff>(0, size - std::streamoff{file_size_max});
    in.seekg(from);
    std::string text(static_cast<std::size_t>(size - from), '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(in.gcount()));
    return text;
}

std::string output_of(const char* command)
{
    std::string text;
    // The words are our own. NOLINTNEXTLINE(cert-env33-c)
    if (auto* pipe = ::popen(command, "re")) {
        std::array<char, 4096> piece{};
        while (const auto size = std::fread(piece.data(), 1, piece.size(), pipe))
            text.append(piece.data(), size);
        ::pclose(pipe);
    }
    return text;
}

/// "A1B2…8F90": enough to tell accounts apart.
std::string shortened(const std::string& code)
{
    return code.size() < 12 ? "…" : code.substr(0, 4) + "…" + code.substr(code.size() - 4);
}

class bundle {
public:
    explicit bundle(const bundle_plan& plan) : plan_{plan}, tar_{plan.file} {}

    bundle_report run()
    {
        std::string text;
        const auto problem = daemon::read_config_text(plan_.config_file, text);
        daemon::config_report mistakes;
        if (problem.empty()) settings_ = daemon::parse_config(text, mistakes);
        collect_secrets();
        add("about.txt", about());
        if (problem.empty())
            add("config.toml", harmless_config(text) + mistakes.to_text("# config"));
        else
            lacks("the configuration: " + problem);
        add_doctor();
        add_log();
        add_traces();
        add_orders();
        tar_.finish();
        return std::move(report_);
    }

private:
    /// What must not be in the bundle, wherever it may come from.
    void collect_secrets()
    {
        const auto folder = plan_.config_file.parent_path();
        const auto usual = folder / "client.key";
        if (!settings_) {
            if (fs::exists(usual)) hide("the client key", usual);
            report_.unseen.emplace_back("the secrets that the configuration names: it is broken");
            return;
        }
        auto accounts = settings_->merchants;
        accounts.insert(accounts.begin(), settings_->cloud);
        for (const auto& each : accounts) {
            const auto whose = each.name.empty() ? "[cloud] " : "merchant " + each.name + ": ";
            if (!each.client_key_credential.empty())
                hide(whose + "client key", behind_credential(each.client_key_credential));
            hide(whose + "client key", each.client_key_file);
            hide(whose + "proxy password", each.proxy_password_file);
            hide(whose + "notification key", each.notification_key_file);
        }
        for (const auto& link : settings_->links) {
            hide("link " + link.name + ": token", link.token_file);
            hide("link " + link.name + ": POS key", link.pos_key_file);
        }
        hide("[page] token", settings_->page.token_file);
    }

    /// The file that the unit makes a credential of.
    [[nodiscard]] fs::path behind_credential(const std::string& name) const
    {
        const auto folder = plan_.config_file.parent_path();
        constexpr std::string_view further = "keys_";
        return name.starts_with(further) ? folder / "keys" / name.substr(further.size())
                                         : folder / "client.key";
    }

    /// Nothing of that file shows. It is no matter here who else may read it.
    void hide(const std::string& what, const fs::path& named)
    {
        if (named.empty()) return;
        // What a service that does not run was given is gone; what it was given from is not.
        const bool gone = !fs::exists(named) && named.string().starts_with("/run/credentials/");
        const auto file = gone ? behind_credential(named.filename().string()) : named;
        const auto got = daemon::read_secret_text(file);
        // Empty: it says so, and there is nothing to hide.
        const bool is_empty = !got.problem.empty() && got.problem.ends_with(" is empty");
        if (!got.problem.empty() && !is_empty)
            report_.unseen.push_back(what + ": " + got.problem);
        else if (!hider_.learn(got.secret))
            report_.unseen.push_back(what + ": " + file.string() + " is too short to look for");
    }

    void add(const std::string& name, std::string text)
    {
        // A trace is masked as it is written; its hexadecimal digits would be taken for cards.
        if (!name.starts_with("trace/")) text = protocol::without_card_numbers(text);
        text = hider_.hidden(text);
        tar_.add("ecrbridge-support/" + name, text);
        report_.holds.push_back(name + " (" + std::to_string(text.size()) + " bytes)");
    }
    void lacks(std::string what) { report_.lacks.push_back(std::move(what)); }

    [[nodiscard]] std::string about() const
    {
        utsname machine{};
        ::uname(&machine);
        std::ostringstream text;
        text << "ecrbridge " << ECR_VERSION << "\nmade " << to_iso8601(time_.wall()) << '\n'
             << machine.sysname << ' ' << machine.release << ' ' << machine.machine << '\n'
             << end_of("/etc/os-release").value_or("");
        for (const auto& each : report_.unseen)
            text << "not looked for: " << each << '\n';
        return text.str();
    }

    void add_doctor()
    {
        daemon::real_clock time;
        const auto found = daemon::doctor::examine({.config_file = plan_.config_file}, time);
        add("doctor.json", to_text(doctor_report(found, daemon::language::en)) + "\n");
    }

    void add_log()
    {
        if (!settings_ || settings_->log.file.empty()) {
            auto lines = output_of(("journalctl --unit=ecrbridged --no-pager --lines=" +
                                    std::string{journald_lines} + " 2>/dev/null")
                                       .c_str());
            if (lines.empty()) return lacks("the log: it is in no file, and not in systemd's");
            return add("log/journald.log", std::move(lines));
        }
        const auto& file = settings_->log.file;
        // bridge.log, bridge.1.log, bridge.2.log, …
        add_family(
            file, "log/",
            [&](std::size_t n) {
                auto name = file.stem().string();
                if (n > 0) name += "." + std::to_string(n);
                return file.parent_path() / (name + file.extension().string());
            },
            settings_->log.files_max);
    }

    void add_traces()
    {
        if (!settings_) return;
        for (const auto& link : settings_->links) {
            if (link.trace.empty()) continue;
            add_family(
                link.trace, "trace/" + link.name + "/",
                [&](std::size_t n) {
                    return n == 0 ? link.trace
                                  : fs::path{link.trace.string() + "." + std::to_string(n)};
                },
                daemon::limits::trace_files_max);
        }
    }

    void add_family(const fs::path& first, const std::string& folder, auto name_of,
                    std::size_t count)
    {
        for (std::size_t n = 0; n < count; ++n) {
            const fs::path file = name_of(n);
            auto text = end_of(file);
            if (text) add(folder + file.filename().string(), std::move(*text));
            if (!text && file == first) lacks(first.string() + " cannot be read");
        }
    }

    void add_orders()
    {
        if (!settings_) return;
        const auto since = time_.wall() - plan_.reach;
        std::ostringstream text;
        order_export out{text, export_format::json, true};
        try {
            store::extract_orders(settings_->journal, {}, [&](const store::extracted_order& each) {
                using protocol::order_state;
                const bool open = each.order.state == order_state::in_doubt ||
                                  each.order.state == order_state::unresolved;
                const bool wanted = each.order.created_at >= since || open ||
                                    each.order.needs != protocol::attention::none;
                return !wanted || out.add(each);
            });
            (void)out.finish();  // a text takes everything
            add("orders.json", text.str());
        } catch (const std::exception& failed) {
            lacks("the orders: " + std::string{failed.what()});
        }
    }

    const bundle_plan& plan_;
    tar_file tar_;
    daemon::real_clock time_;
    std::optional<daemon::config> settings_;
    protocol::secret_hider hider_;
    bundle_report report_;
};

std::string shown_value(const std::string& section, const daemon::config_setting& setting)
{
    const auto known = daemon::known_keys(section);
    if (std::ranges::find(known, std::string_view{setting.key}) == known.end())
        return "\"(hidden: no key of ours)\"";
    const auto* text = std::get_if<std::string>(&setting.value);
    if (text != nullptr && (setting.key == "app_code" || setting.key == "mchid"))
        return "\"" + shortened(*text) + "\"";
    return daemon::toml_of(setting.value);
}

}  // namespace

std::string harmless_config(std::string_view toml)
{
    daemon::config_report report;
    const auto sections = daemon::read_sections(toml, report);
    if (!sections) return "# no TOML\n" + report.to_text("# config");
    std::string made;
    for (const auto& section : *sections) {
        made += (made.empty() ? "" : "\n") + section.title() + "\n";
        for (const auto& setting : section.settings)
            made += setting.key + " = " + shown_value(section.name, setting) + "\n";
    }
    return made;
}

bundle_report make_bundle(const bundle_plan& plan)
{
    return bundle{plan}.run();
}

}  // namespace ecr::cli
