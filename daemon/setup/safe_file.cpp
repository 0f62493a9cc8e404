#include "daemon/setup/safe_file.hpp"

#include "daemon/link/unique_fd.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <optional>
#include <sys/stat.h>

namespace ecr::daemon {
namespace {

namespace fs = std::filesystem;

constexpr mode_t usual_mode = 0644;

std::string because(const std::string& what)
{
    return what + ": " + std::strerror(errno);
}

std::optional<std::string> content_of(const fs::path& file)
{
    std::ifstream in{file, std::ios::binary};
    if (!in) return std::nullopt;
    return std::string{std::istreambuf_iterator<char>{in}, {}};
}

bool write_all(int fd, std::string_view text)
{
    while (!text.empty()) {
        const auto written = ::write(fd, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

/// The first free name for what was there.
fs::path old_name(const fs::path& file)
{
    constexpr int names_max = 1000;
    for (int i = 1; i < names_max; ++i) {
        const fs::path name = file.string() + ".old-" + std::to_string(i);
        std::error_code failed;
        if (!fs::exists(fs::symlink_status(name, failed))) return name;
    }
    return {};
}

void sync_folder(const fs::path& folder)
{
    const unique_fd fd{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (fd) ::fsync(fd.get());
}

/// What is wrong; empty: `text` is in `fresh`, durable, with this mode and owner.
std::string write_beside(const fs::path& fresh, std::string_view text, mode_t mode,
                         const struct stat* before)
{
    ::unlink(fresh.c_str());
    const unique_fd fd{::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};
    if (!fd) return because("cannot write " + fresh.string());
    // An owner that cannot be kept is that of whoever replaces the file: no fault.
    if (before && ::fchown(fd.get(), before->st_uid, before->st_gid) != 0) errno = 0;
    const bool done =
        write_all(fd.get(), text) && ::fchmod(fd.get(), mode) == 0 && ::fsync(fd.get()) == 0;
    if (done) return {};
    auto problem = because("cannot write " + fresh.string());
    ::unlink(fresh.c_str());
    return problem;
}

}  // namespace

file_written write_whole(const fs::path& file, std::string_view text, mode_t mode, over what)
{
    struct stat before {};
    const bool there = ::stat(file.c_str(), &before) == 0;
    file_written made;
    if (there && !S_ISREG(before.st_mode)) return {file.string() + " is no file", {}};
    const bool same = there && content_of(file) == text;
    if (there && !same && what == over::nothing) return {file.string() + " is there already", {}};
    if (mode == 0) mode = there ? before.st_mode & 07777 : usual_mode;

    // Through a symbolic link, the file behind it.
    std::error_code failed;
    const auto target = there ? fs::canonical(file, failed) : file;
    if (failed) return {"cannot find " + file.string() + ": " + failed.message(), {}};
    const fs::path fresh = target.string() + ".new";
    made.problem = write_beside(fresh, text, mode, there ? &before : nullptr);
    if (!made.problem.empty()) return made;
    if (there && !same && what == over::existing) {
        made.old = old_name(target);
        // A second name first: at no moment is there no file.
        if (made.old.empty() || ::link(target.c_str(), made.old.c_str()) != 0) {
            made.problem = because("cannot keep the old " + target.string());
            ::unlink(fresh.c_str());
            return made;
        }
    }
    if (::rename(fresh.c_str(), target.c_str()) != 0) {
        made.problem = because("cannot write " + target.string());
        ::unlink(fresh.c_str());
        return made;
    }
    sync_folder(target.parent_path());
    return made;
}

}  // namespace ecr::daemon
