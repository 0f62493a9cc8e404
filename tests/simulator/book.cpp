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

void book::add(const transaction_ptr& entry)
{
    all_.push_back(entry);
    if (!entry->out_trade_no.empty()) by_number_.emplace(entry->out_trade_no, entry);
}

void book::show(const transaction_ptr& entry, timestamp at)
{
    const auto serial = next_serial_++;
    entry->sysdtm = at;
    // 26 digits that begin with QFPay's day, as in the samples.
    entry->syssn = cloud_day(at) + "18050002" + digits(serial, 10);
    entry->clisn = digits(serial % 1'000'000, 6);
    if (!protocol::is_card(entry->via)) entry->chnlsn = "SIM" + cloud_day(at) + digits(serial, 9);
    by_syssn_.emplace(entry->syssn, entry);
}

void book::clear()
{
    all_.clear();
    by_syssn_.clear();
    by_number_.clear();
    used_.clear();
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
