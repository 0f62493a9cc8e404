#pragma once

#include "tests/store/unflushed_disk.hpp"

#include <cstdint>
#include <optional>
#include <random>
#include <vector>

namespace ecr::store {

/// What becomes, in a power cut, of one change that was not flushed.
struct fate {
    bool kept = true;
    std::size_t from = 0;       // of the bytes of a write: those before are not written,
    std::size_t to = SIZE_MAX;  // nor those from here on
    std::size_t sector_size = 512;
    std::uint64_t sectors = ~std::uint64_t{0};  // a bit for each sector it touches, in their order
};

/// A disk at one moment: what is on it for certain, and what is on its way.
class platter {
public:
    explicit platter(const disk_image& start);

    /// `event` must outlive this.
    void happens(const disk_event& event);

    [[nodiscard]] const std::vector<const disk_event*>& on_their_way() const noexcept
    {
        return changes_;
    }

    /// What a power cut leaves. `fates` has one for each change on its way. Where a file has grown
    /// over a place that was not written, that place is full of `filling`.
    [[nodiscard]] disk_image left_by(const std::vector<fate>& fates, char filling) const;

    /// Goes up whenever something was flushed.
    [[nodiscard]] std::size_t epoch() const noexcept { return epoch_; }

private:
    using bytes = std::shared_ptr<const std::string>;

    std::vector<bytes> files_;
    std::map<std::string, std::uint32_t> folder_;
    std::vector<const disk_event*> changes_;
    std::size_t epoch_ = 0;
};

/// All the power cuts at one event: those that lose any subset of what was on its way and those
/// that tear the last write, while that is not too many; and beyond these, as many as one likes, by
/// seed. A subset without the last change was tried at the event before, and is left out.
class cuts_at {
public:
    /// No more than this many changes for all their subsets to be tried.
    static constexpr std::size_t all_subsets_max = 10;

    cuts_at(const platter& disk, const disk_event& event);

    /// How many there are before they are drawn.
    [[nodiscard]] std::uint64_t enumerated() const noexcept { return subsets_ + tears_.size(); }
    [[nodiscard]] bool all_subsets() const noexcept { return subsets_ > 0; }
    [[nodiscard]] std::size_t epoch() const noexcept { return disk_->epoch(); }
    [[nodiscard]] disk_image cut(std::uint64_t number, std::uint64_t seed) const;

private:
    [[nodiscard]] std::vector<fate> drawn(std::mt19937_64& random) const;

    const platter* disk_;
    std::size_t free_;  // changes that may be lost: all, or all but the last
    std::uint64_t subsets_ = 0;
    std::vector<std::size_t> tears_;  // how much of the last write is written
};

/// True for an event that may leave something new behind, or that makes a promise.
[[nodiscard]] bool matters(const disk_event& event) noexcept;

}  // namespace ecr::store
