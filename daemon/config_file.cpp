#include "daemon/config_file.hpp"

#include "daemon/config_page.hpp"
#include "daemon/limits.hpp"
#include "daemon/link/link_language.hpp"
#include "daemon/link/pseudo_terminal.hpp"
#include "daemon/secret.hpp"

#include <array>
#include <fstream>

namespace ecr::daemon {
namespace {

bool can_look(const std::filesystem::path& file, secrets_for whom)
{
    return !file.empty() && (whom != secrets_for::check || !only_the_service_sees(file));
}

/// What is wrong with the page's token; empty: nothing.
std::string page_problem(const page_config& page, secrets_for whom)
{
    if (!page.on || !can_look(page.token_file, whom)) return {};
    const auto token = read_secret_file(page.token_file);
    const auto problem = token.problem.empty() ? page_token_problem(token.secret) : token.problem;
    return problem.empty() ? std::string{} : "[page] token_file: " + problem;
}

/// What is wrong with the place, the secrets and the language of a link; empty: nothing.
std::string link_problem(const link_config& link, secrets_for whom)
{
    if (link.kind == link_kind::pty && !pseudo_terminal::are_there())
        return "link " + link.name + ": " + pseudo_terminal::none_here;
    const bool look = link.pos_key_file.empty() || can_look(link.pos_key_file, whom);
    if (const auto language = language_of(link); look && !language.problem.empty())
        return "link " + link.name + ": " + language.problem;
    // Read again for each hello; that nobody could say it is better known now.
    if (!can_look(link.token_file, whom)) return {};
    const auto token = read_secret_file(link.token_file);
    return token.problem.empty() ? std::string{}
                                 : "link " + link.name + ": token: " + token.problem;
}

}  // namespace

std::string read_config_text(const std::filesystem::path& file, std::string& text)
{
    auto cannot = "cannot read " + file.string();
    std::ifstream in{file, std::ios::binary};
    if (!in) return cannot;
    text.clear();
    // In pieces: the text is kept, and room for the longest would be kept with it.
    std::array<char, 16 * 1024> piece{};
    do {
        in.read(piece.data(), piece.size());
        text.append(piece.data(), static_cast<std::size_t>(in.gcount()));
    } while (in && text.size() <= limits::config_size_max);
    if (in.bad()) return cannot + ": it is no file";  // a folder, most likely
    if (text.size() > limits::config_size_max)
        return file.string() + " is too long for a configuration";
    return {};
}

config_loading load_config(const std::filesystem::path& file, secrets_for whom)
{
    config_loading made;
    made.problem = read_config_text(file, made.text);
    if (!made.problem.empty()) return made;
    config_report report;
    auto settings = parse_config(made.text, report);
    if (!settings) {
        made.problem = report.to_text(file.string());
        return made;
    }
    auto secrets = read_secrets(*settings, whom);
    made.problem = std::move(secrets.problem);
    if (made.problem.empty()) made.problem = page_problem(settings->page, whom);
    for (const auto& link : settings->links)
        if (made.problem.empty()) made.problem = link_problem(link, whom);
    if (!made.problem.empty()) return made;
    made.settings = std::move(settings);
    made.secrets = std::move(secrets.all);
    return made;
}

}  // namespace ecr::daemon
