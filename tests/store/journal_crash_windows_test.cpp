#include "store/journal.hpp"
#include "tests/store/story.hpp"
#include "tests/store/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <windows.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>

namespace ecr::store {
namespace {

constexpr auto journal_variable = L"ECR_CRASH_JOURNAL";
constexpr auto first_variable = L"ECR_CRASH_FIRST";
constexpr auto pipe_variable = L"ECR_CRASH_PIPE";

[[nodiscard]] std::wstring variable(const wchar_t* name)
{
    std::wstring value(32768, L'\0');
    value.resize(::GetEnvironmentVariableW(name, value.data(), static_cast<DWORD>(value.size())));
    return value;
}

/// Says one byte for every verb after the journal has said that it is kept.
void live(const std::filesystem::path& path, std::size_t first, HANDLE acknowledged)
{
    journal on{path};
    for (std::size_t n = first;; ++n) {
        ASSERT_EQ(perform(on, n), error_code{});
        DWORD written = 0;
        ASSERT_TRUE(::WriteFile(acknowledged, ".", 1, &written, nullptr));
    }
}

// What the test below starts, in a process of its own: this program, with this test alone.
TEST(JournalCrashWindowsTest, DISABLED_LivesUntilItIsKilled)
{
    const auto path = variable(journal_variable);
    if (path.empty()) GTEST_SKIP() << "the other test starts this";
    live(path, std::stoul(variable(first_variable)),
         LongToHandle(std::stol(variable(pipe_variable))));
}

/// Lets a child live until it has acknowledged `enough` verbs, ends it as a crash does, and gives
/// how many it has acknowledged.
[[nodiscard]] std::size_t live_and_be_killed(const std::filesystem::path& path, std::size_t first,
                                             std::size_t enough)
{
    SECURITY_ATTRIBUTES inherited{sizeof(SECURITY_ATTRIBUTES), nullptr, TRUE};
    HANDLE reads = nullptr;
    HANDLE writes = nullptr;
    EXPECT_TRUE(::CreatePipe(&reads, &writes, &inherited, 0));
    ::SetHandleInformation(reads, HANDLE_FLAG_INHERIT, 0);
    ::SetEnvironmentVariableW(journal_variable, path.c_str());
    ::SetEnvironmentVariableW(first_variable, std::to_wstring(first).c_str());
    ::SetEnvironmentVariableW(pipe_variable, std::to_wstring(HandleToLong(writes)).c_str());

    std::wstring program(MAX_PATH, L'\0');
    program.resize(::GetModuleFileNameW(nullptr, program.data(), MAX_PATH));
    auto line = L"\"" + program +
                L"\" --gtest_also_run_disabled_tests --gtest_brief=1 "
                L"--gtest_filter=JournalCrashWindowsTest.DISABLED_LivesUntilItIsKilled";
    STARTUPINFOW how{};
    how.cb = sizeof how;
    PROCESS_INFORMATION child{};
    EXPECT_TRUE(::CreateProcessW(program.c_str(), line.data(), nullptr, nullptr, TRUE, 0, nullptr,
                                 nullptr, &how, &child));
    ::CloseHandle(writes);

    std::array<char, 64> bytes{};
    std::size_t acknowledged = 0;
    DWORD size = 0;
    while (acknowledged < enough && ::ReadFile(reads, bytes.data(), 1, &size, nullptr) && size > 0)
        acknowledged += size;
    EXPECT_EQ(acknowledged, enough) << "the child failed by itself";
    ::TerminateProcess(child.hProcess, 9);
    ::WaitForSingleObject(child.hProcess, INFINITE);
    while (::ReadFile(reads, bytes.data(), static_cast<DWORD>(bytes.size()), &size, nullptr) &&
           size > 0)
        acknowledged += size;
    ::CloseHandle(reads);
    ::CloseHandle(child.hThread);
    ::CloseHandle(child.hProcess);
    return acknowledged;
}

// One journal, killed again and again. What one round keeps is where the next one begins.
TEST(JournalCrashWindowsTest, WhatWasAcknowledgedSurvivesAKill)
{
    const auto seed = std::random_device{}();
    std::mt19937 random{seed};
    const temporary_directory directory;
    const auto path = directory / "journal.db";
    std::size_t kept = 0;
    for (int round = 0; round < 8; ++round) {
        SCOPED_TRACE("seed " + std::to_string(seed) + " round " + std::to_string(round));
        const auto before = kept;
        const auto enough = 1 + random() % (round == 5 ? 400 : 12);
        const auto acknowledged = live_and_be_killed(path, before, enough);
        ASSERT_FALSE(testing::Test::HasFailure());

        journal reopened{path};
        kept = verbs_kept(path);
        ASSERT_GE(kept, before + acknowledged) << "an acknowledged step is gone";
        ASSERT_LE(kept, before + acknowledged + 1) << "more than the one in hand";
        expect_story(reopened, kept);
        ASSERT_FALSE(testing::Test::HasFailure());
    }
}

}  // namespace
}  // namespace ecr::store
