#pragma once

#include <nlohmann/json_fwd.hpp>

#include <map>
#include <string>
#include <vector>

namespace ecr::cli {

enum class output_style {
    lines,  // for people, into a file or a pipe
    live,   // for people at a terminal: progress rewrites its line
    json,   // for scripts: what the bridge says, as it says it
    csv,    // for spreadsheets: the rows alone; all else goes to standard error
};

/// Shows replies: results on standard output, complaints on standard error.
class presenter {
public:
    /// `draw_codes`: a code to show is drawn, and not only told as text.
    presenter(output_style style, bool draw_codes) : style_{style}, draw_codes_{draw_codes} {}

    /// One reply; `line` is how it came.
    void show(const nlohmann::json& reply, const std::string& line);

    /// Something the bridge did not say.
    void complain(const std::string& sentence);

    /// To be called once, at the end. False: standard output lacks rows of a list that was shown.
    /// Whatever it lacks is complained about.
    [[nodiscard]] bool finish();

private:
    using fields = std::map<std::string, std::string>;

    void say(const std::string& sentence);

    void show_accepted(const fields& f);
    void show_code(const fields& f);
    void show_progress(const fields& f);
    void show_result(const fields& f);
    void show_ok(const fields& f);
    void print_rows();
    void clear_live_line();
    void print(const std::string& line);

    output_style style_;
    bool draw_codes_;
    bool live_line_shown_ = false;
    bool lists_ = false;
    std::string last_progress_;
    std::vector<fields> rows_;
};

using table_row = std::map<std::string, std::string>;

/// The columns that any of the rows has, in the order a person looks for them.
[[nodiscard]] std::vector<std::string> columns_of(const std::vector<table_row>& rows);

/// The rows under the names of their columns, each line with its CR LF. Source: RFC 4180. A cell
/// that a spreadsheet would take for a formula has a ' before it. Empty without rows.
[[nodiscard]] std::string csv_table(const std::vector<std::string>& columns,
                                    const std::vector<table_row>& rows);

/// One line of CSV, with its CR LF; cells guarded as above.
[[nodiscard]] std::string csv_line(const std::vector<std::string>& cells);

/// Rows of the same columns, aligned under their names. Ends with a newline; empty without rows.
[[nodiscard]] std::string aligned_table(const std::vector<std::string>& columns,
                                        const std::vector<table_row>& rows);

}  // namespace ecr::cli
