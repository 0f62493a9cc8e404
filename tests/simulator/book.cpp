#include "tests/simulator/book.hpp"

#include <array>
#include <cstdio>

namespace ecr::simulator {
namespace {

std::string digits(std::uint64_t value, int width)
{
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%0*llu", width,
                  static_cast<unsigned long long>(value));
    return text.data();
}

}  // namespace

std::string_view name_of(stage value) noexcept
{
    switch (value) {
        case stage::on_the_way: return "on_the_way";
        case stage::shown: return "shown";
        case stage::in_process: return "in_process";
        case stage::ended: return "ended";
    }
    return "?";
}

money_fact fact_of(const transaction& entry, timestamp at, bool late)
{
    const auto& payment = entry.refund ? *entry.original : entry;
    return {
        .at = at,
        .refund = entry.refund,
        .out_trade_no = payment.out_trade_no,
        .syssn = entry.syssn,
        .origssn = entry.refund ? payment.syssn : "",
        .amount_minor_units = entry.amount_minor_units,
        .via = entry.via,
        .termid = entry.termid,
        .late = late,
        .app_code = entry.app_code,
    };
}

void book::add(const transaction_ptr& entry)
{
    entry->home = this;
    all_.push_back(entry);
    if (!entry->out_trade_no.empty()) by_number_.emplace(entry->out_trade_no, entry);
}

std::string book::next_syssn(timestamp at)
{
    // 26 digits that begin with QFPay's day, as in the samples.
    return cloud_day(at) + "18050002" + digits(next_serial_++, 10);
}

void book::show(const transaction_ptr& entry, timestamp at)
{
    const auto serial = next_serial_;
    entry->sysdtm = at;
    entry->syssn = next_syssn(at);
    entry->clisn = digits(serial % 1'000'000, 6);
    if (!protocol::is_card(entry->via)) entry->chnlsn = "SIM" + cloud_day(at) + digits(serial, 9);
    by_syssn_.emplace(entry->syssn, entry);
    by_time_.emplace(entry->sysdtm, entry);
}

void book::file(const transaction_ptr& entry)
{
    const auto serial = next_serial_;
    if (entry->syssn.empty()) entry->syssn = next_syssn(entry->sysdtm);
    entry->clisn = digits(serial % 1'000'000, 6);
    add(entry);
    use_number(entry->out_trade_no);
    by_syssn_.insert_or_assign(entry->syssn, entry);
    by_time_.emplace(entry->sysdtm, entry);
}

void book::remove(const transaction_ptr& entry)
{
    const auto is_it = [&](const auto& pair) { return pair.second == entry; };
    std::erase(all_, entry);
    std::erase_if(by_syssn_, is_it);
    std::erase_if(by_number_, is_it);
    std::erase_if(by_time_, is_it);
}

void book::clear()
{
    all_.clear();
    by_syssn_.clear();
    by_number_.clear();
    by_time_.clear();
    used_.clear();
}

std::vector<transaction_ptr> book::all_by_number(std::string_view out_trade_no) const
{
    std::vector<transaction_ptr> found;
    const auto [first, last] = by_number_.equal_range(out_trade_no);
    for (auto it = first; it != last; ++it)
        if (!it->second->syssn.empty()) found.push_back(it->second);
    return found;
}

transaction_ptr book::by_syssn(std::string_view syssn) const
{
    const auto found = by_syssn_.find(syssn);
    return found == by_syssn_.end() ? nullptr : found->second;
}

transaction_ptr book::by_number(std::string_view out_trade_no) const
{
    transaction_ptr newest;
    const auto [first, last] = by_number_.equal_range(out_trade_no);
    for (auto it = first; it != last; ++it)
        if (!newest || !it->second->syssn.empty()) newest = it->second;
    return newest;
}

void book::use_number(const std::string& out_trade_no)
{
    if (!out_trade_no.empty()) ++used_[out_trade_no];
}

bool book::is_used(std::string_view out_trade_no) const
{
    return used_.contains(out_trade_no);
}

}  // namespace ecr::simulator
