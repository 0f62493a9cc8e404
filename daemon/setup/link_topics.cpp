// What is asked about the ways by which tills reach the bridge.
#include "daemon/setup/serial_ports.hpp"
#include "daemon/setup/setup_topics.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <sstream>

namespace ecr::daemon {
namespace {

using state = setup_talk::state;
using text = std::string;

// --- Links ------------------------------------------------------------------------------------

bool wants_links(const state& s)
{
    return s.asks_links;
}

text of_link(const state& s, std::string_view key)
{
    return s.plan.text("link", key, s.link());
}

template <const std::string_view& Kind>
bool is_kind(const state& s)
{
    return s.asks_links && of_link(s, "type") == Kind;
}

constexpr std::string_view tcp = "tcp";
constexpr std::string_view serial = "serial";
constexpr std::string_view pty = "pty";

setup_question ask_link_name(const state& s)
{
    const auto there = s.plan.count("link");
    return {.text = there == 0 ? "What do you call the way by which tills reach the bridge?"
                               : "What do you call the next way?",
            .notes = {"A name for logs: A-Z a-z 0-9 _ -"},
            .choices = {},
            .proposal = there == 0 ? "shop" : "shop-" + std::to_string(there + 1)};
}

text take_link_name(state& s, const text& answer)
{
    return s.plan.try_put("link", "name", answer, s.plan.count("link"));
}

setup_question ask_kind(const state& s)
{
    setup_question made{.text = "How do the tills' bytes reach this machine?",
                        .notes = {},
                        .choices = {{"tcp", "a network, or a program on this machine"},
                                    {"serial", "a cable, also at a USB adapter"}},
                        .proposal = "tcp"};
    if (s.around.virtual_ports)
        made.choices.push_back({"pty", "a virtual serial port, for a program on this machine"});
    return made;
}

text take_kind(state& s, const text& answer)
{
    return s.plan.try_put("link", "type", answer, s.link());
}

setup_question ask_listen(const state& s)
{
    const auto port = 9100 + s.link();
    return {
        .text = "Address and port to listen at",
        .notes = {"127.0.0.1 is for programs on this machine; tills on the shop's network reach "
                  "the address",
                  "that this machine has there, such as 192.168.1.10:9100."},
        .choices = {},
        .proposal = "127.0.0.1:" + std::to_string(port)};
}

text take_listen(state& s, const text& answer)
{
    return s.plan.try_put("link", "listen", answer, s.link());
}

bool wants_allow(const state& s)
{
    const auto listen = is_kind<tcp>(s) ? of_link(s, "listen") : text{};
    return !listen.empty() && !listen.starts_with("127.") && !listen.starts_with("[::1]");
}

setup_question ask_allow(const state&)
{
    return {.text = "Who may connect? Addresses and networks, such as 192.168.1.0/24",
            .notes = {"Several are separated by commas. Empty: anybody who reaches the port."}};
}

text take_allow(state& s, const text& answer)
{
    std::vector<text> entries;
    std::istringstream in{answer};
    for (text entry; std::getline(in, entry, ',');) {
        std::erase(entry, ' ');
        if (!entry.empty()) entries.push_back(entry);
    }
    return entries.empty() ? text{} : s.plan.try_put("link", "allow", entries, s.link());
}

setup_question ask_device(const state& s)
{
    setup_question made{.text = "Which serial port?"};
    const auto& ports = s.around.serial_ports;
    if (ports.empty()) made.notes.emplace_back("This machine has none now. Name its device.");
    for (std::size_t i = 0; i < ports.size(); ++i)
        made.notes.push_back(std::to_string(i + 1) + "  " + ports[i]);
    if (!ports.empty()) {
        made.notes.emplace_back("A number, or another device.");
        made.proposal = "1";
    }
    return made;
}

text take_device(state& s, const text& answer)
{
    const auto& ports = s.around.serial_ports;
    std::size_t number = 0;
    const auto* end = answer.data() + answer.size();
    const auto [last, failed] = std::from_chars(answer.data(), end, number);
    const bool counted = failed == std::errc{} && last == end;
    if (counted && (number == 0 || number > ports.size())) return "there is no port of that number";
    const auto device = counted ? ports[number - 1] : answer;
    if (auto problem = device_problem(device); !problem.empty()) return problem;
    return s.plan.try_put("link", "device", device, s.link());
}

setup_question ask_wire(const state&)
{
    return {.text = "How is the till's port set? Speed, data bits, parity, stop bits",
            .notes = {"As its manual has it: 9600 8N1, 19200 7E1, 1200 8O2."},
            .choices = {},
            .proposal = "9600 8N1"};
}

text take_wire(state& s, const text& answer)
{
    std::int64_t baud = 0;
    text frame;
    text rest;
    std::istringstream in{answer};
    in >> baud >> frame;
    if (!in || in >> rest || frame.size() != 3) return "must be like 9600 8N1";
    const auto parity = frame[1] == 'N' || frame[1] == 'n'   ? "none"
                        : frame[1] == 'E' || frame[1] == 'e' ? "even"
                        : frame[1] == 'O' || frame[1] == 'o' ? "odd"
                                                             : "";
    const std::pair<std::string_view, config_value> values[] = {
        {"baud", baud},
        {"data_bits", std::int64_t{frame[0] - '0'}},
        {"parity", text{parity}},
        {"stop_bits", std::int64_t{frame[2] - '0'}}};
    auto tried = s.plan;
    for (const auto& [key, value] : values)
        if (auto problem = tried.try_put("link", key, value, s.link()); !problem.empty())
            return text{key} + ": " + problem;
    s.plan = std::move(tried);
    return {};
}

setup_question ask_symlink(const state& s)
{
    return {.text = "Name of the virtual port, which the till's program is told to use",
            .notes = {"The service can make names in /run/ecrbridge only."},
            .choices = {},
            .proposal = "/run/ecrbridge/tty-" + of_link(s, "name")};
}

text take_symlink(state& s, const text& answer)
{
    if (!answer.starts_with('/')) return "must begin with /";
    return s.plan.try_put("link", "symlink", answer, s.link());
}

// --- What is spoken on a link -----------------------------------------------------------------

setup_question ask_dialect(const state&)
{
    return {.text = "What do the tills speak?",
            .notes = {},
            .choices = {{"line", "lines of text: our own, for what can be programmed"},
                        {"hypercom", "tills made for terminals of the Hypercom family"},
                        {"qfpay-local", "tills made for QFPay's terminal app on the LAN"}},
            .proposal = "line"};
}

text take_dialect(state& s, const text& answer)
{
    auto problem = s.plan.try_put("link", "dialect", answer, s.link());
    if (problem.empty() && answer == "qfpay-local" && of_link(s, "type") != tcp)
        problem = s.plan.try_put("link", "wrapping", text{"serial"}, s.link());
    return problem;
}

bool wants_framing(const state& s)
{
    return is_kind<serial>(s) && of_link(s, "dialect") == "line";
}

setup_question ask_framing(const state&)
{
    return {.text = "Is each line framed?",
            .notes = {},
            .choices = {{"plain", "no"},
                        {"stx", "yes: STX, the line, ETX and a checksum, with ACK and NAK"}},
            .proposal = "plain"};
}

text take_framing(state& s, const text& answer)
{
    return s.plan.try_put("link", "framing", answer, s.link());
}

bool wants_wrapping(const state& s)
{
    return is_kind<tcp>(s) && of_link(s, "dialect") == "qfpay-local";
}

setup_question ask_wrapping(const state&)
{
    return {
        .text = "In what are its messages wrapped?",
        .notes = {"Without pos_key_file the POS-KEY is the published one: anybody who reaches the "
                  "port can order payments.",
                  "Set it in the file afterwards."},
        .choices = {{"http", "as at the app's port 9001"}, {"tcp", "as at its port 9002"}},
        .proposal = "http"};
}

text take_wrapping(state& s, const text& answer)
{
    return s.plan.try_put("link", "wrapping", answer, s.link());
}

bool wants_numbers(const state& s)
{
    return s.asks_links && of_link(s, "dialect") != "qfpay-local";
}

setup_question ask_numbers(const state& s)
{
    return {
        .text = "The tills' order numbers",
        .notes = {"Tills that start again at 1 every morning, and are set as unique, would be told "
                  "yesterday's result."},
        .choices = {{"unique", "never come again"},
                    {"daily", "start again every day"},
                    {"none", "there are none, or they mean nothing"}},
        .proposal = of_link(s, "dialect") == "hypercom" ? "none" : "daily"};
}

text take_numbers(state& s, const text& answer)
{
    return s.plan.try_put("link", "numbers", answer, s.link());
}

bool wants_link_terminal(const state& s)
{
    return s.asks_links && s.plan.count("terminal") > 1;
}

setup_question ask_link_terminal(const state& s)
{
    setup_question made{.text = "At which terminal do customers of this link pay?"};
    for (std::size_t i = 0; i < s.plan.count("terminal"); ++i)
        made.notes.push_back(s.plan.text("terminal", "id", i) + "  " +
                             s.plan.text("terminal", "name", i));
    made.notes.emplace_back("Its id or name. Empty: the till says so each time.");
    return made;
}

text take_link_terminal(state& s, const text& answer)
{
    return maybe_put(s, "link", "terminal", answer, s.link());
}

setup_question ask_channel(const state&)
{
    return {.text = "How do customers pay when the till does not say?",
            .notes = {"card_payment, wx, alipay, payme, union, fps, octopus, unionpay_card or "
                      "amex_card.",
                      "Empty: the till says so each time."}};
}

text take_channel(state& s, const text& answer)
{
    auto problem = maybe_put(s, "link", "channel", answer, s.link());
    // It knows only a code that the customer scans. Source: contract 3.1.
    if (problem.empty() && answer == "fps")
        problem = s.plan.try_put("link", "scan", text{"QRCODE_PAY"}, s.link());
    return problem;
}

setup_question ask_more_links(const state&)
{
    return {.text = "Another way for tills?",
            .notes = {},
            .choices = {{"yes", {}}, {"no", {}}},
            .proposal = "no"};
}

const std::array topics_of_links{
    setup_topic{wants_links, ask_link_name, take_link_name},
    setup_topic{wants_links, ask_kind, take_kind},
    setup_topic{is_kind<tcp>, ask_listen, take_listen},
    setup_topic{wants_allow, ask_allow, take_allow},
    setup_topic{is_kind<serial>, ask_device, take_device},
    setup_topic{is_kind<serial>, ask_wire, take_wire},
    setup_topic{is_kind<pty>, ask_symlink, take_symlink},
    setup_topic{wants_links, ask_dialect, take_dialect},
    setup_topic{wants_framing, ask_framing, take_framing},
    setup_topic{wants_wrapping, ask_wrapping, take_wrapping},
    setup_topic{wants_numbers, ask_numbers, take_numbers},
    setup_topic{wants_link_terminal, ask_link_terminal, take_link_terminal},
    setup_topic{wants_links, ask_channel, take_channel},
    setup_topic{wants_links, ask_more_links, take_one_more, 13},
};

}  // namespace

std::span<const setup_topic> link_topics() noexcept
{
    return topics_of_links;
}

}  // namespace ecr::daemon
