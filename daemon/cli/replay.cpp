#include "daemon/cli/replay.hpp"

#include "daemon/cli/replay_wire.hpp"
#include "daemon/cli/trace_view.hpp"
#include "protocol/json.hpp"
#include "protocol/till/trace_language.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <map>
#include <stdexcept>
#include <thread>

namespace ecr::cli {
namespace {

using protocol::till::trace_event;
using protocol::till::trace_language;
using protocol::till::trace_record;

constexpr int proofs_max = 100;
constexpr milliseconds proof_wait{20};

/// A till's own numbers for new orders; the others are the bridge's.
constexpr auto tills_names =
    std::to_array<std::string_view>({"order", "out_trade_no", "66", "R1", "R2"});

/// Why it cannot be played, for people.
class cannot : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

std::vector<trace_record> records_of(const replay_options& what)
{
    auto records = read_trace_file(what.file);
    if (!records) throw cannot{what.file + " is no trace"};
    std::erase_if(*records, [&](const trace_record& r) {
        return (!what.link.empty() && r.link != what.link) ||
               (what.connection && r.connection != *what.connection);
    });
    if (records->empty()) throw cannot{"nothing of the kind in " + what.file};
    const auto& first = records->front();
    const bool mixed = std::ranges::any_of(*records, [&](const trace_record& r) {
        return r.link != first.link || r.language != first.language;
    });
    if (mixed) throw cannot{"there are several links in " + what.file + ": say --link NAME"};
    return std::move(*records);
}

class player {
public:
    player(const replay_options& what, const conversation_settings& how)
        : what_{what},
          bridge_{how},
          records_{records_of(what)},
          language_{*known(records_.front().language)}
    {
        if (what.suffix.empty()) return;
        for (const auto& record : records_)
            if (record.what == trace_event::from_till)
                for (const auto& [name, value] : language_.numbers(record.bytes))
                    if (std::ranges::find(tills_names, name) != tills_names.end())
                        numbers_[value] = value + what.suffix;
    }

    bool run()
    {
        require_rehearsal();
        for (const auto& record : records_)
            if (!play(record)) return false;
        return true;
    }

private:
    static const trace_language* known(const std::string& name)
    {
        const auto* language = protocol::till::trace_language_of(name);
        if (language == nullptr) throw cannot{"nobody here speaks " + name};
        return language;
    }

    [[nodiscard]] bridge_caller::answer ask(const json& command)
    {
        auto answer = bridge_.ask(command);
        if (!answer) throw cannot{bridge_.problem()};
        return std::move(*answer);
    }

    /// Money would move elsewhere.
    void require_rehearsal()
    {
        const auto pong = ask({{"verb", "ping"}}).back();
        if (!pong.value("rehearsal", false))
            throw cannot{
                "the bridge is not in rehearsal: a replay would move money. Start one with "
                "ecrbridged --rehearse and name it with --bridge"};
        if (!what_.port.empty()) return require_port();
        seen_ = ask({{"verb", "trace"}, {"limit", 1}}).back().value("last", std::uint64_t{0});
    }

    /// It has to be a port of the bridge that was asked, and not that of another.
    void require_port()
    {
        std::error_code failed;
        const auto device = std::filesystem::canonical(what_.port, failed);
        const auto links = ask({{"verb", "trace"}, {"limit", 1}});
        for (const auto& row : links) {
            std::error_code gone;
            const auto at = std::filesystem::canonical(row.value("at", ""), gone);
            if (!failed && !gone && row.value("type", "") == "pty" && at == device) return;
        }
        throw cannot{what_.port + " is no virtual port of the bridge that was asked"};
    }

    /// The bridge that says it rehearses has to be the one that we are connected to.
    void require_same_bridge(const replay_wire& wire)
    {
        for (int i = 0; i < proofs_max; ++i) {
            const auto records = ask_for_trace(bridge_, {}, seen_);
            if (!records) throw cannot{bridge_.problem()};
            const bool seen = std::ranges::any_of(*records, [&](const trace_record& r) {
                return r.what == trace_event::opened && r.bytes == wire.own_name();
            });
            if (seen) return;
            std::this_thread::sleep_for(proof_wait);
        }
        throw cannot{what_.to +
                     " is no link of the bridge that was asked: name that with --bridge"};
    }

