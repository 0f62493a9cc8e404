// What is asked about the account and its terminals.
#include "daemon/setup/setup_topics.hpp"
#include "protocol/cloud/region.hpp"

#include <algorithm>
#include <array>

namespace ecr::daemon {
namespace {

using state = setup_talk::state;
using text = std::string;

// --- The account ------------------------------------------------------------------------------

bool wants_place(const state& s)
{
    return !s.plan.find("cloud", "region") && !s.plan.find("cloud", "url");
}

setup_question ask_place(const state&)
{
    return {.text = "Where is your account at QFPay?",
            .notes = {"A region: " + protocol::cloud::region_names() + ".",
                      "Or https:// and a host, such as that of a simulated cloud (qfpay-sim)."},
            .proposal = "hk"};
}

text take_place(state& s, const text& answer)
{
    const bool address = answer.find("://") != text::npos;
    return s.plan.try_put("cloud", address ? "url" : "region", answer);
}

bool wants_authority(const state& s)
{
    return s.plan.find("cloud", "url") && !s.plan.find("cloud", "ca_file");
}

setup_question ask_authority(const state&)
{
    return {.text = "File with the certificate authority of that host, in PEM",
            .notes = {"Empty: those that this system trusts."}};
}

text take_authority(state& s, const text& answer)
{
    return maybe_put(s, "cloud", "ca_file", answer);
}

/// Amounts of another currency would never match: every sale would end as a mismatch.
bool wants_currency(const state& s)
{
    const auto region = s.plan.text("cloud", "region");
    return !region.starts_with("hk") && region != "sandbox" && !s.plan.find("cloud", "currency");
}

setup_question ask_currency(const state& s)
{
    return {.text = "The account's currency, such as HKD",
            .proposal = s.plan.find("cloud", "url") ? "HKD" : ""};
}

text take_currency(state& s, const text& answer)
{
    return s.plan.try_put("cloud", "currency", answer);
}

bool wants_app_code(const state& s)
{
    return !s.plan.find("cloud", "app_code");
}

setup_question ask_app_code(const state&)
{
    return {.text = "The app code that QFPay gave you"};
}

text take_app_code(state& s, const text& answer)
{
    return s.plan.try_put("cloud", "app_code", answer);
}

bool wants_key(const state& s)
{
    // A file that the answers name is not ours to write.
    return !s.around.key_is_given && !s.plan.find("cloud", "client_key_file");
}

setup_question ask_key(const state& s)
{
    setup_question made{.text = "The client key that belongs to it (it is not shown)"};
    made.secret = true;
    if (s.around.key_is_stored) made.notes = {"Empty: the one that is stored already."};
    return made;
}

text take_key(state& s, const text& answer)
{
    if (answer.empty() && !s.around.key_is_stored) return "must not be empty";
    if (auto problem = key_problem(answer); !problem.empty()) return problem;
    s.client_key = answer;
    return {};
}

bool wants_signature(const state& s)
{
    return !s.plan.find("cloud", "signature");
}

setup_question ask_signature(const state&)
{
    return {.text = "How are requests signed?",
            .notes = {},
            .choices = {{"md5", "unless something else was agreed with QFPay"}, {"sha256", {}}},
            .proposal = "md5"};
}

text take_signature(state& s, const text& answer)
{
    return s.plan.try_put("cloud", "signature", answer);
}

bool wants_mchid(const state& s)
{
    return !s.plan.find("cloud", "mchid");
}

setup_question ask_mchid(const state&)
{
    return {.text = "Merchant id (mchid)", .notes = {"Empty, unless QFPay told you to send one."}};
}

text take_mchid(state& s, const text& answer)
{
    return maybe_put(s, "cloud", "mchid", answer);
}

// --- Terminals --------------------------------------------------------------------------------

bool wants_terminals(const state& s)
{
    return s.asks_terminals;
}

setup_question ask_terminal_id(const state& s)
{
    const bool first = s.plan.count("terminal") == 0;
    return {.text = first ? "Device id of the payment terminal" : "Device id of the next terminal",
            .notes = {"The terminal shows it under My, Settings, Device ID."}};
}

text take_terminal_id(state& s, const text& answer)
{
    return s.plan.try_put("terminal", "id", answer, s.plan.count("terminal"));
}

setup_question ask_terminal_name(const state&)
{
    return {.text = "What tills call it, such as front",
            .notes = {"Empty: they call it by its id, or not at all when there is only one."}};
}

text take_terminal_name(state& s, const text& answer)
{
    return maybe_put(s, "terminal", "name", answer, s.terminal());
}

setup_question ask_more_terminals(const state&)
{
    return {.text = "Another terminal?",
            .notes = {},
            .choices = {{"yes", {}}, {"no", {}}},
            .proposal = "no"};
}

const std::array topics_of_account{
    setup_topic{wants_place, ask_place, take_place},
    setup_topic{wants_authority, ask_authority, take_authority},
    setup_topic{wants_currency, ask_currency, take_currency},
    setup_topic{wants_app_code, ask_app_code, take_app_code},
    setup_topic{wants_key, ask_key, take_key},
    setup_topic{wants_signature, ask_signature, take_signature},
    setup_topic{wants_mchid, ask_mchid, take_mchid},
    setup_topic{wants_terminals, ask_terminal_id, take_terminal_id},
    setup_topic{wants_terminals, ask_terminal_name, take_terminal_name},
    setup_topic{wants_terminals, ask_more_terminals, take_one_more, 2},
};

}  // namespace

std::string key_problem(std::string_view key)
{
    constexpr std::size_t size_max = 256;
    const auto visible = [](unsigned char c) { return c > ' ' && c < 0x7f; };
    if (!std::ranges::all_of(key, visible)) return "has blanks, or letters that no key has";
    if (key.size() > size_max) return "is too long for a key";
    return {};
}

std::span<const setup_topic> account_topics() noexcept
{
    return topics_of_account;
}

std::string take_one_more(setup_talk::state& s, const std::string& answer)
{
    s.again = answer == "yes";
    return {};
}

}  // namespace ecr::daemon
