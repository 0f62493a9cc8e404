#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace ecr::store {

/// What a disk holds: the bytes of its files, by name without folders.
using disk_image = std::map<std::string, std::shared_ptr<const std::string>>;

/// One thing that happened to a disk, in the order in which it was asked for.
struct disk_event {
    enum class kind : std::uint8_t {
        write,        // `bytes` at `offset`
        truncate,     // to `offset` bytes
        create,       // `bytes` is the name
        remove,       // the same
        sync,         // all of the file is flushed
        forget,       // flushing failed, and the system has let go of what it had not written
        sync_folder,  // all names are flushed
        note,         // the test's own, see unflushed_disk::note
    };
    kind what{};
    std::uint32_t file = 0;
    std::uint64_t offset = 0;
    std::string bytes{};
};

/// What a journal has promised at one moment, counted in verbs.
struct promise {
    std::size_t begun = 0;
    std::size_t acknowledged = 0;
    bool opened = false;   // a journal was open: before, there may be an older one, or none
    bool watched = false;  // power cuts are to be tried from here on
    // Begun before an earlier cut and not kept by it. The rest of it may still lie in the log: this
    // life tells the same verbs, byte for byte, and what it writes can make that rest whole again.
    std::size_t begun_before = 0;
};

/// What SQLite asks of a disk, and what may fail.
enum class disk_call : std::uint8_t {
    open,
    read,
    write,
    truncate,
    sync,
    size,
    lock,
    unlock,
    reserved,
    shm_map,
    shm_lock,
    remove,
    access,
    full_path,
    count,
};

/// A disk in memory that writes down what is asked of it, so that a test can say afterwards what a
/// power cut would have left. The youngest one alive is SQLite's default. One connection at a time.
///
/// It does what SQLite's own for Linux does (os_unix.c): the first flush of a log or of a rollback
/// journal flushes the folder, too, and so does a removal that is asked to. The database itself is
/// created by the journal, as a real file; it comes into being here when SQLite opens it.
class unflushed_disk {
public:
    explicit unflushed_disk(const disk_image& start = {});
    ~unflushed_disk();
    unflushed_disk(const unflushed_disk&) = delete;
    unflushed_disk& operator=(const unflushed_disk&) = delete;

    /// A moment to be found again among the events: its `offset` is where it is in `promises`.
    void note(const promise& now);

    /// What the programs of this machine see, flushed or not.
    [[nodiscard]] disk_image seen() const;

    /// Does what ends a program, and undoes all it does to the disk: it was killed before.
    void kill(const std::function<void()>& end);

    bool recording = true;
    std::vector<disk_event> events;
    std::vector<promise> promises;

    /// Asked before every call: what it fails with, or SQLITE_OK. A write that fails has written
    /// its first half.
    std::function<int(disk_call)> fault;
    /// After a flush that failed nothing of the file counts as unwritten any more: Linux.
    bool forgets_after_failed_sync = false;

    /// Settings run when a connection is opened, and settings that are then taken no more: what a
    /// journal would be like that asked for less.
    std::string settings;
    std::string ignored_setting;
    /// The answer to that setting when the connection asks what has become of it.
    std::string ignored_answer;

private:
    struct file;
    struct calls;
    struct node {
        std::shared_ptr<const std::string> shared;  // until it is written to
        std::string own;
        bool owned = false;

        [[nodiscard]] const std::string& bytes() const { return owned ? own : *shared; }
        [[nodiscard]] std::string& changed();
    };

    void record(disk_event event);
    [[nodiscard]] int failing(disk_call call) { return fault ? fault(call) : SQLITE_OK; }

    sqlite3_vfs vfs_{};
    sqlite3_vfs* real_;
    const unflushed_disk* covered_ = nullptr;  // the default before
    std::vector<node> nodes_;
    std::map<std::string, std::uint32_t> folder_;
};

}  // namespace ecr::store
