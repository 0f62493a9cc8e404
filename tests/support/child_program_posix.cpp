#include "tests/support/child_program.hpp"

#include <cstdlib>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace ecr::test {

int status_of_program(const std::filesystem::path& program,
                      const std::vector<std::string>& arguments, const program_files& files)
{
    // posix_spawn leaves them alone. NOLINTBEGIN(cppcoreguidelines-pro-type-const-cast)
    std::vector<char*> argv{const_cast<char*>(program.c_str())};
    for (const auto& argument : arguments)
        argv.push_back(const_cast<char*>(argument.c_str()));
    // NOLINTEND(cppcoreguidelines-pro-type-const-cast)
    argv.push_back(nullptr);

    posix_spawn_file_actions_t opened;
    ::posix_spawn_file_actions_init(&opened);
    const std::filesystem::path in = files.in.empty() ? "/dev/null" : files.in;
    ::posix_spawn_file_actions_addopen(&opened, 0, in.c_str(), O_RDONLY, 0);
    constexpr int fresh = O_WRONLY | O_CREAT | O_TRUNC | O_NOCTTY;
    ::posix_spawn_file_actions_addopen(&opened, 1, files.out.c_str(), fresh, 0600);
    ::posix_spawn_file_actions_addopen(&opened, 2, files.err.c_str(), fresh, 0600);
    // Asio's sockets are inherited: a client would keep the port open that it is to find closed.
    ::posix_spawn_file_actions_addclosefrom_np(&opened, 3);
    pid_t child = 0;
    const int failed =
        ::posix_spawn(&child, program.c_str(), &opened, nullptr, argv.data(), environ);
    ::posix_spawn_file_actions_destroy(&opened);
    if (failed != 0) return -1;
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void set_variable(const std::string& name, const std::string& value)
{
    if (value.empty())
        ::unsetenv(name.c_str());
    else
        ::setenv(name.c_str(), value.c_str(), 1);
}

}  // namespace ecr::test
