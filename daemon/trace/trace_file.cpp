#include "daemon/trace/trace_file.hpp"

#include "daemon/limits.hpp"
#include "daemon/link/unique_fd.hpp"
#include "daemon/logging.hpp"
#include "daemon/trace/append_file.hpp"
#include "protocol/till/trace_record.hpp"

#include <boost/asio/post.hpp>

#include <string_view>
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

    /// What went wrong; empty: nothing.
    std::string open()
    {
        auto opened = open_to_append(file_, trace_file_mark);
        fd_ = std::move(opened.file);
        size_ = opened.size;
        return std::move(opened.problem);
    }

    std::string rotate()
    {
        fd_ = unique_fd{};
        const auto numbered = [&](std::size_t n) {
            return n == 0 ? file_ : std::filesystem::path{file_.string() + '.' + std::to_string(n)};
        };
        for (auto n = files_max_ - 1; n > 0; --n) {
            std::error_code failed;
            // Asked first: on Windows a rename does not say that there is nothing to rename.
            const bool there = std::filesystem::exists(numbered(n - 1), failed);
            if (failed) return failed.message();
            if (!there) continue;
            std::filesystem::rename(numbered(n - 1), numbered(n), failed);
            if (failed) return failed.message();
        }
        std::error_code failed;
        if (files_max_ == 1 && !std::filesystem::remove(file_, failed)) return failed.message();
        return open();
    }

    std::string append(std::string_view text)
    {
        auto problem = append_to(fd_.get(), text);
        if (problem.empty()) size_ += text.size();
        return problem;
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
