// The journal and the ports that somebody else has.
#include "shop.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace ecr::process {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class StartTest : public ProcessTest {
protected:
    std::string refused(const shop_config& how)
    {
        const auto bridge = run(text_of(how));
        EXPECT_EQ(bridge->wait(), 1) << bridge->output();
        EXPECT_THAT(bridge->output(), Not(HasSubstr("bridge.ready")));
        return bridge->output();
    }
};

TEST_F(StartTest, ASecondBridgeOnTheSameJournalIsRefused)
{
    start();
    const auto said = refused({});
    EXPECT_THAT(said, AllOf(HasSubstr((folder_ / "journal.db").string()), HasSubstr("is in use"),
                            HasSubstr("already running")));
    auto till = new_till();
    EXPECT_EQ(value_of(till.ask("pay order=A1 amount=100"), "code"), "00");  // the first goes on
    EXPECT_EQ(bridge_->stop(), 0);
}

TEST_F(StartTest, APortThatIsTakenNamesTheLink)
{
    const int other = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof where;
    ASSERT_EQ(::bind(other, reinterpret_cast<sockaddr*>(&where), size), 0);
    ASSERT_EQ(::listen(other, 1), 0);
    ASSERT_EQ(::getsockname(other, reinterpret_cast<sockaddr*>(&where), &size), 0);
    const auto address = "127.0.0.1:" + std::to_string(ntohs(where.sin_port));

    const auto said = refused({.link = "listen = \"" + address + "\"\n"});
    ::close(other);
    EXPECT_THAT(said, AllOf(HasSubstr("link shop"), HasSubstr(address), HasSubstr("in use")));
}

TEST_F(StartTest, AJournalWithoutItsFolderIsNamed)
{
    const auto path = (folder_ / "absent" / "journal.db").string();
    EXPECT_THAT(refused({.journal = path}), AllOf(HasSubstr(path), HasSubstr("cannot be opened")));
    EXPECT_FALSE(std::filesystem::exists(folder_ / "absent"));
}

TEST_F(StartTest, AFileThatIsNoJournalIsLeftAsItIs)
{
    const std::string letter = "Dear shop, this is not a database. " + std::string(4096, '.');
    const auto path = write("letter.db", letter);
    EXPECT_THAT(refused({.journal = path}),
                AllOf(HasSubstr(path), HasSubstr("cannot be opened"), HasSubstr("not a database")));
    EXPECT_EQ(read("letter.db"), letter);
}

TEST_F(StartTest, AVirtualPortWhoseNameIsTakenNamesTheLink)
{
    const auto file = write("till-port", "a file of the shop");
    const auto said = refused(
        {.links = "[[link]]\nname = \"pos\"\ntype = \"pty\"\nsymlink = \"" + file + "\"\n"});
    EXPECT_THAT(said, AllOf(HasSubstr("link pos"), HasSubstr(file)));
    EXPECT_EQ(read("till-port"), "a file of the shop");
}

}  // namespace
}  // namespace ecr::process
