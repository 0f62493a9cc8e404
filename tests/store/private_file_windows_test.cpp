#include "store/journal.hpp"
#include "store/private_access_windows.hpp"
#include "store/private_file.hpp"
#include "tests/store/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <windows.h>

#include <aclapi.h>
#include <fstream>
#include <memory>
#include <sddl.h>
#include <set>
#include <string>

namespace ecr::store {
namespace {

struct local_free {
    void operator()(void* memory) const noexcept { ::LocalFree(memory); }
};

[[nodiscard]] std::wstring text_of(PSID id)
{
    wchar_t* raw = nullptr;
    EXPECT_TRUE(::ConvertSidToStringSidW(id, &raw));
    const std::unique_ptr<wchar_t, local_free> text{raw};
    return text.get();
}

/// All who are named in a file's list of access.
[[nodiscard]] std::set<std::wstring> named_in(const std::filesystem::path& path)
{
    PACL list = nullptr;
    PSECURITY_DESCRIPTOR raw = nullptr;
    auto name = path.wstring();
    EXPECT_EQ(::GetNamedSecurityInfoW(name.data(), SE_FILE_OBJECT, DACL_SECURITY_INFORMATION,
                                      nullptr, nullptr, &list, nullptr, &raw),
              DWORD{ERROR_SUCCESS});
    const std::unique_ptr<void, local_free> descriptor{raw};
    std::set<std::wstring> names;
    if (list == nullptr) return {L"everybody"};
    for (DWORD i = 0; i < list->AceCount; ++i) {
        void* entry = nullptr;
        EXPECT_TRUE(::GetAce(list, i, &entry));
        names.insert(text_of(&static_cast<ACCESS_ALLOWED_ACE*>(entry)->SidStart));
    }
    return names;
}

constexpr auto everybody = L"S-1-1-0";
constexpr auto users = L"S-1-5-32-545";
constexpr auto system = L"S-1-5-18";

TEST(PrivateFileWindowsTest, OthersAreNotNamed)
{
    const temporary_directory folder;
    const auto path = folder / "key";
    ASSERT_EQ(create_new_private_file(path), error_code{});
    const auto names = named_in(path);
    EXPECT_FALSE(names.contains(everybody));
    EXPECT_FALSE(names.contains(users));
    EXPECT_FALSE(names.contains(L"everybody"));
    EXPECT_TRUE(names.contains(system));
}

TEST(PrivateFileWindowsTest, TheServiceAndWhoeverRunsThisMayLook)
{
    const auto words = private_access();
    ASSERT_TRUE(words);
    EXPECT_TRUE(words->starts_with(L"D:P(")) << "the folder's list would be inherited";
    EXPECT_NE(words->find(bridge_service), std::wstring::npos);
    const auto made = descriptor_of(*words);
    ASSERT_TRUE(made);
    ::LocalFree(*made);
}

TEST(PrivateFileWindowsTest, TheJournalAndItsLockArePrivate)
{
    const temporary_directory folder;
    const auto path = folder / "journal.db";
    const journal opened{path};
    for (const auto* end : {"", ".lock"})
        EXPECT_FALSE(named_in(path.string() + end).contains(everybody)) << end;
}

TEST(PrivateFileWindowsTest, AFileThatIsThereIsLeftAlone)
{
    const temporary_directory folder;
    const auto path = folder / "f";
    std::ofstream{path} << "mine";
    EXPECT_EQ(create_private_file(path), error_code{});
    EXPECT_EQ(create_new_private_file(path), boost::system::errc::file_exists);
    EXPECT_EQ(std::filesystem::file_size(path), 4U);
}

TEST(PrivateFileWindowsTest, ANameThatIsTakenIsNotTakenOver)
{
    const temporary_directory folder;
    std::ofstream{folder / "new"} << "new";
    std::ofstream{folder / "old"} << "old!";
    EXPECT_EQ(name_new_file(folder / "new", folder / "old"), boost::system::errc::file_exists);
    EXPECT_EQ(std::filesystem::file_size(folder / "old"), 4U);
    EXPECT_EQ(name_new_file(folder / "new", folder / "free"), error_code{});
    EXPECT_EQ(flush_file(folder / "free"), error_code{});
}

}  // namespace
}  // namespace ecr::store
