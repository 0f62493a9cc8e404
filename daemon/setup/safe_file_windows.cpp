#include "daemon/access_windows.hpp"
#include "daemon/link/handle_windows.hpp"
#include "daemon/link/unique_fd.hpp"
#include "daemon/setup/safe_file.hpp"
#include "store/private_file.hpp"

#include <fstream>
#include <iterator>
#include <optional>

namespace ecr::daemon {
namespace {

namespace fs = std::filesystem;

std::string because(const std::string& what, const error_code& why)
{
    return what + ": " + why.message();
}

std::optional<std::string> content_of(const fs::path& file)
{
    std::ifstream in{file, std::ios::binary};
    if (!in) return std::nullopt;
    return std::string{std::istreambuf_iterator<char>{in}, {}};
}

/// Of a mode that keeps others out. Every other one is what the folder gives to its files.
bool is_private(mode_t mode)
{
    return mode != 0 && (mode & 077) == 0;
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

error_code create_new(const fs::path& file, mode_t mode)
{
    if (is_private(mode)) return store::create_new_private_file(file);
    const HANDLE made = ::CreateFileW(file.c_str(), GENERIC_WRITE, 0, nullptr, CREATE_NEW,
                                      FILE_ATTRIBUTE_NORMAL, nullptr);
    if (made == INVALID_HANDLE_VALUE) return last_windows_error();
    ::CloseHandle(made);
    return {};
}

error_code write_durably(const fs::path& file, std::string_view text)
{
    const HANDLE raw = ::CreateFileW(file.c_str(), GENERIC_WRITE, 0, nullptr, OPEN_EXISTING,
                                     FILE_ATTRIBUTE_NORMAL, nullptr);
    if (raw == INVALID_HANDLE_VALUE) return last_windows_error();
    const unique_fd open{descriptor_of(raw)};
    while (!text.empty()) {
        DWORD written = 0;
        if (!::WriteFile(raw, text.data(), static_cast<DWORD>(text.size()), &written, nullptr))
            return last_windows_error();
        text.remove_prefix(written);
    }
    return ::FlushFileBuffers(raw) ? error_code{} : last_windows_error();
}

/// What is wrong; empty: `text` is in `fresh`, durable, and as private as the mode says.
std::string write_beside(const fs::path& fresh, std::string_view text, mode_t mode)
{
    std::error_code ignored;  // of a run that was cut short; making it anew says what is wrong
    fs::remove(fresh, ignored);
    auto failed = create_new(fresh, mode);
    if (!failed) failed = write_durably(fresh, text);
    if (!failed) return {};
    fs::remove(fresh, ignored);
    return because("cannot write " + fresh.string(), failed);
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
    std::error_code failed;
    const auto before = fs::status(file, failed);
    const bool there = fs::exists(before);
    if (there && !fs::is_regular_file(before)) {
        problem = file.string() + " is no file";
        return;
    }
    const bool same = there && content_of(file) == text;
    if (there && !same && what == over::nothing) {
        problem = file.string() + " is there already";
        return;
    }
    if (there && mode_ == 0) {
        // What was kept from others stays so.
        const auto others = others_who_may_read(file);
        mode_before_ = others && others->empty() ? 0600 : 0;
    }
    // Through a symbolic link, the file behind it.
    target_ = there ? fs::canonical(file, failed) : file;
    if (there && failed) {
        problem = "cannot find " + file.string() + ": " + failed.message();
        return;
    }
    const fs::path fresh = target_.string() + ".new";
    problem = write_beside(fresh, text, mode_ == 0 ? mode_before_ : mode_);
    if (!problem.empty()) return;
    fresh_ = fresh;
    if (there && !same && what == over::existing) keep_old();
}

/// A second name first: at no moment is there no file.
void file_in_waiting::keep_old()
{
    const auto old = old_name(target_);
    if (old.empty() || !::CreateHardLinkW(old.c_str(), target_.c_str(), nullptr))
        made_.problem = because("cannot keep the old " + target_.string(), last_windows_error());
    else
        made_.old = old;
}

void file_in_waiting::withdraw() noexcept
{
    if (fresh_.empty()) return;
    std::error_code ignored;  // whoever withdraws has said what is wrong already
    fs::remove(fresh_, ignored);
    if (!made_.old.empty()) fs::remove(made_.old, ignored);
    fresh_.clear();
    made_.old.clear();
}

file_written file_in_waiting::take_place()
{
    // WRITE_THROUGH: the name is on the disk when this returns.
    if (!::MoveFileExW(fresh_.c_str(), target_.c_str(),
                       MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH)) {
        made_.problem = because("cannot write " + target_.string(), last_windows_error());
        withdraw();
        return made_;
    }
    fresh_.clear();
    // A key that others could read must not stay so under its second name.
    if (!made_.old.empty() && is_private(mode_))
        if (const auto failed = make_private(made_.old))
            made_.problem = because("cannot make " + made_.old.string() + " private", failed);
    return made_;
}

file_written write_whole(const fs::path& file, std::string_view text, mode_t mode, over what)
{
    file_in_waiting waiting{file, text, mode, what};
    if (!waiting.problem().empty()) return {waiting.problem(), {}};
    return waiting.take_place();
}

}  // namespace ecr::daemon
