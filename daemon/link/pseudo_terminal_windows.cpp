#include "daemon/link/pseudo_terminal.hpp"

#include <boost/system/system_error.hpp>

namespace ecr::daemon {

bool pseudo_terminal::are_there() noexcept
{
    return false;
}

// A configuration that asks for one is refused when it is read, with a sentence; this is for
// whoever gets here all the same.
pseudo_terminal::pseudo_terminal(std::filesystem::path symlink)
{
    throw boost::system::system_error{make_error_code(boost::system::errc::operation_not_supported),
                                      symlink.string() + ": " + none_here};
}

pseudo_terminal::~pseudo_terminal() = default;

unique_fd pseudo_terminal::duplicate() const
{
    return {};
}

void pseudo_terminal::forget_exclusive_use() noexcept {}

}  // namespace ecr::daemon
