#include "tests/store/unflushed_disk.hpp"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <new>
#include <string_view>
#include <utility>

namespace ecr::store {
namespace {

// SQLite calls an extension without telling it whose it is.
// NOLINTBEGIN(*-avoid-non-const-global-variables)
constinit const unflushed_disk* opening_on = nullptr;
constinit bool running_settings = false;
// NOLINTEND(*-avoid-non-const-global-variables)

[[nodiscard]] int run_settings(sqlite3* db, char**, const void*)
{
    if (opening_on == nullptr || opening_on->settings.empty()) return SQLITE_OK;
    running_settings = true;
    const int code = sqlite3_exec(db, opening_on->settings.c_str(), nullptr, nullptr, nullptr);
    running_settings = false;
    return code;
}

[[nodiscard]] std::string name_of(std::string_view path)
{
    return std::string{path.substr(path.find_last_of("/\\") + 1)};
}

}  // namespace

struct unflushed_disk::file : sqlite3_file {
    unflushed_disk* disk = nullptr;
    std::uint32_t number = 0;
    bool flushes_folder = false;
    int lock = SQLITE_LOCK_NONE;
    std::vector<std::unique_ptr<char[]>> shared_memory;
};

struct unflushed_disk::calls {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-static-cast-downcast): it was made in open()
    [[nodiscard]] static file& mine(sqlite3_file* f) noexcept { return *static_cast<file*>(f); }
    [[nodiscard]] static node& node_of(sqlite3_file* f)
    {
        return mine(f).disk->nodes_[mine(f).number];
    }
    [[nodiscard]] static unflushed_disk& disk_of(sqlite3_vfs* v) noexcept
    {
        return *static_cast<unflushed_disk*>(v->pAppData);
    }
    [[nodiscard]] static int failing(sqlite3_file* f, disk_call call)
    {
        return mine(f).disk->failing(call);
    }

    static int open(sqlite3_vfs* v, const char* path, sqlite3_file* f, int flags, int* out);
    static int remove(sqlite3_vfs* v, const char* path, int flush_folder);
    static int access(sqlite3_vfs* v, const char* path, int flags, int* out);
    static int full_path(sqlite3_vfs* v, const char* path, int size, char* out);

    static int close(sqlite3_file* f)
    {
        mine(f).~file();
        return SQLITE_OK;
    }
    static int read(sqlite3_file* f, void* to, int size, sqlite3_int64 offset);
    static int write(sqlite3_file* f, const void* from, int size, sqlite3_int64 offset);
    static int truncate(sqlite3_file* f, sqlite3_int64 size);
    static int sync(sqlite3_file* f, int flags);
    static int size(sqlite3_file* f, sqlite3_int64* out)
    {
        *out = static_cast<sqlite3_int64>(node_of(f).bytes().size());
        return failing(f, disk_call::size);
    }
    static int lock(sqlite3_file* f, int level)
    {
        if (const int code = failing(f, disk_call::lock)) return code;
        mine(f).lock = std::max(mine(f).lock, level);
        return SQLITE_OK;
    }
    static int unlock(sqlite3_file* f, int level)
    {
        mine(f).lock = level;
        return failing(f, disk_call::unlock);
    }
    static int reserved(sqlite3_file* f, int* out)
    {
        *out = mine(f).lock >= SQLITE_LOCK_RESERVED ? 1 : 0;
        return failing(f, disk_call::reserved);
    }
    static int control(sqlite3_file* f, int what, void* about);
    static int shm_map(sqlite3_file* f, int region, int size, int extend, void volatile** out);
    static int shm_lock(sqlite3_file* f, int, int, int flags)
    {
        return (flags & SQLITE_SHM_LOCK) != 0 ? failing(f, disk_call::shm_lock) : SQLITE_OK;
    }
    static int shm_unmap(sqlite3_file* f, int)
    {
        mine(f).shared_memory.clear();
        return SQLITE_OK;
    }
    static const sqlite3_io_methods methods;
};

int unflushed_disk::calls::read(sqlite3_file* f, void* to, int size, sqlite3_int64 offset)
{
    if (const int code = failing(f, disk_call::read)) return code;
    const auto& bytes = node_of(f).bytes();
    const auto begin = std::min(static_cast<std::size_t>(offset), bytes.size());
    const auto wanted = static_cast<std::size_t>(size);
    const auto got = std::min(wanted, bytes.size() - begin);
    std::memcpy(to, bytes.data() + begin, got);
    if (got == wanted) return SQLITE_OK;
    std::memset(static_cast<char*>(to) + got, 0, wanted - got);
    return SQLITE_IOERR_SHORT_READ;
}

