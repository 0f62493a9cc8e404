#include "tests/store/power_cut.hpp"

#include <algorithm>
#include <set>

namespace ecr::store {
namespace {

using kind = disk_event::kind;

void apply_write(std::string& file, const disk_event& write, const fate& f, char filling)
{
    const auto begin = static_cast<std::size_t>(write.offset);
    const auto to = std::min(f.to, write.bytes.size());
    const auto first_sector = begin / f.sector_size;
    for (auto at = f.from; at < to;) {
        const auto sector = (begin + at) / f.sector_size;
        const auto end = std::min(to, (sector + 1) * f.sector_size - begin);
        if (((f.sectors >> std::min<std::size_t>(sector - first_sector, 63)) & 1) != 0) {
            if (file.size() < begin + end) file.resize(begin + end, filling);
            file.replace(begin + at, end - at, write.bytes, at, end - at);
        }
        at = end;
    }
}

void apply(std::string& file, const disk_event& change, const fate& f, char filling)
{
    if (change.what == kind::write) return apply_write(file, change, f, filling);
    if (f.kept) file.resize(static_cast<std::size_t>(change.offset), filling);
}

[[nodiscard]] bool is_of_folder(const disk_event& event) noexcept
{
    return event.what == kind::create || event.what == kind::remove;
}

[[nodiscard]] bool is_change(const disk_event& event) noexcept
{
    return event.what == kind::write || event.what == kind::truncate || is_of_folder(event);
}

}  // namespace

bool matters(const disk_event& event) noexcept
{
    return is_change(event) || event.what == kind::note;
}

platter::platter(const disk_image& start)
{
    for (const auto& [name, content] : start) {
        folder_[name] = static_cast<std::uint32_t>(files_.size());
        files_.push_back(content);
    }
}

void platter::happens(const disk_event& event)
{
    if (is_change(event)) {
        if (event.what == kind::create) files_.push_back(std::make_shared<const std::string>());
        changes_.push_back(&event);
        return;
    }
    if (event.what == kind::note) return;
    ++epoch_;
    const bool names = event.what == kind::sync_folder;
    const auto flushed = [&](const disk_event* change) {
        return names ? is_of_folder(*change) : !is_of_folder(*change) && change->file == event.file;
    };
    std::optional<std::string> content;
    for (const auto* change : changes_) {
        if (!flushed(change) || event.what == kind::forget) continue;
        if (change->what == kind::create) {
            folder_[change->bytes] = change->file;
        } else if (change->what == kind::remove) {
            folder_.erase(change->bytes);
        } else {
            if (!content) content = *files_[event.file];
            apply(*content, *change, {}, '\0');
        }
    }
    if (content) files_[event.file] = std::make_shared<const std::string>(std::move(*content));
    std::erase_if(changes_, flushed);
}

disk_image platter::left_by(const std::vector<fate>& fates, char filling) const
{
    std::map<std::uint32_t, std::shared_ptr<std::string>> changed;
    auto folder = folder_;
    for (std::size_t i = 0; i < changes_.size(); ++i) {
        const auto& change = *changes_[i];
        if (!fates[i].kept) continue;
        if (change.what == kind::create) {
            folder[change.bytes] = change.file;
        } else if (change.what == kind::remove) {
            folder.erase(change.bytes);
        } else {
            auto& file = changed[change.file];
            if (!file) file = std::make_shared<std::string>(*files_[change.file]);
            apply(*file, change, fates[i], filling);
        }
    }
    disk_image left;
    for (const auto& [name, number] : folder) {
        const auto found = changed.find(number);
        left[name] = found == changed.end() ? files_[number] : found->second;
    }
    return left;
}

cuts_at::cuts_at(const platter& disk, const disk_event& event) : disk_{&disk}
{
    const auto all = disk.on_their_way().size();
    const bool promised = event.what == kind::note;
    free_ = promised ? all : all - 1;
    if (all <= all_subsets_max) subsets_ = std::uint64_t{1} << free_;
    if (event.what != kind::write || subsets_ == 0) return;

    std::set<std::size_t> at;
    const auto size = event.bytes.size();
    const auto edge = 512 - event.offset % 512;
    for (std::size_t i = 1; i < std::min<std::size_t>(size, 32); ++i)
        at.insert(i);
    for (auto sector = static_cast<std::size_t>(edge); sector < size; sector += 512)
        at.insert({sector - 1, sector, sector + 1});
    at.insert(size - 1);
    std::erase_if(at, [&](std::size_t i) { return i == 0 || i >= size; });
    tears_.assign(at.begin(), at.end());
}

disk_image cuts_at::cut(std::uint64_t number, std::uint64_t seed) const
{
    std::vector<fate> fates(disk_->on_their_way().size());
    if (number < subsets_) {
        for (std::size_t i = 0; i < free_; ++i)
            fates[i].kept = ((number >> i) & 1) != 0;
        return disk_->left_by(fates, '\0');
    }
    if (number < enumerated()) {
        fates.back().to = tears_[static_cast<std::size_t>(number - subsets_)];
        return disk_->left_by(fates, '\0');
    }
    std::mt19937_64 random{seed * 1'000'003 + number};
    const auto filling = static_cast<char>(random() % 2 == 0 ? 0 : random());
    return disk_->left_by(drawn(random), filling);
}

std::vector<fate> cuts_at::drawn(std::mt19937_64& random) const
{
    std::vector<fate> fates(disk_->on_their_way().size());
    if (fates.empty()) return fates;
    const auto tear = [&](std::size_t which) {
        const auto size = std::max<std::size_t>(disk_->on_their_way()[which]->bytes.size(), 1);
        auto& f = fates[which];
        (random() % 4 == 0 ? f.from : f.to) = static_cast<std::size_t>(random() % size);
    };
    const auto any = static_cast<std::size_t>(random() % fates.size());
    const auto how = random() % 6;
    if (how == 0) {  // one is missing
        fates[any].kept = false;
    } else if (how == 1) {  // one has arrived, and the last
        for (auto& f : fates)
            f.kept = false;
        fates[any].kept = fates.back().kept = true;
    } else if (how == 2) {  // the last is torn at any byte
        tear(fates.size() - 1);
    } else {
        // A disk that has written little of what it holds, much, or about half of it.
        const auto kept = 1 + random() % 7;
        for (auto& f : fates) {
            f.kept = random() % 8 < kept;
            if (how > 3) continue;
            f.sector_size = random() % 2 == 0 ? 512 : 4096;
            f.sectors = random() | (kept > 4 ? random() : 0);
        }
        if (how == 5) tear(any);
    }
    return fates;
}

}  // namespace ecr::store
