#include "daemon/trace/trace_book.hpp"

#include "daemon/limits.hpp"
#include "daemon/trace/trace_file.hpp"

#include <algorithm>
#include <exception>

namespace ecr::daemon {

using protocol::till::heading;
using protocol::till::trace_event;
using protocol::till::trace_record;
using protocol::till::trace_unit;
namespace trace_form = protocol::till::trace_form;

trace_tap::trace_tap(trace_book& book, const link_config& link, std::uint64_t connection,
                     const std::string& till, std::unique_ptr<protocol::till::trace_cutter> cutter,
                     const std::string& peer)
    : book_{book},
      book_lives_{book.lives_},
      link_{link},
      connection_{connection},
      till_{till},
      cutter_{std::move(cutter)}
{
    put(trace_event::opened, trace_form::clear, peer);
}

trace_tap::~trace_tap()
{
    try {
        give_up(heading::from_till);
        give_up(heading::to_till);
        put(trace_event::closed, trace_form::clear, {});
    } catch (const std::exception&) {
        muted_ = true;  // a trace without its last words ends no bridge
    }
}

void trace_tap::heard(std::string_view bytes)
{
    take(heading::from_till, bytes);
}

void trace_tap::said(std::string_view bytes)
{
    take(heading::to_till, bytes);
}

void trace_tap::expired()
{
    give_up(heading::from_till);
}

void trace_tap::take(heading way, std::string_view bytes)
{
    if (muted_ || bytes.empty()) return;
    std::vector<trace_unit> units;
    cutter_->take(way, bytes, units);
    put(way, std::move(units));
}

void trace_tap::give_up(heading way)
{
    if (muted_) return;
    std::vector<trace_unit> units;
    cutter_->give_up(way, units);
    put(way, std::move(units));
}

void trace_tap::put(heading way, std::vector<trace_unit> units)
{
    const auto what = way == heading::from_till ? trace_event::from_till : trace_event::to_till;
    for (auto& unit : units)
        put(what, unit.form, std::move(unit.bytes));
}

void trace_tap::put(trace_event what, std::string_view form, std::string bytes)
{
    if (muted_ || book_lives_.expired()) return;
    book_.keep(link_.name, {.at = book_.time_.wall(),
                            .link = link_.name,
                            .connection = connection_,
                            .till = till_,
                            .language = std::string{cutter_->language()},
                            .what = what,
                            .form = std::string{form},
                            .bytes = std::move(bytes)});
}

trace_book::trace_book(clock& time, const std::vector<link_config>& links)
    : time_{time}, links_{links}
{
    for (const auto& link : links)
        add(link);
}

void trace_book::add(const link_config& link)
{
    auto& place = shelves_[link.name];
    if (link.trace.empty()) return;
    if (!writer_) writer_ = std::make_unique<asio::thread_pool>(1);
    auto& file = files_[link.trace.lexically_normal()];
    if (!file)
        file = std::make_shared<trace_file>(*writer_, link.trace, limits::trace_file_size_max,
                                            limits::trace_files_max);
    place.file = file;
}

trace_book::~trace_book()
{
    if (writer_) writer_->join();
}

std::unique_ptr<trace_tap> trace_book::tap(const link_config& link, const std::string& till,
                                           std::unique_ptr<protocol::till::trace_cutter> cutter,
                                           const std::string& peer)
{
    if (!cutter) return nullptr;
    return std::make_unique<trace_tap>(*this, link, ++connections_, till, std::move(cutter), peer);
}

void trace_book::keep(const std::string& link, trace_record&& record)
{
    auto& place = shelves_[link];
    if (place.file) place.file->write(to_trace_line(record));
    place.size += record.bytes.size();
    place.records.push_back({++last_, std::move(record)});
    while (place.records.size() > limits::trace_records_max ||
           place.size > limits::trace_size_max) {
        place.size -= place.records.front().record.bytes.size();
        place.records.pop_front();
    }
}

std::vector<const trace_book::kept*> trace_book::since(const std::string& link,
                                                       std::uint64_t after) const
{
    std::vector<const kept*> found;
    for (const auto& [name, place] : shelves_) {
        if (!link.empty() && name != link) continue;
        for (const auto& each : place.records)
            if (each.number > after) found.push_back(&each);
    }
    std::ranges::sort(found, {}, &kept::number);
    return found;
}

}  // namespace ecr::daemon