int unflushed_disk::calls::write(sqlite3_file* f, const void* from, int size, sqlite3_int64 offset)
{
    const int code = failing(f, disk_call::write);
    const auto whole = static_cast<std::size_t>(size);
    const std::string_view text{static_cast<const char*>(from), code == 0 ? whole : whole / 2};
    auto& bytes = node_of(f).changed();
    const auto begin = static_cast<std::size_t>(offset);
    if (bytes.size() < begin + text.size()) bytes.resize(begin + text.size());
    std::memcpy(bytes.data() + begin, text.data(), text.size());
    mine(f).disk->record({disk_event::kind::write, mine(f).number, begin, std::string{text}});
    return code;
}

int unflushed_disk::calls::truncate(sqlite3_file* f, sqlite3_int64 size)
{
    if (const int code = failing(f, disk_call::truncate)) return code;
    node_of(f).changed().resize(static_cast<std::size_t>(size));
    mine(f).disk->record(
        {disk_event::kind::truncate, mine(f).number, static_cast<std::uint64_t>(size)});
    return SQLITE_OK;
}

int unflushed_disk::calls::sync(sqlite3_file* f, int)
{
    auto& self = mine(f);
    if (const int code = failing(f, disk_call::sync)) {
        if (self.disk->forgets_after_failed_sync)
            self.disk->record({disk_event::kind::forget, self.number});
        return code;
    }
    self.disk->record({disk_event::kind::sync, self.number});
    if (self.flushes_folder) self.disk->record({disk_event::kind::sync_folder});
    self.flushes_folder = false;
    return SQLITE_OK;
}

int unflushed_disk::calls::control(sqlite3_file* f, int what, void* about)
{
    const auto& disk = *mine(f).disk;
    if (what != SQLITE_FCNTL_PRAGMA || disk.ignored_setting.empty() || running_settings)
        return SQLITE_NOTFOUND;
    auto* const texts = static_cast<char**>(about);
    if (disk.ignored_setting != texts[1] || texts[2] == nullptr) return SQLITE_NOTFOUND;
    if (!disk.ignored_answer.empty()) texts[0] = sqlite3_mprintf("%s", disk.ignored_answer.c_str());
    return SQLITE_OK;
}

int unflushed_disk::calls::shm_map(sqlite3_file* f, int region, int size, int extend,
                                   void volatile** out)
{
    *out = nullptr;
    if (const int code = failing(f, disk_call::shm_map)) return code;
    auto& regions = mine(f).shared_memory;
    const auto index = static_cast<std::size_t>(region);
    if (index >= regions.size() && extend == 0) return SQLITE_OK;
    while (regions.size() <= index)
        regions.push_back(std::make_unique<char[]>(static_cast<std::size_t>(size)));
    *out = regions[index].get();
    return SQLITE_OK;
}

const sqlite3_io_methods unflushed_disk::calls::methods = {
    .iVersion = 2,
    .xClose = close,
    .xRead = read,
    .xWrite = write,
    .xTruncate = truncate,
    .xSync = sync,
    .xFileSize = size,
    .xLock = lock,
    .xUnlock = unlock,
    .xCheckReservedLock = reserved,
    .xFileControl = control,
    .xSectorSize = [](sqlite3_file*) { return 4096; },
    .xDeviceCharacteristics = [](sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; },
    .xShmMap = shm_map,
    .xShmLock = shm_lock,
    .xShmBarrier = [](sqlite3_file*) {},
    .xShmUnmap = shm_unmap,
    .xFetch = nullptr,
    .xUnfetch = nullptr,
};

