// ecrbridge make-cert: what it makes is trusted by Asio, and by a till that speaks HTTPS.
#include "cli_fixture.hpp"
#include "tests/daemon/shop/shop.hpp"
#include "tests/support/qfpay_local_till.hpp"

#include <fstream>
#include <sstream>

namespace ecr::daemon {
namespace {

using testing::HasSubstr;

std::string text_of(const std::filesystem::path& file)
{
    std::ifstream in{file, std::ios::binary};
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

test::shop_plan https_shop(const std::filesystem::path& folder)
{
    return {.bridge = [folder](config& c) {
        auto& link = c.links.front();
        link.dialect = protocol::till::dialect_kind::qfpay_local;
        link.tls = tls_use::on;
        link.certificate_file = folder / "server.crt";
        link.certificate_key_file = folder / "server.key";
    }};
}

TEST_F(CliTest, MakesACertificateThatAnHttpsTillTrusts)
{
    const auto folder = folder_ / "tls";
    const auto made = run({"make-cert", folder.string(), "--name", "localhost"});
    ASSERT_EQ(made.exit_code, 0) << made.err;
    EXPECT_THAT(made.out, HasSubstr("certutil -addstore Root ca.crt"));
    using enum std::filesystem::perms;
    if (folder.preferred_separator == '/') {  // Windows has lists of access in their place
        EXPECT_EQ(std::filesystem::status(folder / "server.key").permissions(),
                  owner_read | owner_write);
    }

    test::shop s{https_shop(folder)};
    const auto ca = text_of(folder / "ca.crt");
    test::qfpay_local_till till{test::tls_wire(s.io(), s.bridge().port("lan"), ca), {}};
    till.pay("5", "A1");
    ASSERT_TRUE(s.until([&] { return !till.answers().empty(); }));
    EXPECT_EQ(till.answers().front().respcd, "6000");
}

TEST_F(CliTest, ACertificateForAnotherNameIsNotTrusted)
{
    const auto folder = folder_ / "tls";
    ASSERT_EQ(
        run({"make-cert", folder.string(), "--name", "pos.lan", "--name", "10.1.2.3"}).exit_code,
        0);
    test::shop s{https_shop(folder)};
    const auto ca = text_of(folder / "ca.crt");
    test::qfpay_local_till till{test::tls_wire(s.io(), s.bridge().port("lan"), ca), {}};
    till.pay("5", "A1");
    EXPECT_TRUE(s.until([&] { return till.over(); }));
    EXPECT_TRUE(till.answers().empty());
}

TEST_F(CliTest, ACertificateIsNeverOverwritten)
{
    const auto folder = folder_ / "tls";
    ASSERT_EQ(run({"make-cert", folder.string(), "--name", "a"}).exit_code, 0);
    const auto before = text_of(folder / "server.key");
    const auto again = run({"make-cert", folder.string(), "--name", "a"});
    EXPECT_NE(again.exit_code, 0);
    EXPECT_THAT(again.err, HasSubstr("is there already"));
    EXPECT_EQ(text_of(folder / "server.key"), before);
}

TEST_F(CliTest, ANameThatIsNoneIsRefused)
{
    const auto made = run({"make-cert", (folder_ / "t").string(), "--name", "a,DNS:b"});
    EXPECT_NE(made.exit_code, 0);
    EXPECT_FALSE(std::filesystem::exists(folder_ / "t" / "server.key"));
}

}  // namespace
}  // namespace ecr::daemon
