#pragma once

#include "daemon/config_reader.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ecr::daemon {

using config_value = decltype(config_setting::value);

/// A configuration in the making: the tables and settings somebody has chosen. What is not in it
/// keeps its default.
class setup_plan {
public:
    setup_plan() = default;
    /// From an answers file; its lines stay known, for reports.
    explicit setup_plan(std::vector<config_section> sections) : sections_{std::move(sections)} {}

    /// How many tables of that name there are.
    [[nodiscard]] std::size_t count(std::string_view name) const noexcept;
    /// The value of a key in the table of that name and number; null: not said.
    [[nodiscard]] const config_value* find(std::string_view name, std::string_view key,
                                           std::size_t index = 0) const noexcept;
    /// Its text; empty: not said, or no text.
    [[nodiscard]] std::string text(std::string_view name, std::string_view key,
                                   std::size_t index = 0) const;

    /// Puts a value into the table of that name and number, which is made when it is not there. A
    /// value that was there is replaced.
    void put(std::string_view name, std::string_view key, config_value value,
             std::size_t index = 0);
    /// The same, when the value can stand beside all that was chosen so far. Gives why it cannot;
    /// empty: it stands there.
    [[nodiscard]] std::string try_put(std::string_view name, std::string_view key,
                                      config_value value, std::size_t index = 0);

    [[nodiscard]] const std::vector<config_section>& sections() const noexcept { return sections_; }

private:
    [[nodiscard]] config_section* table(std::string_view name, std::size_t index) noexcept;

    std::vector<config_section> sections_;
};

/// Puts what `--link` says into a new [[link]]: "NAME,KIND,WHERE" and further "KEY=VALUE",
/// separated by commas. KIND is tcp, serial or pty, WHERE its address and port, device or symbolic
/// link. Gives what is wrong; empty: nothing.
[[nodiscard]] std::string put_link(setup_plan& plan, std::string_view shorthand);

/// The same for `--terminal`: "ID" or "ID,NAME", and further "KEY=VALUE".
[[nodiscard]] std::string put_terminal(setup_plan& plan, std::string_view shorthand);

/// The same for `--set`: "SECTION.KEY=VALUE", in a table there is once.
[[nodiscard]] std::string put_setting(setup_plan& plan, std::string_view shorthand);

/// Fills in what a configuration must say and nobody has asked about: the journal, where the client
/// key is, and, when there is none, a link on this machine. `client_key_file` empty: the unit's
/// credential.
void complete(setup_plan& plan, const std::string& client_key_file, const std::string& journal);

}  // namespace ecr::daemon
