#include "daemon/trace/trace_file.hpp"

#include "daemon/limits.hpp"
#include "daemon/link/unique_fd.hpp"
#include "daemon/logging.hpp"
#include "protocol/till/trace_record.hpp"

#include <boost/asio/post.hpp>

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace ecr::daemon {

using protocol::till::trace_file_mark;

class trace_file::disk {
public:
    disk(std::filesystem::path file, std::size_t size_max, std::size_t files_max)
        : file_{std::move(file)}, size_max_{size_max}, files_max_{files_max}
    {}

    void write(std::string_view line)
    {
        if (failed_) return;
        std::string why;
        if (fd_.get() < 0) why = open();
        if (why.empty() && size_ > 0 && size_ + line.size() > size_max_) why = rotate();
        if (why.empty() && size_ == 0) why = append(std::string{trace_file_mark} + explanation);
        if (why.empty()) why = append(line);
        if (why.empty()) return;
        failed_ = true;
        fd_ = unique_fd{};
        log(log_level::error, "trace.ended", {{"file", file_.string()}, {"why", why}});
    }

private:
    static constexpr const char* explanation =
        ": time link connection till language event form hex\n";

    static std::string last_problem() { return std::strerror(errno); }

    /// What went wrong; empty: nothing.
    std::string open()
    {
        fd_ = unique_fd{::open(file_.c_str(),
                               O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY,
                               S_IRUSR | S_IWUSR)};
        struct stat facts {};
        if (fd_.get() < 0 || ::fstat(fd_.get(), &facts) != 0) return last_problem();
        if (!S_ISREG(facts.st_mode)) {
            size_ = 0;
            return {};
        }
        size_ = static_cast<std::size_t>(facts.st_size);
        // Somebody may have named the journal here.
        std::array<char, trace_file_mark.size()> begin{};
        const auto got = ::pread(fd_.get(), begin.data(), begin.size(), 0);
        if (size_ > 0 && std::string_view{begin.data(), static_cast<std::size_t>(std::max<ssize_t>(
                                                            got, 0))} != trace_file_mark)
            return "it is another file, which is left alone";
        if ((facts.st_mode & 077) != 0 && ::fchmod(fd_.get(), S_IRUSR | S_IWUSR) != 0)
            return last_problem();
        return {};
    }

    std::string rotate()
    {
        fd_ = unique_fd{};
        const auto numbered = [&](std::size_t n) {
            return n == 0 ? file_ : std::filesystem::path{file_.string() + '.' + std::to_string(n)};
        };
        for (auto n = files_max_ - 1; n > 0; --n) {
            std::error_code failed;
            std::filesystem::rename(numbered(n - 1), numbered(n), failed);
            if (failed && failed != std::errc::no_such_file_or_directory) return failed.message();
        }
        if (files_max_ == 1 && ::unlink(file_.c_str()) != 0) return last_problem();
        return open();
    }

    std::string append(std::string_view text)
    {
        while (!text.empty()) {
            const auto written = ::write(fd_.get(), text.data(), text.size());
            if (written < 0 && errno == EINTR) continue;
            if (written <= 0) return written < 0 ? last_problem() : "nothing can be written";
            size_ += static_cast<std::size_t>(written);
            text.remove_prefix(static_cast<std::size_t>(written));
        }
        return {};
    }

    std::filesystem::path file_;
    std::size_t size_max_;
    std::size_t files_max_;
    unique_fd fd_;
    std::size_t size_ = 0;
    bool failed_ = false;
};

trace_file::trace_file(boost::asio::thread_pool& writer, std::filesystem::path file,
                       std::size_t size_max, std::size_t files_max)
    : writer_{writer},
      disk_{std::make_shared<disk>(std::move(file), size_max, files_max)},
      waiting_{std::make_shared<std::atomic<std::size_t>>(0)}
{}

trace_file::~trace_file() = default;

void trace_file::write(std::string line)
{
    line += '\n';
    if (*waiting_ + line.size() > limits::trace_waiting_size_max) {
        ++lost_;
        return;
    }
    if (lost_ > 0)
        line.insert(0, "# lost, as the disk was too slow: " +
                           std::to_string(std::exchange(lost_, 0)) + '\n');
    *waiting_ += line.size();
    boost::asio::post(writer_, [to = disk_, waiting = waiting_, text = std::move(line)] {
        to->write(text);
        *waiting -= text.size();
    });
}

}  // namespace ecr::daemon
