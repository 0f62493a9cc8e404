#include "tests/simulation/failing_disk.hpp"

#include <new>
#include <stdexcept>

namespace ecr::simulation {

/// In front of SQLite's own file, in one block of memory.
// SQLite fills its base. NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init)
struct failing_disk::file : sqlite3_file {
    failing_disk* disk = nullptr;

    [[nodiscard]] sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

struct failing_disk::calls {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-static-cast-downcast): it was made in open()
    static file& mine(sqlite3_file* f) { return *static_cast<file*>(f); }
    static sqlite3_file* real(sqlite3_file* f) { return mine(f).real(); }

    static int fail(sqlite3_file* f, int code)
    {
        ++mine(f).disk->failures;
        return code;
    }
    static int open(sqlite3_vfs* v, const char* name, sqlite3_file* f, int flags, int* out)
    {
        auto* disk = static_cast<failing_disk*>(v->pAppData);
        auto* made = new (f) file{};  // NOLINT(cppcoreguidelines-owning-memory): in their room
        made->disk = disk;
        const int code = disk->real_->xOpen(disk->real_, name, made->real(), flags, out);
        // Without methods SQLite does not close it.
        made->pMethods = made->real()->pMethods == nullptr ? nullptr : &methods;
        return code;
    }
    static int close(sqlite3_file* f) { return real(f)->pMethods->xClose(real(f)); }
    static int read(sqlite3_file* f, void* to, int size, sqlite3_int64 at)
    {
        return real(f)->pMethods->xRead(real(f), to, size, at);
    }
    static int write(sqlite3_file* f, const void* from, int size, sqlite3_int64 at)
    {
        const auto trouble = mine(f).disk->trouble;
        if (trouble == disk_trouble::broken) {
            (void)real(f)->pMethods->xWrite(real(f), from, size / 2, at);
            return fail(f, SQLITE_IOERR_WRITE);
        }
        sqlite3_int64 length = 0;
        if (trouble == disk_trouble::full) {
            if (const int code = real(f)->pMethods->xFileSize(real(f), &length)) return code;
            if (at + size > length) return fail(f, SQLITE_FULL);
        }
        return real(f)->pMethods->xWrite(real(f), from, size, at);
    }
    static int truncate(sqlite3_file* f, sqlite3_int64 size)
    {
        if (mine(f).disk->trouble == disk_trouble::broken) return fail(f, SQLITE_IOERR_TRUNCATE);
        return real(f)->pMethods->xTruncate(real(f), size);
    }
    static int sync(sqlite3_file* f, int flags)
    {
        if (mine(f).disk->trouble == disk_trouble::broken) return fail(f, SQLITE_IOERR_FSYNC);
        return real(f)->pMethods->xSync(real(f), flags);
    }
    static int size(sqlite3_file* f, sqlite3_int64* out)
    {
        return real(f)->pMethods->xFileSize(real(f), out);
    }
    static int lock(sqlite3_file* f, int level) { return real(f)->pMethods->xLock(real(f), level); }
    static int unlock(sqlite3_file* f, int level)
    {
        return real(f)->pMethods->xUnlock(real(f), level);
    }
    static int reserved(sqlite3_file* f, int* out)
    {
        return real(f)->pMethods->xCheckReservedLock(real(f), out);
    }
    static int control(sqlite3_file* f, int what, void* about)
    {
        return real(f)->pMethods->xFileControl(real(f), what, about);
    }
    static int sector(sqlite3_file* f) { return real(f)->pMethods->xSectorSize(real(f)); }
    static int device(sqlite3_file* f)
    {
        return real(f)->pMethods->xDeviceCharacteristics(real(f));
    }
    static int shm_map(sqlite3_file* f, int region, int size, int extend, void volatile** out)
    {
        return real(f)->pMethods->xShmMap(real(f), region, size, extend, out);
    }
    static int shm_lock(sqlite3_file* f, int from, int count, int flags)
    {
        return real(f)->pMethods->xShmLock(real(f), from, count, flags);
    }
    static void shm_barrier(sqlite3_file* f) { real(f)->pMethods->xShmBarrier(real(f)); }
    static int shm_unmap(sqlite3_file* f, int remove)
    {
        return real(f)->pMethods->xShmUnmap(real(f), remove);
    }
    static const sqlite3_io_methods methods;
};

const sqlite3_io_methods failing_disk::calls::methods{
    .iVersion = 2,  // without memory-mapped reading
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
    .xSectorSize = sector,
    .xDeviceCharacteristics = device,
    .xShmMap = shm_map,
    .xShmLock = shm_lock,
    .xShmBarrier = shm_barrier,
    .xShmUnmap = shm_unmap,
    .xFetch = nullptr,
    .xUnfetch = nullptr,
};

failing_disk::failing_disk() : real_{sqlite3_vfs_find(nullptr)}, vfs_{*real_}
{
    vfs_.zName = "ecr_failing_disk";
    vfs_.szOsFile = static_cast<int>(sizeof(file)) + real_->szOsFile;
    vfs_.pAppData = this;
    vfs_.xOpen = calls::open;
    if (sqlite3_vfs_register(&vfs_, 1) != SQLITE_OK) throw std::runtime_error{"no disk"};
}

failing_disk::~failing_disk()
{
    sqlite3_vfs_unregister(&vfs_);
    sqlite3_vfs_register(real_, 1);
}

}  // namespace ecr::simulation
