#include "daemon/secret.hpp"

#include <cstdlib>
#include <sys/stat.h>

namespace ecr::daemon {
namespace {

/// nullptr: this is no service with credentials.
const char* credentials_folder()
{
    return std::getenv("CREDENTIALS_DIRECTORY");
}

}  // namespace

secret_reading read_secret_file(const std::filesystem::path& file)
{
    struct stat facts {};
    if (::stat(file.c_str(), &facts) != 0) return {.problem = "cannot find " + file.string()};
    const char* given = credentials_folder();
    const bool kept_private = given != nullptr && file.parent_path() == given;
    if ((facts.st_mode & 077) != 0 && !kept_private)
        return {.problem = file.string() + " can be read by others: chmod 600 it"};
    return read_secret_text(file);
}

secret_reading read_credential(const std::string& name)
{
    const char* folder = credentials_folder();
    if (folder == nullptr)
        return {.problem = "no credentials given: is LoadCredential=" + name + " in the unit?"};
    const auto file = std::filesystem::path{folder} / name;
    if (!std::filesystem::exists(file)) return {.problem = "no credential named " + name};
    auto reading = read_secret_text(file);  // systemd keeps the folder private
    // The unit has an empty one for a file that is missing.
    if (reading.problem.ends_with(" is empty"))
        reading.problem = "the credential " + name + " is empty: write it into the file that " +
                          "LoadCredential=" + name + " names, and start the service again";
    return reading;
}

std::string kept_form(const std::string& secret)
{
    return secret;  // the file's mode keeps others out
}

bool only_the_service_sees(const std::filesystem::path& file)
{
    const bool would_be_given = file.empty() || file.string().starts_with("/run/credentials/");
    return would_be_given && credentials_folder() == nullptr;
}

}  // namespace ecr::daemon
