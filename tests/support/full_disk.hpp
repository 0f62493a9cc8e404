#pragma once

#include <memory>

namespace ecr::test {

/// Makes every write to a file fail beyond its first bytes, as a full disk does. It asks the
/// kernel, not a mock. Throws std::runtime_error on Windows, which limits no file.
class full_disk {
public:
    explicit full_disk(unsigned bytes = 1);
    ~full_disk();
    full_disk(const full_disk&) = delete;
    full_disk& operator=(const full_disk&) = delete;

private:
    struct limit;
    std::unique_ptr<limit> before_;
};

}  // namespace ecr::test