    replay_wire& wire_of(const trace_record& record)
    {
        const auto key = what_.port.empty() ? record.connection : 0;
        auto& wire = wires_[key];
        if (wire) return *wire;
        error_code failed;
        auto cutter = language_.make_cutter(what_.pos_key);
        if (!what_.port.empty()) {
            wire = open_wire(what_.port, std::move(cutter), failed);
        } else {
            const auto address = parse_bridge_address(what_.to);
            if (!address) throw cannot{"--to: " + what_.to + " is not HOST:PORT"};
            wire = connect_wire(*address, what_.patience, std::move(cutter), failed);
        }
        if (!wire) throw cannot{"cannot reach " + what_.to + what_.port + ": " + failed.message()};
        if (what_.port.empty()) require_same_bridge(*wire);
        return *wire;
    }

    bool play(const trace_record& record)
    {
        const auto before = std::exchange(last_at_, record.at);
        switch (record.what) {
            case trace_event::opened: (void)wire_of(record); return true;
            case trace_event::closed:
                if (what_.port.empty()) wires_.erase(record.connection);
                return true;
            case trace_event::from_till:
                if (what_.speed > 0 && before && record.at > *before)
                    std::this_thread::sleep_for((record.at - *before) / what_.speed);
                say(record);
                return true;
            case trace_event::to_till: return hear(record);
        }
        return true;
    }

    void say(const trace_record& record)
    {
        last_traced_.clear();  // last_heard_ stays: a late repeat may still be on its way
        const auto unit = language_.renumbered(record.bytes, numbers_);
        auto& wire = wire_of(record);
        print("till   ", language_.explain(protocol::till::heading::from_till, unit, record.form));
        const auto failed =
            wire.write(language_.sealed(unit, record.form, what_.pos_key), what_.patience);
        if (failed) print("bridge ", {"does not listen: " + failed.message()});
    }

    /// False: here the two courses part.
    bool hear(const trace_record& record)
    {
        const auto wanted = language_.reply_kind(record.bytes);
        if (wanted.empty() || record.bytes == last_traced_) return true;  // may come or not; again
        last_traced_ = record.bytes;
        auto& wire = wire_of(record);
        for (;;) {
            const auto unit = wire.next(what_.patience);
            if (!unit) {
                compare(wanted, "nothing: " + unit.error().message());
                return false;
            }
            const auto kind = language_.reply_kind(unit->bytes);
            const bool again = kind != wanted && unit->bytes == last_heard_;
            if (kind.empty() || again) continue;
            last_heard_ = unit->bytes;
            compare(wanted, kind);
            learn(record.bytes, unit->bytes);
            return kind == wanted;
        }
    }

    /// What the bridge calls an order now, for what the till says of it later.
    void learn(const std::string& traced, const std::string& heard)
    {
        const auto now = language_.numbers(heard);
        for (const auto& [name, value] : language_.numbers(traced)) {
            const auto other = std::ranges::find(now, name, &protocol::till::trace_number::name);
            if (other != now.end() && other->value != value) numbers_[value] = other->value;
        }
    }

    static void print(const std::string& who, const std::vector<std::string>& said)
    {
        auto margin = who;
        for (const auto& line : said) {
            std::fputs((margin + line + "\n").c_str(), stdout);
            margin.assign(who.size(), ' ');
        }
        std::fflush(stdout);
    }

    static void compare(const std::string& traced, const std::string& heard)
    {
        print("bridge ", {"trace: " + traced,
                          "heard: " + heard + (traced == heard ? "" : "   <-- DIFFERENT")});
    }

    const replay_options& what_;
    bridge_caller bridge_;
    std::vector<trace_record> records_;
    const trace_language& language_;
    std::map<std::uint64_t, std::unique_ptr<replay_wire>> wires_;
    std::map<std::string, std::string> numbers_;  // of the trace, to those of now
    std::optional<timestamp> last_at_;
    std::string last_traced_;
    std::string last_heard_;
    std::uint64_t seen_ = 0;
};

}  // namespace

replay_code replay(const replay_options& what, const conversation_settings& how)
{
    try {
        const bool same = player{what, how}.run();
        std::fputs(same ? "Same course.\n" : "Another course.\n", stdout);
        return same ? replay_code::same : replay_code::different;
    } catch (const cannot& why) {
        std::fputs(("ecrbridge: " + std::string{why.what()} + "\n").c_str(), stderr);
        return replay_code::impossible;
    }
}

}  // namespace ecr::cli
