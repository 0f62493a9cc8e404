#include "daemon/trace/append_file.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace ecr::daemon {
namespace {

append_opening failure()
{
    return {.file = {}, .problem = std::generic_category().message(errno)};
}

}  // namespace

append_opening open_to_append(const std::filesystem::path& path, std::string_view mark)
{
    append_opening made;
    made.file = unique_fd{::open(path.c_str(),
                                 O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY,
                                 S_IRUSR | S_IWUSR)};
    const int fd = made.file.get();
    struct stat facts {};
    if (fd < 0 || ::fstat(fd, &facts) != 0) return failure();
    if (!S_ISREG(facts.st_mode)) return made;
    made.size = static_cast<std::size_t>(facts.st_size);
    // Somebody may have named the journal here.
    std::string begin(mark.size(), '\0');
    const auto got = ::pread(fd, begin.data(), begin.size(), 0);
    begin.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (made.size > 0 && begin != mark)
        return {.file = {}, .problem = "it is another file, which is left alone"};
    if ((facts.st_mode & 077) != 0 && ::fchmod(fd, S_IRUSR | S_IWUSR) != 0) return failure();
    return made;
}

std::string append_to(int file, std::string_view text)
{
    while (!text.empty()) {
        const auto written = ::write(file, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0)
            return written < 0 ? std::generic_category().message(errno) : "nothing can be written";
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
}

}  // namespace ecr::daemon
