#include "tests/support/kept_order.hpp"

#include "store/journal.hpp"

#include <boost/system/system_error.hpp>

#include <algorithm>

namespace ecr::test {
namespace {

void copy_file_if_there(const std::string& from, const std::string& to)
{
    std::filesystem::remove(to);
    if (std::filesystem::exists(from)) std::filesystem::copy_file(from, to);
}

void read(store::journal& journal, journal_content& into)
{
    const auto intact = journal.integrity();
    into.complaint = intact ? *intact : intact.error().message();
    const auto orders = journal.list({.limit = 1'000'000});
    if (!orders) {
        into.complaint += " " + orders.error().message();
        return;
    }
    for (const auto& order : *orders) {
        const auto steps = journal.steps_of(order.out_trade_no);
        if (!steps) into.complaint += " " + steps.error().message();
        into.orders.push_back({order, steps ? *steps : std::vector<protocol::order_step>{}});
    }
}

}  // namespace

bool kept_order::may_be_sent() const
{
    return std::ranges::any_of(
        steps, [](const auto& s) { return s.to == protocol::order_state::sending; });
}

bool kept_order::has_late_step() const
{
    return std::ranges::any_of(steps, [](const auto& s) {
        return protocol::is_late({.from = s.from, .on = s.on, .to = s.to});
    });
}

const kept_order* journal_content::find(const std::string& out_trade_no) const
{
    const auto found = std::ranges::find_if(
        orders, [&](const auto& kept) { return kept.order.out_trade_no == out_trade_no; });
    return found == orders.end() ? nullptr : &*found;
}

journal_content read_remains(const std::filesystem::path& journal,
                             const std::filesystem::path& scratch)
{
    journal_content content;
    if (!std::filesystem::exists(journal)) return content;  // it died before there was one
    // Without the index of the log: that was the dead process's memory.
    for (const auto* suffix : {"", "-wal", "-shm"})
        std::filesystem::remove(scratch.string() + suffix);
    for (const auto* suffix : {"", "-wal"})
        copy_file_if_there(journal.string() + suffix, scratch.string() + suffix);
    return read_journal(scratch);
}

journal_content read_journal(const std::filesystem::path& journal)
{
    journal_content content;
    try {
        store::journal opened{journal};
        read(opened, content);
    } catch (const boost::system::system_error& failed) {
        content.complaint = failed.what();
    }
    return content;
}

}  // namespace ecr::test
