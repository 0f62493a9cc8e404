// verb key=value key="value with blanks" …
#include "protocol/ascii.hpp"
#include "protocol/till/line/line_dialect.hpp"
#include "protocol/till/line/text.hpp"
#include "protocol/till/line/written_line.hpp"

namespace ecr::protocol::till::line {
namespace {

class scanner {
public:
    explicit scanner(std::string_view line) : rest_{line} {}

    written_line run()
    {
        skip_blanks();
        line_.verb = ascii_lower(until_any_of(" \t"));
        for (skip_blanks(); !rest_.empty(); skip_blanks()) {
            if (line_.pairs.size() == parameters_max) {
                complain("The line has more than " + std::to_string(parameters_max) + " keys");
                break;
            }
            if (!read_pair()) break;
        }
        return std::move(line_);
    }

private:
    void skip_blanks()
    {
        while (!rest_.empty() && is_blank(rest_.front()))
            rest_.remove_prefix(1);
    }

    std::string_view until_any_of(const char* stops)
    {
        const auto found = rest_.substr(0, rest_.find_first_of(stops));
        rest_.remove_prefix(found.size());
        return found;
    }

    /// False: the rest of the line cannot be read.
    bool read_pair()
    {
        const auto name = until_any_of(" \t=");
        if (name.empty() || rest_.empty() || rest_.front() != '=') {
            // Read on: the order number may be in the rest, and the error ought to carry it.
            // Behind a secret it may be the rest of it.
            const bool hidden = !line_.pairs.empty() && names_a_secret(line_.pairs.back().key);
            complain((hidden ? "***" : shown_word(name.empty() ? "=" : name)) +
                     " is not key=value; there are no blanks around the =");
            until_any_of(" \t");
            return true;
        }
        rest_.remove_prefix(1);
        written_pair pair{.key = ascii_lower(name), .value = {}};
        if (!rest_.empty() && rest_.front() == '"') {
            if (!read_quoted(pair)) return false;
        } else {
            pair.value = until_any_of(" \t");
            if (pair.value.find('"') != std::string::npos)
                complain(pair.key + "=" +
                         (names_a_secret(pair.key) ? "***" : shown_word(pair.value)) +
                         ": quotes go around the whole value");
        }
        line_.pairs.push_back(std::move(pair));
        return true;
    }

    bool read_quoted(written_pair& pair)
    {
        rest_.remove_prefix(1);
        for (;;) {
            pair.value += until_any_of("\"\\");
            const bool escaped = rest_.size() > 1 && rest_[0] == '\\';
            if (escaped && rest_[1] != '"' && rest_[1] != '\\') {
                complain(shown(pair.key) + " contains a backslash: between quotes write \\\\");
                return false;
            }
            if (escaped) {
                pair.value += rest_[1];
                rest_.remove_prefix(2);
                continue;
            }
            if (rest_.empty() || rest_[0] == '\\') {
                complain("The quote after " + shown(pair.key + "=") + " is never closed");
                return false;
            }
            rest_.remove_prefix(1);
            if (rest_.empty() || is_blank(rest_.front())) return true;
            complain("A blank is missing after the closing quote of " + shown(pair.key));
            return false;
        }
    }

    void complain(std::string sentence)
    {
        if (line_.fault.empty()) line_.fault = std::move(sentence);
    }

    std::string_view rest_;
    written_line line_;
};

}  // namespace

bool is_json(std::string_view line) noexcept
{
    const auto first = line.find_first_not_of(" \t");
    return first != std::string_view::npos && line[first] == '{';
}

written_line read_text_line(std::string_view line)
{
    return scanner{line}.run();
}

}  // namespace ecr::protocol::till::line
