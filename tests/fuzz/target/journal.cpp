// What the journal reads back: rows with any values, and files with any damage.
#include "store/journal.hpp"

#include "store/order_row.hpp"
#include "tests/fuzz/script.hpp"

#include <boost/system/system_error.hpp>

#include <array>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <stdlib.h>
#include <unistd.h>
#include <vector>

namespace ecr::fuzz {
namespace {

using namespace protocol;
namespace fs = std::filesystem;

/// What has to be true of an order that is handed out, whoever wrote the row.
std::string fault_of(const order& o)
{
    const auto state = static_cast<std::size_t>(o.state);
    if (state < 1 || state > order_state_count) return "a state that is none";
    if (o.kind != order_kind::payment && o.kind != order_kind::refund) return "no kind";
    if (name_of(o.via).empty() || name_of(o.scan).empty()) return "no channel";
    if (o.route != order_route::terminal && o.route != order_route::direct) return "no way";
    return {};
}

// --- Rows -------------------------------------------------------------------------------------

struct closer {
    void operator()(sqlite3* db) const noexcept { sqlite3_close_v2(db); }
    void operator()(sqlite3_stmt* s) const noexcept { sqlite3_finalize(s); }
};

/// A statement that gives back what is bound to it.
class echo {
public:
    explicit echo(int columns)
    {
        sqlite3* raw = nullptr;
        store::throw_if(sqlite3_open(":memory:", &raw), "echo");
        db_.reset(raw);
        std::string sql = "SELECT ";
        for (int i = 1; i <= columns; ++i)
            sql += (i > 1 ? ",?" : "?") + std::to_string(i);
        sqlite3_stmt* statement = nullptr;
        store::throw_if(sqlite3_prepare_v2(raw, sql.c_str(), -1, &statement, nullptr), "echo");
        statement_.reset(statement);
    }

    [[nodiscard]] sqlite3_stmt* statement() const noexcept { return statement_.get(); }

    void bind(int index, script& in)
    {
        switch (in.number() % 8) {
            case 0: sqlite3_bind_null(statement(), index); return;
            case 1: sqlite3_bind_int64(statement(), index, in.long_number()); return;
            case 2: sqlite3_bind_double(statement(), index, 1.5 * in.number()); return;
            case 3: bind_text(index, in.text()); return;
            case 4: {
                const auto blob = in.text(in.number());
                sqlite3_bind_blob64(statement(), index, blob.data(), blob.size(), SQLITE_TRANSIENT);
                return;
            }
            case 5: sqlite3_bind_int64(statement(), index, 0); return;
            default: sqlite3_bind_int64(statement(), index, 1 + in.number() % 12); return;
        }
    }

private:
    void bind_text(int index, std::string_view text)
    {
        sqlite3_bind_text64(statement(), index, text.data(), text.size(), SQLITE_TRANSIENT,
                            SQLITE_UTF8);
    }

