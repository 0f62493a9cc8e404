#include "daemon/link/unique_fd.hpp"
#include "daemon/setup/safe_file.hpp"

#include <cerrno>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <optional>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace ecr::daemon {
namespace {

namespace fs = std::filesystem;

constexpr mode_t usual_mode = 0644;

std::string because(const std::string& what)
{
    return what + ": " + std::generic_category().message(errno);
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

file_in_waiting::file_in_waiting(const fs::path& file, std::string_view text, mode_t mode,
                                 over what)
    : mode_{mode}
{
    prepare(file, text, what);
    if (!made_.problem.empty()) withdraw();
}

file_in_waiting::~file_in_waiting()
{
    withdraw();
}

void file_in_waiting::prepare(const fs::path& file, std::string_view text, over what)
{
    auto& problem = made_.problem;
    struct stat before {};
    const bool there = ::stat(file.c_str(), &before) == 0;
    if (there && !S_ISREG(before.st_mode)) {
        problem = file.string() + " is no file";
        return;
    }
    const bool same = there && content_of(file) == text;
    if (there && !same && what == over::nothing) {
        problem = file.string() + " is there already";
        return;
    }
    mode_before_ = before.st_mode & 07777;
    const auto usual = there ? mode_before_ : usual_mode;

    // Through a symbolic link, the file behind it.
    std::error_code failed;
    target_ = there ? fs::canonical(file, failed) : file;
    if (failed) {
        problem = "cannot find " + file.string() + ": " + failed.message();
        return;
    }
    const fs::path fresh = target_.string() + ".new";
    problem = write_beside(fresh, text, mode_ == 0 ? usual : mode_, there ? &before : nullptr);
    if (!problem.empty()) return;
    fresh_ = fresh;
    if (there && !same && what == over::existing) keep_old();
}

/// A second name first: at no moment is there no file.
void file_in_waiting::keep_old()
{
    const auto old = old_name(target_);
    if (old.empty() || ::link(target_.c_str(), old.c_str()) != 0)
        made_.problem = because("cannot keep the old " + target_.string());
    else
        made_.old = old;
}

void file_in_waiting::withdraw() noexcept
{
    if (fresh_.empty()) return;
    ::unlink(fresh_.c_str());
    if (!made_.old.empty()) ::unlink(made_.old.c_str());
    fresh_.clear();
    made_.old.clear();
}

file_written file_in_waiting::take_place()
{
    if (::rename(fresh_.c_str(), target_.c_str()) != 0) {
        made_.problem = because("cannot write " + target_.string());
        withdraw();
        return made_;
    }
    fresh_.clear();
    // A key that others could read must not stay so under its second name.
    if (!made_.old.empty() && mode_ != 0 && ::chmod(made_.old.c_str(), mode_before_ & mode_) != 0)
        made_.problem = because("cannot make " + made_.old.string() + " private");
    sync_folder(target_.parent_path());
    return made_;
}

file_written write_whole(const fs::path& file, std::string_view text, mode_t mode, over what)
{
    file_in_waiting waiting{file, text, mode, what};
    if (!waiting.problem().empty()) return {waiting.problem(), {}};
    return waiting.take_place();
}

}  // namespace ecr::daemon
