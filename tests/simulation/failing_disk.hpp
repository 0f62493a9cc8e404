#pragma once

#include <sqlite3.h>

#include <cstddef>

namespace ecr::simulation {

/// What is wrong with the disk under the journals.
enum class disk_trouble {
    none,
    full,    // no file grows; what is there can be written over
    broken,  // nothing is written and nothing is flushed; half of what is tried may be there
};

/// SQLite's own disk, real files and all, that can run full or break. The youngest one alive is
/// what journals are opened on.
class failing_disk {
public:
    failing_disk();
    ~failing_disk();
    failing_disk(const failing_disk&) = delete;
    failing_disk& operator=(const failing_disk&) = delete;

    disk_trouble trouble = disk_trouble::none;
    std::size_t failures = 0;  // calls that failed

private:
    struct file;
    struct calls;

    sqlite3_vfs* real_;
    sqlite3_vfs vfs_;
};

}  // namespace ecr::simulation
