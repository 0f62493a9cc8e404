#include "tests/store/sqlite_pool.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>
#include <cstring>

namespace ecr::store {
namespace {

// Blocks of powers of two, kept for ever once taken; a block begins with the power it is of.
constexpr std::size_t head_size = 16;
constexpr unsigned smallest = 5;
// SQLite's allocator has no object. NOLINTNEXTLINE(*-avoid-non-const-global-variables)
constinit std::array<void*, 32> spare{};

[[nodiscard]] char* head_of(void* block)
{
    return static_cast<char*>(block) - head_size;
}
[[nodiscard]] unsigned power_for(int size)
{
    return std::max(smallest, static_cast<unsigned>(std::bit_width(
                                  static_cast<std::size_t>(std::max(size, 1)) + head_size - 1)));
}
[[nodiscard]] unsigned power_of(void* block)
{
    unsigned power = 0;
    std::memcpy(&power, head_of(block), sizeof power);
    return power;
}
[[nodiscard]] int usable(unsigned power)
{
    return static_cast<int>((std::size_t{1} << power) - head_size);
}

void* take(int size)
{
    const auto power = power_for(size);
    auto*& first = spare[power];
    if (first == nullptr) {
        // NOLINTNEXTLINE(*-no-malloc,*-owning-memory): as SQLite's own does
        auto* const fresh = static_cast<char*>(std::malloc(std::size_t{1} << power));
        if (fresh == nullptr) return nullptr;
        std::memcpy(fresh, &power, sizeof power);
        return fresh + head_size;
    }
    auto* const block = first;
    std::memcpy(static_cast<void*>(&first), block, sizeof first);
    return block;
}

void give(void* block)
{
    auto*& first = spare[power_of(block)];
    std::memcpy(block, static_cast<const void*>(&first), sizeof first);
    first = block;
}

void* resize(void* block, int size)
{
    const auto had = usable(power_of(block));
    if (had >= size) return block;
    auto* const larger = take(size);
    if (larger == nullptr) return nullptr;
    std::memcpy(larger, block, static_cast<std::size_t>(had));
    give(block);
    return larger;
}

}  // namespace

sqlite_pool::sqlite_pool()
{
    sqlite3_shutdown();
    sqlite3_config(SQLITE_CONFIG_GETMALLOC, &before_);
    const sqlite3_mem_methods pool{.xMalloc = take,
                                   .xFree = give,
                                   .xRealloc = resize,
                                   .xSize = [](void* block) { return usable(power_of(block)); },
                                   .xRoundup = [](int size) { return usable(power_for(size)); },
                                   .xInit = [](void*) { return SQLITE_OK; },
                                   .xShutdown = [](void*) {},
                                   .pAppData = nullptr};
    sqlite3_config(SQLITE_CONFIG_MALLOC, &pool);
    sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
    sqlite3_initialize();
}

sqlite_pool::~sqlite_pool()
{
    sqlite3_shutdown();
    sqlite3_config(SQLITE_CONFIG_MALLOC, &before_);
    sqlite3_config(SQLITE_CONFIG_SERIALIZED);
    sqlite3_initialize();
}

}  // namespace ecr::store
