#pragma once

#include <string>
#include <string_view>

namespace ecr::daemon {

/// Looks at how a connection begins. A browser sends what a page has written to any port of any
/// machine it can reach; behind the head of such a request the page's lines or frames would be
/// commands. No till begins as a browser does: with a request of HTTP, or with TLS where the link
/// has none.
class browser_hello {
public:
    /// True as soon as that is what came. To be asked before the bytes are given to anyone.
    [[nodiscard]] bool heard(std::string_view bytes);

private:
    std::string first_;
    bool decided_ = false;
};

}  // namespace ecr::daemon
