#include "daemon/environment.hpp"
#include "daemon/secret.hpp"

#include <sys/stat.h>

namespace ecr::daemon {
namespace {

/// Nothing: this is no service with credentials.
std::optional<std::string> credentials_folder()
{
    return environment_variable("CREDENTIALS_DIRECTORY");
}

}  // namespace

secret_reading read_secret_file(const std::filesystem::path& file)
{
    struct stat facts {};
    if (::stat(file.c_str(), &facts) != 0) return {.problem = "cannot find " + file.string()};
    const auto given = credentials_folder();
    const bool kept_private = given && file.parent_path() == *given;
    if ((facts.st_mode & 077) != 0 && !kept_private)
        return {.problem = file.string() + " can be read by others: chmod 600 it"};
    return read_secret_text(file);
}

secret_reading read_credential(const std::string& name)
{
    const auto folder = credentials_folder();
    if (!folder)
        return {.problem = "no credentials given: is LoadCredential=" + name + " in the unit?"};
    const auto file = std::filesystem::path{*folder} / name;
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
    return would_be_given && !credentials_folder();
}

}  // namespace ecr::daemon
