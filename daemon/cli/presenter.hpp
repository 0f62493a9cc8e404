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
};

/// Shows replies: results on standard output, complaints on standard error.
class presenter {
public:
    explicit presenter(output_style style) : style_{style} {}

    /// One reply; `line` is how it came.
    void show(const nlohmann::json& reply, const std::string& line);

    /// Something the bridge did not say.
    void complain(const std::string& sentence);

private:
    using fields = std::map<std::string, std::string>;

    void show_accepted(const fields& f);
    void show_progress(const fields& f);
    void show_result(const fields& f);
    void show_ok(const fields& f);
    void print_rows();
    void clear_live_line();
    void print(const std::string& line);

    output_style style_;
    bool live_line_shown_ = false;
    std::string last_progress_;
    std::vector<fields> rows_;
};

/// Rows of the same columns, aligned under their names. Ends with a newline; empty without rows.
[[nodiscard]] std::string aligned_table(
    const std::vector<std::string>& columns,
    const std::vector<std::map<std::string, std::string>>& rows);

}  // namespace ecr::cli
