#include "tests/failing/failing_memory.hpp"

#include <sqlite3.h>

#include <cstdlib>
#include <limits>
#include <new>

namespace ecr::failing {
namespace {

constexpr auto never = std::numeric_limits<std::int64_t>::max();

// Whoever allocates cannot be told where. NOLINTBEGIN(*-avoid-non-const-global-variables)
constinit std::int64_t allocations = 0;
constinit std::int64_t first_failing = never;
constinit bool fails_for_good = false;
constinit sqlite3_mem_methods ordinary{};
// NOLINTEND(*-avoid-non-const-global-variables)

[[nodiscard]] bool fails_now() noexcept
{
    const auto number = allocations++;
    return number == first_failing || (fails_for_good && number > first_failing);
}

void* take(int size)
{
    return fails_now() ? nullptr : ordinary.xMalloc(size);
}
void* resize(void* block, int size)
{
    return fails_now() ? nullptr : ordinary.xRealloc(block, size);
}

// NOLINTBEGIN(*-no-malloc,*-owning-memory): this is what the others are made of

[[nodiscard]] void* take_or_throw(std::size_t size)
{
    void* const block = fails_now() ? nullptr : std::malloc(size == 0 ? 1 : size);
    if (block == nullptr) throw std::bad_alloc{};
    return block;
}

}  // namespace

void memory::run_out(std::int64_t from, bool for_good) noexcept
{
    allocations = 0;
    first_failing = from;
    fails_for_good = for_good;
}

void memory::be_plenty() noexcept
{
    first_failing = never;
}

std::int64_t memory::asked() noexcept
{
    return allocations;
}

void memory::give_to_sqlite() noexcept
{
    sqlite3_config(SQLITE_CONFIG_GETMALLOC, &ordinary);
    auto ours = ordinary;
    ours.xMalloc = take;
    ours.xRealloc = resize;
    sqlite3_config(SQLITE_CONFIG_MALLOC, &ours);
}

}  // namespace ecr::failing

// The library's other forms of new and delete, those for over-aligned types aside, call these.
void* operator new(std::size_t size)
{
    return ecr::failing::take_or_throw(size);
}
void operator delete(void* block) noexcept
{
    std::free(block);
}
void operator delete(void* block, std::size_t) noexcept
{
    std::free(block);
}
// NOLINTEND(*-no-malloc,*-owning-memory)
