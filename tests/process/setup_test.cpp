// `ecrbridge setup` as an installer runs it: with options, with a file, with questions; and the
// bridge with what it wrote.
#include "shop.hpp"

#include <array>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <poll.h>
#include <pty.h>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

namespace ecr::process {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

/// Somebody at a terminal, and the program that talks with them.
class person {
public:
    explicit person(std::vector<std::string> arguments)
        : program_{std::string{ECR_BIN_DIR} + "/ecrbridge"}, words_{std::move(arguments)}
    {
        words_.insert(words_.begin(), program_);
        std::vector<char*> argv;
        for (auto& word : words_)
            argv.push_back(word.data());
        argv.push_back(nullptr);
        child_ = ::forkpty(&terminal_, nullptr, nullptr, nullptr);
        if (child_ == 0) {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            ::execv(program_.c_str(), argv.data());
            ::_exit(127);
        }
    }
    ~person()
    {
        ::close(terminal_);
        if (child_ <= 0) return;
        ::kill(child_, SIGKILL);
        ::waitpid(child_, nullptr, 0);
    }
    person(const person&) = delete;
    person& operator=(const person&) = delete;

    /// Waits until it has been asked this, and then for the prompt. Throws when it is not.
    void hear(const std::string& question)
    {
        while (true) {
            const auto at = screen_.find(question, heard_);
            const auto prompt = at == std::string::npos ? at : screen_.find("> ", at);
            if (prompt != std::string::npos) {
                heard_ = prompt + 2;
                return;
            }
            if (!read_more()) throw std::runtime_error("not asked: " + question + "\n" + screen_);
        }
    }
    void say(const std::string& line) { type(line + "\n"); }
    void type(const std::string& keys) const
    {
        EXPECT_EQ(::write(terminal_, keys.data(), keys.size()), static_cast<ssize_t>(keys.size()));
    }
    /// Answers one question after the other.
    void answer(const std::vector<std::pair<std::string, std::string>>& all)
    {
        for (const auto& [question, line] : all) {
            hear(question);
            say(line);
        }
    }
    /// Its exit status, or minus the signal.
    int wait()
    {
        while (read_more()) {
        }
        int status = 0;
        ::waitpid(std::exchange(child_, -1), &status, 0);
        return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    }
    [[nodiscard]] bool shows_typing() const
    {
        termios mode{};
        EXPECT_EQ(::tcgetattr(terminal_, &mode), 0);
        return (mode.c_lflag & ECHO) != 0;
    }
    [[nodiscard]] const std::string& screen() const { return screen_; }

private:
    /// False: it has ended, or said nothing for too long.
    bool read_more()
    {
        pollfd ready{.fd = terminal_, .events = POLLIN, .revents = 0};
        constexpr auto limit_ms = std::chrono::milliseconds{limit}.count();
        if (::poll(&ready, 1, static_cast<int>(limit_ms)) <= 0) return false;
        std::array<char, 4096> piece{};
        const auto size = ::read(terminal_, piece.data(), piece.size());
        if (size <= 0) return false;
        screen_.append(piece.data(), static_cast<std::size_t>(size));
        return true;
    }

    std::string program_;
    std::vector<std::string> words_;
    pid_t child_ = -1;
    int terminal_ = -1;
    std::string screen_;
    std::size_t heard_ = 0;
};

class SetupTest : public ProcessTest {
protected:
    SetupTest() { fs::create_directory(config_.parent_path()); }

    /// Runs it to its end. Gives the exit status; said_ has the output.
    int set_up(std::vector<std::string> arguments, std::string key = {})
    {
        arguments.insert(arguments.begin(), {"setup", "--config", config_.string()});
        bridge_options how{.arguments = std::move(arguments), .program = "ecrbridge"};
        if (!key.empty()) how.environment.emplace_back("ECRBRIDGE_CLIENT_KEY", std::move(key));
        bridge_process tool{std::move(how)};
        const int status = tool.wait();
        said_ = tool.output();
        return status;
    }
    [[nodiscard]] std::vector<std::string> options() const
    {
        return {"--no-questions",
                "--url",
                url_,
                "--ca-file",
                (folder_ / "ca.pem").string(),
                "--app-code",
                std::string{simulator::test_app_code},
                "--terminal",
                "T1,front",
                "--terminal",
                "T2",
                "--link",
                "shop,tcp,127.0.0.1:0,channel=wx,terminal=front",
                "--set",
                "enquiry.first_ms=60",
                "--set",
                "enquiry.while_waiting_ms=60"};
    }
    [[nodiscard]] static mode_t mode_of(const fs::path& file)
    {
        struct stat facts {};
        EXPECT_EQ(::stat(file.c_str(), &facts), 0);
        return facts.st_mode & 07777;
    }
    static std::string text_of(const fs::path& file)
    {
        std::ifstream in{file, std::ios::binary};
        return {std::istreambuf_iterator<char>{in}, {}};
    }
    /// Starts the bridge with what was written, and pays.
    void pays(std::vector<std::string> more = {})
    {
        more.insert(more.begin(), {"--config", config_.string()});
        bridge_ = std::make_unique<bridge_process>(bridge_options{.arguments = std::move(more)});
        bridge_->line_with("bridge.ready");
        EXPECT_THAT(new_till().ask("pay order=A1 amount=110"), HasSubstr("state=paid"));
        bridge_->stop();
    }

