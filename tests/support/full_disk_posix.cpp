#include "tests/support/full_disk.hpp"

#include <csignal>
#include <sys/resource.h>

namespace ecr::test {

struct full_disk::limit {
    rlimit size{};
    void (*on_excess)(int) = nullptr;
};

full_disk::full_disk(unsigned bytes) : before_{std::make_unique<limit>()}
{
    before_->on_excess = std::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_->size);
    auto tiny = before_->size;
    tiny.rlim_cur = bytes;
    ::setrlimit(RLIMIT_FSIZE, &tiny);
}

full_disk::~full_disk()
{
    ::setrlimit(RLIMIT_FSIZE, &before_->size);
    std::signal(SIGXFSZ, before_->on_excess);
}

}  // namespace ecr::test