    std::unique_ptr<sqlite3, closer> db_;
    std::unique_ptr<sqlite3_stmt, closer> statement_;
};

// --- Files ------------------------------------------------------------------------------------

/// A folder of this process, gone with it. In memory where that can be had.
class own_folder {
public:
    own_folder()
    {
        std::error_code failed;
        const bool memory = fs::is_directory("/dev/shm", failed) && !::access("/dev/shm", W_OK);
        std::string name =
            (memory ? fs::path{"/dev/shm"} : fs::temp_directory_path()) / "ecr_fuzz_XXXXXX";
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error{"no folder: " + name};
        path_ = name;
    }
    ~own_folder()
    {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    own_folder(const own_folder&) = delete;
    own_folder& operator=(const own_folder&) = delete;

    [[nodiscard]] const fs::path& path() const noexcept { return path_; }

private:
    fs::path path_;
};

timestamp at(std::int64_t seconds)
{
    return timestamp{std::chrono::seconds{1'700'000'000 + seconds}};
}

void write_sample(store::journal& to)
{
    using enum order_event;
    const std::array<std::vector<order_event>, 6> ways{{
        {},
        {send},
        {send, push},
        {send, push, pay},
        {send, decline},
        {send, doubt, give_up},
    }};
    for (std::size_t i = 0; i < ways.size(); ++i) {
        order o;
        o.out_trade_no = "A-" + std::to_string(i);
        o.till = "till-1";
        o.till_order = std::to_string(i);
        o.terminal = "235C0001";
        o.amount_minor_units = 110;
        o.created_at = o.updated_at = at(0);
        if (to.add(o, "asked")) throw std::runtime_error{"the sample"};
        auto state = order_state::accepted;
        for (const auto event : ways[i]) {
            const auto step = decide(state, event).value();
            transaction_facts facts;
            facts.syssn = "2024070400020002008108200" + std::to_string(i);
            if (to.advance(o.out_trade_no, step, "moved", at(1), {.facts = facts}))
                throw std::runtime_error{"the sample"};
            state = step.to;
        }
    }
}

/// The bytes of a good journal, closed in good order.
const std::string& good_file()
{
    static const std::string bytes = [] {
        const own_folder folder;
        const auto path = folder.path() / "journal.db";
        {
            store::journal writer{path};
            write_sample(writer);
            if (writer.checkpoint()) throw std::runtime_error{"the sample"};
        }
        std::ifstream in{path, std::ios::binary};
        return std::string{std::istreambuf_iterator<char>{in}, {}};
    }();
    return bytes;
}

/// Any number of (place, new byte), and at last perhaps a new size.
std::string damaged(script& in)
{
    auto file = good_file();
    const auto cut = in.number();
    while (!in.empty()) {
        const auto place = static_cast<std::size_t>(in.number()) << 16U |
                           static_cast<std::size_t>(in.number()) << 8U | in.number();
        file[place % file.size()] = static_cast<char>(in.number());
    }
    if (cut != 0) file.resize(file.size() * cut / 256);
    return file;
}

std::string fault_of(store::journal& read)
{
    const auto check = [](const result<std::vector<order>>& orders) -> std::string {
        if (!orders) return {};
        for (const auto& o : *orders)
            if (auto fault = fault_of(o); !fault.empty()) return fault;
        return {};
    };
    for (auto fault : {check(read.list({})), check(read.open_orders()),
                       check(read.watched_orders(at(0))), check(read.refunds_of("A-3"))})
        if (!fault.empty()) return fault;
    for (int i = 0; i < 6; ++i) {
        const auto number = "A-" + std::to_string(i);
        const auto found = read.find(number);
        if (found && *found) {
            if ((*found)->out_trade_no != number) return "another order than was asked for";
            if (auto fault = fault_of(**found); !fault.empty()) return fault;
        }
        const auto steps = read.steps_of(number);
        if (steps)
            for (const auto& step : *steps)
                if (name_of(step.from).empty() || name_of(step.on).empty()) return "no step";
        (void)read.invoice_of(number);
        (void)read.notifications_of(number);
        const auto of_till = read.find_till_order("till-1", std::to_string(i));
        if (of_till && *of_till && (*of_till)->till_order != std::to_string(i))
            return "another number of the till";
    }
    (void)read.last_of_till("till-1");
    (void)read.find_syssn("20240704000200020081082003");
    (void)read.find_invoice(1);
    (void)read.unmatched_notifications(at(0));
    (void)read.count_orders();
    (void)read.integrity();
    return {};
}

/// A verb that writes says that it has failed, or has done it.
std::string fault_of_writing(store::journal& to)
{
    order o;
    o.out_trade_no = "NEW-1";
    o.till = "till-1";
    o.terminal = "235C0001";
    o.amount_minor_units = 220;
    o.created_at = o.updated_at = at(5);
    if (to.add(o, "asked")) return {};
    const auto found = to.find(o.out_trade_no);
    if (!found) return {};
    if (!*found) return "an order was taken, and is not there";
    return (*found)->amount_minor_units == 220 ? "" : "an order was taken with another amount";
}

}  // namespace

std::string journal_row(bytes input)
{
    static echo orders{store::order_column_count};
    static echo steps{5};
    script in{input};
    for (int i = 1; i <= store::order_column_count; ++i)
        orders.bind(i, in);
    for (int i = 1; i <= 5; ++i)
        steps.bind(i, in);
    {
        store::rows row{orders.statement(), SQLITE_OK};
        if (!row.next()) return "no row";
        if (const auto read = store::read_order(row)) {
            if (auto fault = fault_of(*read); !fault.empty()) return fault;
            constexpr int amount_column = 10;
            if (read->amount_minor_units != row.integer(amount_column)) return "another amount";
            if (read->out_trade_no != row.text(0)) return "another number";
        }
    }
    store::rows row{steps.statement(), SQLITE_OK};
    if (!row.next()) return "no row";
    const auto step = store::read_step(row);
    if (step && (name_of(step->from).empty() || name_of(step->to).empty())) return "no step";
    return {};
}

std::string journal_file(bytes input)
{
    static const own_folder folder;
    script in{input};
    const auto path = folder.path() / "journal.db";
    for (const auto& entry : fs::directory_iterator{folder.path()})
        fs::remove(entry.path());
    std::ofstream{path, std::ios::binary} << damaged(in);
    try {
        store::journal journal{path};
        if (auto fault = fault_of(journal); !fault.empty()) return fault;
        return fault_of_writing(journal);
    } catch (const boost::system::system_error&) {
        return {};  // refused at the start, with a sentence
    }
}

}  // namespace ecr::fuzz
