#include "tests/store/unflushed_disk.hpp"

#include <algorithm>
#include <fstream>
#include <new>
#include <string_view>

namespace ecr::store {

constexpr std::size_t sector_size = 512;

// SQLite's file object comes first in memory, then ours, then the real one's.
struct unflushed_disk::file : sqlite3_file {
    unflushed_disk* disk;
    contents* noted;  // null for files that a power cut may have, such as temporary ones

    [[nodiscard]] sqlite3_file* real() noexcept
    {
        return reinterpret_cast<sqlite3_file*>(this + 1);
    }
};

struct unflushed_disk::calls {
    [[nodiscard]] static file& mine(sqlite3_file* f) noexcept { return *static_cast<file*>(f); }
    [[nodiscard]] static sqlite3_file* real(sqlite3_file* f) noexcept { return mine(f).real(); }
    [[nodiscard]] static unflushed_disk& disk_of(sqlite3_vfs* v) noexcept
    {
        return *static_cast<unflushed_disk*>(v->pAppData);
    }
    [[nodiscard]] static std::string name_of(const char* path)
    {
        return std::filesystem::path{path}.filename().string();
    }
    static void about_to_change(file& f)
    {
        if (f.noted != nullptr && f.disk->before_change) f.disk->before_change();
    }

    static int open(sqlite3_vfs* v, const char* name, sqlite3_file* f, int flags, int* out);
    static int remove(sqlite3_vfs* v, const char* name, int flush_directory);
    static int write(sqlite3_file* f, const void* bytes, int size, sqlite3_int64 offset);
    static int truncate(sqlite3_file* f, sqlite3_int64 size);
    static int sync(sqlite3_file* f, int flags);
    /// What this disk has no opinion on.
    template <auto Method>
    struct pass;
    template <class R, class... Args, R (*sqlite3_io_methods::*Method)(sqlite3_file*, Args...)>
    struct pass<Method> {
        static R on(sqlite3_file* f, Args... args)
        {
            return (real(f)->pMethods->*Method)(real(f), args...);
        }
    };
    static const sqlite3_io_methods methods;
};

int unflushed_disk::calls::write(sqlite3_file* f, const void* bytes, int size, sqlite3_int64 offset)
{
    auto& self = mine(f);
    about_to_change(self);
    if (self.noted != nullptr) {
        auto& written = self.noted->written;
        const auto begin = static_cast<std::size_t>(offset);
        const std::string_view text{static_cast<const char*>(bytes),
                                    static_cast<std::size_t>(size)};
        if (written.size() < begin + text.size()) written.resize(begin + text.size());
        written.replace(begin, text.size(), text);
    }
    return real(f)->pMethods->xWrite(real(f), bytes, size, offset);
}

int unflushed_disk::calls::truncate(sqlite3_file* f, sqlite3_int64 size)
{
    auto& self = mine(f);
    about_to_change(self);
    if (self.noted != nullptr) {
        auto& noted = *self.noted;
        const auto kept = static_cast<std::size_t>(size);
        noted.before_truncation = std::make_shared<const contents>(noted);
        noted.written.resize(kept);
        noted.flushed.resize(std::min(kept, noted.flushed.size()));
    }
    return real(f)->pMethods->xTruncate(real(f), size);
}

int unflushed_disk::calls::sync(sqlite3_file* f, int)
{
    // Not passed on: the real disk has nothing to do with what this one keeps.
    auto& self = mine(f);
    about_to_change(self);
    if (self.noted != nullptr) {
        self.noted->flushed = self.noted->written;
        self.noted->before_truncation = nullptr;
    }
    return SQLITE_OK;
}

const sqlite3_io_methods unflushed_disk::calls::methods = {
    .iVersion = 2,
    .xClose = pass<&sqlite3_io_methods::xClose>::on,
    .xRead = pass<&sqlite3_io_methods::xRead>::on,
    .xWrite = write,
    .xTruncate = truncate,
    .xSync = sync,
    .xFileSize = pass<&sqlite3_io_methods::xFileSize>::on,
    .xLock = pass<&sqlite3_io_methods::xLock>::on,
    .xUnlock = pass<&sqlite3_io_methods::xUnlock>::on,
    .xCheckReservedLock = pass<&sqlite3_io_methods::xCheckReservedLock>::on,
    .xFileControl = pass<&sqlite3_io_methods::xFileControl>::on,
    .xSectorSize = pass<&sqlite3_io_methods::xSectorSize>::on,
    .xDeviceCharacteristics = pass<&sqlite3_io_methods::xDeviceCharacteristics>::on,
    .xShmMap = pass<&sqlite3_io_methods::xShmMap>::on,
    .xShmLock = pass<&sqlite3_io_methods::xShmLock>::on,
    .xShmBarrier = pass<&sqlite3_io_methods::xShmBarrier>::on,
    .xShmUnmap = pass<&sqlite3_io_methods::xShmUnmap>::on,
    .xFetch = nullptr,
    .xUnfetch = nullptr,
};

int unflushed_disk::calls::open(sqlite3_vfs* v, const char* name, sqlite3_file* f, int flags,
                                int* out)
{
    auto* const self = new (f) file{};
    self->disk = &disk_of(v);
    auto* const real_vfs = self->disk->real_;
    const int code = real_vfs->xOpen(real_vfs, name, self->real(), flags, out);
    if (self->real()->pMethods == nullptr) return code;
    self->pMethods = &methods;
    constexpr int lasting = SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL;
    if (name != nullptr && (flags & lasting) != 0) self->noted = &self->disk->files_[name_of(name)];
    return code;
}

int unflushed_disk::calls::remove(sqlite3_vfs* v, const char* name, int flush_directory)
{
    auto& disk = disk_of(v);
    if (disk.before_change) disk.before_change();
    disk.files_.erase(name_of(name));
    return disk.real_->xDelete(disk.real_, name, flush_directory);
}

unflushed_disk::unflushed_disk() : real_{sqlite3_vfs_find(nullptr)}, vfs_{*real_}
{
    vfs_.zName = "unflushed disk";
    vfs_.szOsFile = static_cast<int>(sizeof(file)) + real_->szOsFile;
    vfs_.pAppData = this;
    vfs_.xOpen = calls::open;
    vfs_.xDelete = calls::remove;
    sqlite3_vfs_register(&vfs_, 1);
}

unflushed_disk::~unflushed_disk()
{
    sqlite3_vfs_unregister(&vfs_);
}

void cut_power(const unflushed_disk::picture& disk, const std::filesystem::path& folder,
               const std::function<bool()>& old_sector)
{
    for (const auto& [name, now] : disk) {
        const auto* at_this_moment = &now;
        while (at_this_moment->before_truncation && old_sector())
            at_this_moment = at_this_moment->before_truncation.get();
        const auto& file = *at_this_moment;
        auto left = old_sector() ? file.flushed : file.written;
        left.resize(old_sector() ? file.flushed.size() : file.written.size());
        for (std::size_t begin = 0; begin < left.size(); begin += sector_size) {
            const auto& source = old_sector() ? file.flushed : file.written;
            if (begin >= source.size()) continue;
            const auto size = std::min({sector_size, left.size() - begin, source.size() - begin});
            left.replace(begin, size, source, begin, size);
        }
        std::ofstream{folder / name, std::ios::binary}.write(
            left.data(), static_cast<std::streamsize>(left.size()));
    }
}

}  // namespace ecr::store
