#pragma once

#include <utility>

namespace ecr::daemon {

/// Of the system: on Windows a number that stands for a handle, of which 32 bits count. Source:
/// Interprocess Communication Between 32-bit and 64-bit Applications.
void close_descriptor(int descriptor) noexcept;

/// Owns a file descriptor.
class unique_fd {
public:
    unique_fd() = default;
    explicit unique_fd(int descriptor) noexcept : descriptor_{descriptor} {}
    unique_fd(unique_fd&& other) noexcept : descriptor_{other.release()} {}
    unique_fd& operator=(unique_fd&& other) noexcept
    {
        unique_fd{std::move(other)}.swap(*this);
        return *this;
    }
    ~unique_fd()
    {
        if (descriptor_ >= 0) close_descriptor(descriptor_);
    }

    [[nodiscard]] int get() const noexcept { return descriptor_; }
    [[nodiscard]] int release() noexcept { return std::exchange(descriptor_, -1); }
    void swap(unique_fd& other) noexcept { std::swap(descriptor_, other.descriptor_); }
    explicit operator bool() const noexcept { return descriptor_ >= 0; }

private:
    int descriptor_ = -1;
};

}  // namespace ecr::daemon
