#include "besieged_shop.hpp"

#include "tests/simulator/certificate.hpp"

#include <sqlite3.h>

namespace ecr::hostile {
namespace {

using process::till;

/// It only has to say; nobody listens.
class no_wire final : public test::till_wire {
public:
    void send(std::string) override {}
    void hang_up() override {}
    [[nodiscard]] bool over() const override { return false; }
    [[nodiscard]] bool over_in_order() const override { return false; }
};

std::string link(const std::string& name, const std::string& lines)
{
    return "[[link]]\nname = \"" + name +
           "\"\ntype = \"tcp\"\nlisten = \"127.0.0.1:0\"\nchannel = \"wx\"\nterminal = \"T2\"\n"
           "payment_timeout_s = 2\n" +
           lines;
}

}  // namespace

BesiegedTest::BesiegedTest(simulator::settings cloud) : ProcessTest{std::move(cloud)}
{
    const auto made = simulator::make_certificate();
    chain_ = write("chain.pem", made.chain);
    certificate_key_ = write("chain.key", made.key);
    write("trusted.pem", made.ca);
}

process::shop_config BesiegedTest::every_link(const additions& more) const
{
    const auto certificate = "certificate_file = \"" + chain_ + "\"\ncertificate_key_file = \"" +
                             certificate_key_ + "\"\n";
    const std::string qfpay = "dialect = \"qfpay-local\"\n";
    process::shop_config how;
    how.links =
        link("web", qfpay + "wrapping = \"http\"\n" + more.web) +
        link("webs", qfpay + "wrapping = \"http\"\ntls = \"both\"\n" + certificate + more.webs) +
        link("app", qfpay + "wrapping = \"tcp\"\n" + more.app) +
        link("old", "dialect = \"hypercom\"\nnumbers = \"none\"\n" + more.old) +
        link("secure", "tls = \"on\"\n" + certificate + more.secure) +
        "[notifications]\nlisten = \"127.0.0.1:0\"\n";
    return how;
}

peer BesiegedTest::at(const std::string& link, const std::string& from)
{
    return peer{bridge_->port(link), from};
}

std::uint16_t BesiegedTest::notification_port()
{
    const auto line = bridge_->line_with("notifications.open ");
    return static_cast<std::uint16_t>(std::stoi(line.substr(line.rfind(':') + 1)));
}

int BesiegedTest::orders()
{
    auto counter = new_till();
    counter.say("orders limit=500");
    for (int count = 0;; ++count)
        if (!counter.hear().starts_with("row")) return count;
}

void BesiegedTest::expect_served(const std::string& number)
{
    auto good = new_till();
    const auto reply = good.ask("pay order=" + number + " amount=100");
    EXPECT_EQ(value_of(reply, "state"), "paid") << reply;
}

int BesiegedTest::logged(std::string_view event) const
{
    const auto text = bridge_->output();
    const auto word = ' ' + std::string{event} + ' ';
    int found = 0;
    for (auto place = text.find(word); place != std::string::npos;
         place = text.find(word, place + 1))
        ++found;
    return found;
}

void BesiegedTest::expect_journal_sound() const
{
    sqlite3* file = nullptr;
    ASSERT_EQ(
        ::sqlite3_open_v2((folder_ / "journal.db").c_str(), &file, SQLITE_OPEN_READONLY, nullptr),
        SQLITE_OK);
    const auto ask = [&](const char* question) {
        std::string answer;
        const auto take = [](void* into, int, char** values, char**) {
            *static_cast<std::string*>(into) += std::string{values[0]} + '\n';
            return 0;
        };
        EXPECT_EQ(::sqlite3_exec(file, question, take, &answer, nullptr), SQLITE_OK) << question;
        return answer;
    };
    EXPECT_EQ(ask("PRAGMA integrity_check"), "ok\n");
    EXPECT_EQ(ask("PRAGMA foreign_key_check"), "");
    EXPECT_EQ(ask("SELECT count(*) FROM orders WHERE false"), "0\n");
    EXPECT_EQ(ask("SELECT count(*) FROM steps WHERE false"), "0\n");
    ::sqlite3_close(file);
}

std::string sealed(const test::qfpay_local_till::content& what, const std::string& key,
                   bool encrypts)
{
    test::qfpay_habits habits;
    habits.key = key;
    habits.encrypts = encrypts;
    test::qfpay_local_till speaker{std::make_unique<no_wire>(), habits};
    const auto request = speaker.bytes_of(what);
    return request.substr(request.find("\r\n\r\n") + 4);
}

std::string sealed_payment(const std::string& number, const std::string& key)
{
    return sealed({{"func_type", "1001"},
                   {"amt", "1"},
                   {"channel", "\"wx\""},
                   {"out_trade_no", '"' + number + '"'}},
                  key);
}

std::string post(std::string_view path, std::string_view body, std::string_view more,
                 std::string_view host)
{
    std::string text = "POST ";
    text.append(path).append(" HTTP/1.1\r\nHost: ").append(host).append("\r\n");
    text.append("Content-Type: application/json\r\n").append(more);
    text.append("Content-Length: ").append(std::to_string(body.size()));
    return text.append("\r\n\r\n").append(body);
}

}  // namespace ecr::hostile