    const std::string key_{simulator::test_client_key};
    const std::string url_ = "https://localhost:" + std::to_string(cloud_.port());
    fs::path config_ = folder_ / "etc/ecrbridged.toml";
    fs::path stored_key_ = folder_ / "etc/client.key";
    std::string said_;
};

TEST_F(SetupTest, WithoutQuestionsTheBridgePaysWithWhatItWrote)
{
    EXPECT_EQ(set_up(options(), key_), 0) << said_;
    EXPECT_THAT(said_, AllOf(HasSubstr("fine   link shop"), HasSubstr("fine   terminal T1"),
                             HasSubstr("fine   terminal T2"), Not(HasSubstr(key_))));
    EXPECT_EQ(text_of(stored_key_), key_ + "\n");
    EXPECT_EQ(mode_of(stored_key_), 0600U);
    EXPECT_EQ(mode_of(config_), 0644U);
    EXPECT_THAT(text_of(config_), Not(HasSubstr(key_)));
    pays();
    EXPECT_EQ(cloud_.truth().pushes().size(), 1U);
}

TEST_F(SetupTest, WhatItWroteCanBeRehearsed)
{
    EXPECT_EQ(set_up(options(), key_), 0) << said_;
    pays({"--rehearse", "--rehearse-fast", "--rehearse-port", "0"});
    EXPECT_EQ(cloud_.truth().pushes().size(), 0U);
}

TEST_F(SetupTest, AnAnswersFileSaysTheSame)
{
    const auto answers =
        write("answers.toml", "[cloud]\nurl = \"" + url_ + "\"\nca_file = \"" +
                                  (folder_ / "ca.pem").string() + "\"\napp_code = \"" +
                                  std::string{simulator::test_app_code} +
                                  "\"\n[[terminal]]\nid = \"T1\"\n[[link]]\nname = \"shop\"\n"
                                  "type = \"tcp\"\nlisten = \"127.0.0.1:0\"\nchannel = \"wx\"\n"
                                  "[enquiry]\nfirst_ms = 60\nwhile_waiting_ms = 60\n");
    const auto key_file = write("the.key", key_ + "\n");
    EXPECT_EQ(set_up({"--no-questions", "--answers", answers, "--client-key-from", key_file}), 0)
        << said_;
    pays();
}

TEST_F(SetupTest, MistakesInTheAnswersHaveTheirLines)
{
    const auto answers = write("answers.toml", "[cloud]\napp_cod = \"A\"\nclient_key = \"K\"\n");
    EXPECT_EQ(set_up({"--no-questions", "--answers", answers}, key_), 2);
    EXPECT_THAT(said_, AllOf(HasSubstr(answers + ":2: unknown key 'app_cod'"),
                             HasSubstr("did you mean 'app_code'"), HasSubstr(answers + ":3: "),
                             HasSubstr("no [[terminal]]")));
    EXPECT_FALSE(fs::exists(config_));
    EXPECT_FALSE(fs::exists(stored_key_));
}

TEST_F(SetupTest, AWrongKeyIsFoundBeforeAnythingIsWritten)
{
    EXPECT_EQ(set_up(options(), "00000000000000000000000000000000"), 1);
    EXPECT_THAT(said_, AllOf(HasSubstr("WRONG  terminal T1: the cloud refuses the account"),
                             HasSubstr("client key"), HasSubstr("nothing was written")));
    EXPECT_TRUE(fs::is_empty(config_.parent_path()));
}

TEST_F(SetupTest, ACloudThatCannotBeReachedIsNoFault)
{
    cloud_.set_listening(false);
    EXPECT_EQ(set_up(options(), key_), 0);
    EXPECT_THAT(said_, HasSubstr("unsure cloud: not reached"));
    EXPECT_TRUE(fs::exists(config_));
}

TEST_F(SetupTest, AnUnboundTerminalIsNamed)
{
    auto all = options();
    all.insert(all.end(), {"--terminal", "T9"});
    EXPECT_EQ(set_up(all, key_), 0);
    EXPECT_THAT(said_, HasSubstr("unsure terminal T9"));
}

TEST_F(SetupTest, NothingIsReplacedUntold)
{
    std::ofstream{config_} << "mine";
    EXPECT_EQ(set_up(options(), key_), 2);
    EXPECT_THAT(said_, HasSubstr("--replace"));
    EXPECT_EQ(text_of(config_), "mine");
    EXPECT_FALSE(fs::exists(stored_key_));
}

TEST_F(SetupTest, ToldToReplaceItKeepsTheOldOnes)
{
    std::ofstream{config_} << "mine";
    write("etc/client.key", "OLDKEY\n");
    auto all = options();
    all.emplace_back("--replace");
    EXPECT_EQ(set_up(all, key_), 0) << said_;
    EXPECT_EQ(text_of(config_.string() + ".old-1"), "mine");
    EXPECT_EQ(text_of(stored_key_.string() + ".old-1"), "OLDKEY\n");
    EXPECT_EQ(mode_of(stored_key_.string() + ".old-1"), 0600U);
    pays();
}

TEST_F(SetupTest, TheSampleIsNobodysWork)
{
    std::ofstream{config_} << text_of(std::string{ECR_SOURCE_DIR} + "/packaging/ecrbridged.toml");
    EXPECT_EQ(set_up(options(), key_), 0) << said_;
    EXPECT_FALSE(fs::exists(config_.string() + ".old-1"));
}

TEST_F(SetupTest, AKeyThatIsStoredIsUsed)
{
    write("etc/client.key", key_ + "\n");
    EXPECT_EQ(set_up(options()), 0) << said_;
    EXPECT_THAT(said_, HasSubstr("fine   terminal T1"));
}

TEST_F(SetupTest, WithoutAKeyItSaysHowToGiveOne)
{
    EXPECT_EQ(set_up(options()), 2);
    EXPECT_THAT(said_, AllOf(HasSubstr("--client-key-from"), HasSubstr("ECRBRIDGE_CLIENT_KEY")));
    EXPECT_FALSE(fs::exists(config_));
}

TEST_F(SetupTest, AKeyFileThatOthersMayReadIsRefused)
{
    auto all = options();
    all.insert(all.end(), {"--client-key-from", write("the.key", key_, 0644)});
    EXPECT_EQ(set_up(all), 2);
    EXPECT_THAT(said_, HasSubstr("chmod 600"));
}

TEST_F(SetupTest, TheKeyMayComeFromStandardInput)
{
    auto all = options();
    all.insert(all.begin(), {"setup", "--config", config_.string(), "--client-key-from", "-"});
    person installer{all};
    installer.type(key_ + "\n\x04");  // and the end of the input
    EXPECT_EQ(installer.wait(), 0) << installer.screen();
    EXPECT_EQ(text_of(stored_key_), key_ + "\n");
}

TEST_F(SetupTest, AConversationLeadsToAPayment)
{
    person installer{{"setup", "--config", config_.string()}};
    installer.answer({{"Where is your account", url_},
                      {"certificate authority", (folder_ / "ca.pem").string()},
                      {"currency", ""},
                      {"app code", std::string{simulator::test_app_code}},
                      {"client key", key_},
                      {"signed", ""},
                      {"mchid", ""},
                      {"Device id", "T1"},
                      {"tills call it", "front"},
                      {"Another terminal", "n"},
                      {"What do you call", "my shop"},
                      {"What do you call", "shop"},  // that was no name
                      {"reach this machine", "1"},
                      {"Address and port", "127.0.0.1:0"},
                      {"What do the tills speak", ""},
                      {"order numbers", "unique"},
                      {"How do customers pay", "wx"},
                      {"Another way", ""}});
    EXPECT_EQ(installer.wait(), 0) << installer.screen();
    EXPECT_THAT(installer.screen(),
                AllOf(Not(HasSubstr(key_)), HasSubstr("! must be 1 to 20"),
                      HasSubstr("fine   terminal T1"), HasSubstr("Written: " + config_.string())));
    EXPECT_EQ(mode_of(stored_key_), 0600U);
    pays();
}

TEST_F(SetupTest, WhoChangesTheirMindLeavesAllAsItWas)
{
    std::ofstream{config_} << "mine";
    person installer{{"setup", "--config", config_.string()}};
    installer.answer({{"Make a new one?", "no"}});
    EXPECT_EQ(installer.wait(), 2);
    EXPECT_EQ(text_of(config_), "mine");
}

TEST_F(SetupTest, WhatIsWrongMayBeWrittenByWhoSaysSo)
{
    auto all = options();
    std::erase(all, "--no-questions");
    all.insert(all.begin(), {"setup", "--config", config_.string(), "--signature", "md5", "--mchid",
                             "m", "--currency", "HKD"});
    person installer{all};
    installer.answer({{"client key", "WRONGKEY"}, {"Write it all the same?", "yes"}});
    EXPECT_EQ(installer.wait(), 0) << installer.screen();
    EXPECT_EQ(text_of(stored_key_), "WRONGKEY\n");
}

TEST_F(SetupTest, GivingUpWhileTypingTheKeyShowsTypingAgain)
{
    person installer{{"setup", "--config", config_.string()}};
    installer.answer({{"Where is", "hk"}, {"app code", "A"}});
    installer.hear("client key");
    EXPECT_FALSE(installer.shows_typing());
    installer.type("HALF\x03");
    EXPECT_EQ(installer.wait(), 128 + SIGINT);
    EXPECT_TRUE(installer.shows_typing());
    EXPECT_TRUE(fs::is_empty(config_.parent_path()));
}

}  // namespace
}  // namespace ecr::process
