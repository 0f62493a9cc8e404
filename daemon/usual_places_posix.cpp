#include "daemon/usual_places.hpp"

namespace ecr::daemon {

std::filesystem::path usual_config()
{
    return "/etc/ecrbridge/ecrbridged.toml";
}

std::filesystem::path usual_journal()
{
    return "/var/lib/ecrbridge/journal.db";
}

std::filesystem::path usual_key()
{
    return {};  // systemd hands it over: LoadCredential=
}

std::filesystem::path usual_log()
{
    return {};
}

}  // namespace ecr::daemon
