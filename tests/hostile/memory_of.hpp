#pragma once

#include <fstream>
#include <stdexcept>
#include <string>
#include <sys/types.h>

namespace ecr::hostile {

/// The memory that a process has for itself, and its share of what it has with others (PSS), KiB.
[[nodiscard]] inline long memory_kib_of(pid_t process)
{
    std::ifstream facts{"/proc/" + std::to_string(process) + "/smaps_rollup"};
    for (std::string word; facts >> word;)
        if (word == "Pss:" && facts >> word) return std::stol(word);
    throw std::runtime_error("no PSS of process " + std::to_string(process));
}

}  // namespace ecr::hostile
