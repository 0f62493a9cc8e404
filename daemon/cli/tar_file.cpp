#include "daemon/cli/tar_file.hpp"

#include "daemon/link/unique_fd.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <cerrno>
#include <ctime>
#include <fcntl.h>
#include <stdexcept>
#include <system_error>
#include <unistd.h>

namespace ecr::cli {

struct tar_file::parts {
    struct closer {
        void operator()(archive* a) const { archive_write_free(a); }
        void operator()(archive_entry* e) const { archive_entry_free(e); }
    };

    void require(int done) const
    {
        if (done >= ARCHIVE_OK) return;
        const char* why = archive_error_string(writer.get());
        throw std::runtime_error{name + ": " + (why != nullptr ? why : "cannot be written")};
    }

    [[noreturn]] void fail_with(int system_error) const
    {
        throw std::runtime_error{name + ": " + std::generic_category().message(system_error)};
    }

    std::string name;
    daemon::unique_fd file;
    std::unique_ptr<archive, closer> writer{archive_write_new()};
};

tar_file::tar_file(const std::filesystem::path& file) : parts_{std::make_unique<parts>()}
{
    auto& p = *parts_;
    p.name = file.string();
    p.file = daemon::unique_fd{::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};
    if (!p.file) p.fail_with(errno);
    p.require(archive_write_add_filter_gzip(p.writer.get()));
    p.require(archive_write_set_format_pax_restricted(p.writer.get()));
    p.require(archive_write_open_fd(p.writer.get(), p.file.get()));
}

tar_file::~tar_file() = default;

void tar_file::add(const std::string& name, std::string_view text)
{
    auto& p = *parts_;
    const std::unique_ptr<archive_entry, parts::closer> entry{archive_entry_new()};
    archive_entry_set_pathname(entry.get(), name.c_str());
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(text.size()));
    archive_entry_set_filetype(entry.get(), AE_IFREG);
    archive_entry_set_perm(entry.get(), 0600);
    archive_entry_set_mtime(entry.get(), std::time(nullptr), 0);
    p.require(archive_write_header(p.writer.get(), entry.get()));
    const auto written = archive_write_data(p.writer.get(), text.data(), text.size());
    if (written != static_cast<la_ssize_t>(text.size())) p.require(ARCHIVE_FATAL);
}

void tar_file::finish()
{
    auto& p = *parts_;
    p.require(archive_write_close(p.writer.get()));
    if (::fsync(p.file.get()) != 0) p.fail_with(errno);
}

}  // namespace ecr::cli