int unflushed_disk::calls::open(sqlite3_vfs* v, const char* path, sqlite3_file* f, int flags,
                                int* out)
{
    auto& disk = disk_of(v);
    f->pMethods = nullptr;
    if (const int code = disk.failing(disk_call::open)) return code;
    const auto name = path == nullptr ? std::string{"temporary"} : name_of(path);
    auto found = disk.folder_.find(name);
    if (found == disk.folder_.end()) {
        const bool made = (flags & SQLITE_OPEN_MAIN_DB) != 0 && std::filesystem::exists(path);
        if ((flags & SQLITE_OPEN_CREATE) == 0 && !made) return SQLITE_CANTOPEN;
        const auto number = static_cast<std::uint32_t>(disk.nodes_.size());
        disk.nodes_.push_back({nullptr, "", true});
        found = disk.folder_.emplace(name, number).first;
        disk.record({disk_event::kind::create, number, 0, name});
    }
    auto* const self = new (f) file{};  // NOLINT(*-owning-memory): in SQLite's room
    self->pMethods = &methods;
    self->disk = &disk;
    self->number = found->second;
    constexpr int with_folder = SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL;
    self->flushes_folder = (flags & SQLITE_OPEN_CREATE) != 0 && (flags & with_folder) != 0;
    if (out != nullptr) *out = flags;
    return SQLITE_OK;
}

int unflushed_disk::calls::remove(sqlite3_vfs* v, const char* path, int flush_folder)
{
    auto& disk = disk_of(v);
    if (const int code = disk.failing(disk_call::remove)) return code;
    const auto found = disk.folder_.find(name_of(path));
    if (found == disk.folder_.end()) return SQLITE_IOERR_DELETE_NOENT;
    disk.record({disk_event::kind::remove, found->second, 0, found->first});
    disk.folder_.erase(found);
    if (flush_folder != 0) disk.record({disk_event::kind::sync_folder});
    return SQLITE_OK;
}

int unflushed_disk::calls::access(sqlite3_vfs* v, const char* path, int flags, int* out)
{
    auto& disk = disk_of(v);
    *out = 0;
    if (const int code = disk.failing(disk_call::access)) return code;
    const auto found = disk.folder_.find(name_of(path));
    if (found == disk.folder_.end()) return SQLITE_OK;
    // To SQLite for Linux an empty file does not exist.
    const bool there = !disk.nodes_[found->second].bytes().empty();
    *out = flags != SQLITE_ACCESS_EXISTS || there ? 1 : 0;
    return SQLITE_OK;
}

int unflushed_disk::calls::full_path(sqlite3_vfs* v, const char* path, int size, char* out)
{
    if (const int code = disk_of(v).failing(disk_call::full_path)) return code;
    sqlite3_snprintf(size, out, "%s", path);
    return SQLITE_OK;
}

std::string& unflushed_disk::node::changed()
{
    if (!owned) own = *shared;
    owned = true;
    return own;
}

void unflushed_disk::record(disk_event event)
{
    if (recording) events.push_back(std::move(event));
}

void unflushed_disk::note(const promise& now)
{
    record({disk_event::kind::note, 0, promises.size()});
    promises.push_back(now);
}

disk_image unflushed_disk::seen() const
{
    disk_image all;
    for (const auto& [name, number] : folder_)
        all[name] = std::make_shared<const std::string>(nodes_[number].bytes());
    return all;
}

void unflushed_disk::kill(const std::function<void()>& end)
{
    const auto nodes = nodes_;
    const auto folder = folder_;
    recording = false;
    end();
    recording = true;
    nodes_ = nodes;
    folder_ = folder;
}

unflushed_disk::unflushed_disk(const disk_image& start) : real_{sqlite3_vfs_find(nullptr)}
{
    for (const auto& [name, bytes] : start) {
        folder_[name] = static_cast<std::uint32_t>(nodes_.size());
        nodes_.push_back({bytes, "", false});
    }
    vfs_ = *real_;
    vfs_.pNext = nullptr;
    vfs_.zName = "unflushed disk";
    vfs_.szOsFile = static_cast<int>(sizeof(file));
    vfs_.pAppData = this;
    vfs_.xOpen = calls::open;
    vfs_.xDelete = calls::remove;
    vfs_.xAccess = calls::access;
    vfs_.xFullPathname = calls::full_path;
    vfs_.xSleep = [](sqlite3_vfs*, int us) { return us; };  // waiting costs no time here
    sqlite3_vfs_register(&vfs_, 1);
    covered_ = std::exchange(opening_on, this);
    sqlite3_auto_extension(reinterpret_cast<void (*)()>(run_settings));
}

unflushed_disk::~unflushed_disk()
{
    opening_on = covered_;
    if (covered_ == nullptr)
        sqlite3_cancel_auto_extension(reinterpret_cast<void (*)()>(run_settings));
    sqlite3_vfs_unregister(&vfs_);
    sqlite3_vfs_register(real_, 1);
}

}  // namespace ecr::store
