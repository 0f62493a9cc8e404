// From a line as it was written to the command it stands for, or to one clear error.
#include "protocol/ascii.hpp"
#include "protocol/till/line/line_dialect.hpp"
#include "protocol/till/line/text.hpp"
#include "protocol/till/line/written_line.hpp"

#include <algorithm>

namespace ecr::protocol::till::line {
namespace {

constexpr std::string_view minor_units_sentence =
    "Amounts are whole minor units: write 110 for 1.10";

std::string shown(const written_pair& pair)
{
    const bool secret =
        names_a_secret(pair.key) || (!find_key(pair.key).has_value() && looks_secret(pair.value));
    return clean(pair.key, 32) + "=" + (secret ? "***" : line::shown(pair.value));
}

std::string did_you_mean(std::string_view name)
{
    return name.empty() ? std::string{} : ": did you mean " + std::string{name} + "?";
}

bool looks_like_major_units(const written_pair& pair)
{
    if (pair.kind == value_kind::decimal) return true;
    const auto part = [](char c) { return is_digit(c) || c == '.' || c == ','; };
    return pair.value.find_first_of(".,") != std::string::npos &&
           std::ranges::all_of(pair.value, part);
}

class reading {
public:
    reading(const written_line& line, int limit_max) : line_{line}, limit_max_{limit_max} {}

    std::variant<command, problem> run()
    {
        if (!line_.fault.empty()) return problem_of(line_.fault);
        if (auto wrong = read_verb(); !wrong.empty()) return problem_of(std::move(wrong));
        for (const auto& pair : line_.pairs)
            if (auto wrong = read_pair(pair); !wrong.empty()) return problem_of(std::move(wrong));
        if (auto wrong = check_whole(); !wrong.empty()) return problem_of(std::move(wrong));

        // `query order=` is another way to write `query of=`; upstairs there is one.
        if (rule_->one_of.contains(key::order) && command_.of.empty())
            command_.of = std::exchange(command_.order, {});
        return std::move(command_);
    }

private:
    std::string read_verb()
    {
        const auto& name = line_.verb;
        if (name.empty()) return "The verb is missing: write for example \"verb\":\"pay\"";
        rule_ = find_verb(name);
        if (rule_ != nullptr) {
            command_.what = rule_->what;
            return {};
        }
        if (name.find('=') != std::string::npos)
            return "A line starts with a verb such as pay, not with " + shown_word(name);
        const auto meant = suggested_verb(name);
        return "Unknown verb " + shown_word(name) +
               (meant.empty() ? ": send help for the list" : did_you_mean(meant));
    }

    std::string read_pair(const written_pair& pair)
    {
        const auto k = find_key(pair.key);
        if (!k) return "Unknown key " + shown(pair) + did_you_mean(suggested_key(pair.key));
        if (seen_.contains(*k)) return "Doubled key " + shown(pair) + ": give it once";
        seen_.insert(*k);
        if (!rule_->allows(*k) && !common_keys.contains(*k))
            return shown(pair) + " does not belong to " + line_.verb +
                   ". Usage: " + usage_of(*rule_);
        if (!is_kind_for(*k, pair.kind) || !take(*k, pair.value, command_))
            return bad_value(*k, pair);
        if (*k == key::limit && command_.limit > limit_max_)
            return "Bad value " + shown(pair) + ": on this link it must be 1 to " +
                   std::to_string(limit_max_);
        return {};
    }

    static bool is_kind_for(key k, value_kind kind)
    {
        using enum key;
        switch (kind) {
            case value_kind::text:
            case value_kind::whole: return true;
            case value_kind::flag: return key_set{fresh, attention, wait, all, paid}.contains(k);
            case value_kind::decimal:
            case value_kind::compound: return false;
        }
        return false;
    }

    static std::string bad_value(key k, const written_pair& pair)
    {
        if (k == key::amount && looks_like_major_units(pair))
            return std::string{minor_units_sentence} + "; this was " + shown(pair);
        auto sentence = "Bad value " + shown(pair) + ": it must be " + std::string{expected_by(k)};
        // A long number that JSON calls a number has lost its last digits already.
        if (pair.kind == value_kind::decimal) return sentence + ", long numbers between quotes";
        const auto meant = nearest(ascii_lower(pair.value), values_of(k));
        return meant.empty() ? sentence : sentence + ". Did you mean " + std::string{meant} + "?";
    }

    std::string check_whole() const
    {
        int chosen = 0;
        for (std::size_t i = 0; i < key_names.size(); ++i) {
            const auto k = static_cast<key>(i);
            if (rule_->required.contains(k) && !seen_.contains(k))
                return missing(std::string{name_of(k)} + "=");
            if (rule_->one_of.contains(k) && seen_.contains(k)) ++chosen;
        }
        if (!rule_->one_of.empty() && chosen == 0)
            return missing(rule_->one_of.contains(key::all) ? "amount= or all=yes" : "an order");
        if (chosen > 1) return "Only one of these is allowed. Usage: " + usage_of(*rule_);
        if (command_.new_sale && !command_.order.empty())
            return "new=yes is for a " + line_.verb +
                   " without order=: order=" + line::shown(command_.order) +
                   " says already which sale it is";
        if (!command_.to.empty() && command_.to < command_.from)
            return "to= is before from=: the last day comes after the first";
        return {};
    }

    std::string missing(const std::string& what) const
    {
        return line_.verb + " needs " + what + ". Usage: " + usage_of(*rule_);
    }

    problem problem_of(std::string sentence) const
    {
        return {
            .tag = single_value(key::tag, is_tag),
            .order = single_value(key::order, is_order_number),
            .code = result_code::bad_command,
            .safe_to_retry = true,
            .text = std::move(sentence),
        };
    }

    /// A value to give back in an error. Doubled or invalid: none, an error must not guess.
    std::string single_value(key k, bool (*valid)(std::string_view)) const
    {
        const written_pair* found = nullptr;
        for (const auto& pair : line_.pairs) {
            if (pair.key != name_of(k)) continue;
            if (found != nullptr) return {};
            found = &pair;
        }
        const bool readable = found != nullptr && is_kind_for(k, found->kind);
        return readable && valid(found->value) ? found->value : std::string{};
    }

    const written_line& line_;
    int limit_max_;
    const verb_rule* rule_ = nullptr;
    key_set seen_;
    command command_;
};

}  // namespace

std::variant<command, problem> meaning_of(const written_line& line, int limit_max)
{
    return reading{line, limit_max}.run();
}

}  // namespace ecr::protocol::till::line
