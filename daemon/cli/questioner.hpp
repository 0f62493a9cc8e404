#pragma once

#include "daemon/setup/setup_talk.hpp"

#include <optional>
#include <string>

namespace ecr::cli {

/// Shows questions on standard output and reads the answers from standard input, line by line. A
/// secret that is typed at a terminal is not shown.
class questioner {
public:
    /// Nothing: there are no more answers.
    [[nodiscard]] std::optional<std::string> ask(const daemon::setup_question& question);
    /// An answer could not be taken.
    void refuse(const std::string& why);

    /// Asks until it is yes or no. Nothing: as above.
    [[nodiscard]] std::optional<bool> confirm(const std::string& text, bool proposal,
                                              const std::vector<std::string>& notes = {});
};

}  // namespace ecr::cli
