#pragma once

#include <fstream>
#include <stdexcept>
#include <string>
#include <sys/types.h>

namespace ecr::hostile {

/// The memory that a process has for itself, in KiB. Its share of programs and libraries is left
/// out: that grows whenever another process that has them open ends.
[[nodiscard]] inline long memory_kib_of(pid_t process)
{
    std::ifstream facts{"/proc/" + std::to_string(process) + "/smaps_rollup"};
    for (std::string word; facts >> word;)
        if (word == "Anonymous:" && facts >> word) return std::stol(word);
    throw std::runtime_error("nothing known of the memory of process " + std::to_string(process));
}

}  // namespace ecr::hostile
