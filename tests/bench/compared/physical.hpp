#pragma once

#include <cstdint>
#include <filesystem>

namespace ecr::bench {

/// What the disk and the wire take by themselves, in milliseconds; medians.
struct physical {
    double fdatasync_ms = 0;  // of one page that was appended
    double tls_ms = 0;        // a push and its answer over a connection that stands
    double tcp_connect_ms = 0;
};

/// Throws std::runtime_error.
[[nodiscard]] physical measure_physical(const std::filesystem::path& folder,
                                        std::uint16_t cloud_port,
                                        const std::filesystem::path& ca_file, int times);

/// Pages of 4 KiB appended and flushed in a second, one after the other.
[[nodiscard]] double appends_per_second(const std::filesystem::path& folder, int times);

}  // namespace ecr::bench
