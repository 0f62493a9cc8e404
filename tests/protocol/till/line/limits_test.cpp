#include "tests/protocol/till/line/till.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <malloc.h>
#include <random>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define ECR_SANITIZED 1
extern "C" std::size_t __sanitizer_get_current_allocated_bytes();  // its header is Clang's
#endif

using namespace ecr::protocol::till;
using namespace ecr::protocol::till::line;
using testing::HasSubstr;

namespace {

std::size_t allocated()
{
#ifdef ECR_SANITIZED
    return __sanitizer_get_current_allocated_bytes();
#elif defined(_WIN32)
    std::size_t sum = 0;
    for (_HEAPINFO each{}; _heapwalk(&each) == _HEAPOK;)
        if (each._useflag == _USEDENTRY) sum += each._size;
    return sum;
#else
    return mallinfo2().uordblks;
#endif
}

constexpr std::string_view too_long_text =
    "error code=37 safe_to_retry=yes text=\"The line is too long: at most 4096 bytes\"\n";

/// "ping tag=… " and blanks up to `size` bytes.
std::string ping_of(std::size_t size)
{
    std::string line = "ping tag=x";
    line.resize(size, ' ');
    return line;
}

TEST(LimitsTest, ALineOfTheLargestSizeIsServed)
{
    for (const std::string end : {"\n", "\r\n"})
        for (const std::size_t piece : {1U, 7U, 1024U, 4095U, 4096U, 4097U, 4098U, 9000U}) {
            till_end till;
            till.says(ping_of(line_size_max) + end, piece);
            EXPECT_EQ(till.out.commands.size(), 1U) << piece;
            EXPECT_EQ(till.hears(), "") << piece;
        }
}

TEST(LimitsTest, ALongerLineIsOneErrorAndDroppedToItsEnd)
{
    for (const std::string end : {"\n", "\r\n"})
        for (const std::size_t size : {line_size_max + 1, line_size_max + 2, line_size_max * 3})
            for (const std::size_t piece : {1U, 7U, 1024U, 4096U, 4097U, 4098U, 50'000U}) {
                till_end till;
                till.says("last\n" + ping_of(size) + end + "help\n", piece);
                EXPECT_EQ(till.hears(), too_long_text) << piece;
                ASSERT_EQ(till.out.commands.size(), 2U) << piece;
                EXPECT_EQ(till.out.commands[1].what, verb::help);
                EXPECT_FALSE(till.out.hang_up);
            }
}

TEST(LimitsTest, ALongJsonLineIsRefusedInJson)
{
    till_end till;
    till.says("{" + std::string(line_size_max, ' ') + "}\n");
    EXPECT_THAT(till.hears(), testing::StartsWith("{\"reply\":\"error\",\"code\":\"37\""));
}

TEST(LimitsTest, TooMuchWithoutALineEndIsHungUpOn)
{
    for (const std::size_t piece : {1U, 1000U, 65536U, 300'000U}) {
        till_end till;
        till.says("ping\n" + std::string(dropped_size_max, 'x'), piece);
        EXPECT_FALSE(till.out.hang_up) << piece;
        EXPECT_EQ(till.hears(), too_long_text);
        till.says(std::string(200'000, 'x') + "\nping\n", piece);
        EXPECT_TRUE(till.out.hang_up) << piece;
        EXPECT_EQ(till.hears(),
                  "error code=37 safe_to_retry=yes text=\"Too much without the end of "
                  "a line: hanging up\"\n");
        EXPECT_EQ(till.out.commands.size(), 1U);
    }
}

TEST(LimitsTest, ADroppedLineOfExactlyTheLimitIsForgiven)
{
    till_end till;
    till.says(std::string(dropped_size_max, 'x') + "\nping\n", 999);
    EXPECT_FALSE(till.out.hang_up);
    EXPECT_EQ(till.out.commands.size(), 1U);
}

TEST(LimitsTest, AThousandIdleTillsCostLittle)
{
    for (const auto frames : {framing::plain, framing::stx}) {
        std::vector<std::unique_ptr<till_end>> tills(1000);
        const auto before = allocated();
        for (auto& till : tills) {
            till = std::make_unique<till_end>(settings{.frames = frames});
            till->says("\x02" + ping_of(4000), 100);  // half a line, or half a frame
        }
        const auto busy = allocated();
        for (auto& till : tills) {
            till->says("\x03\n", 1);
            till->out = {};
        }
        const auto idle = allocated();
        EXPECT_GT(busy - before, 1000U * 4000U);
        EXPECT_LT(idle - before, 1000U * 1024U);
    }
}

// --- 20,000 lines of nonsense. ---------------------------------------------------------------

class nonsense {
public:
    explicit nonsense(unsigned seed) : random_{seed} {}

    std::size_t below(std::size_t n)
    {
        return std::uniform_int_distribution<std::size_t>{0, n - 1}(random_);
    }

    std::string line()
    {
        static const std::vector<std::string> seeds = {
            "pay order=A1001 amount=110 channel=wx scan=mpm camera=1 timeout=60 terminal=\"C 1\"",
            "refund order=R77 of=A1001 amount=50 tag=7",
            "hello token=\"a b \\\" c\" till=T1",
            "orders state=paid attention=yes limit=10",
            "query of=A1001",
            R"({"verb":"pay","order":"A1001","amount":110,"channel":"wx","new":false})",
            R"({"cmd":"refund","of":"A1","amount":"50","tag":"x","terminal":"\u6536"})",
            "scan amount=110 auth_code=134857903088557555 pay_type=800208 currency=HKD goods=\"a "
            "b\"",
            "qr amount=110 draw=blocks channel=alipay",
            "refund of=A1 all=yes via=direct wait=yes",
            "reconcile from=2026-11-21 to=20261122 merchant=a",
            R"({"verb":"resolve","order":"A1","paid":true,"text":"seen"})",
            "cancel",
        };
        std::string text;
        if (below(10) == 0) {
            text.resize(below(200));
            for (char& c : text)
                c = byte();
        } else {
            text = seeds[below(seeds.size())];
            for (auto n = below(5); n > 0 && !text.empty(); --n)
                mutate(text);
        }
        std::erase(text, '\n');
        return text;
    }

private:
    char byte() { return static_cast<char>(below(256)); }

    void mutate(std::string& text)
    {
        const auto at = below(text.size());
        switch (below(6)) {
            case 0: text[at] = byte(); break;
            case 1: text.erase(at, 1 + below(4)); break;
            case 2: text.insert(at, 1, byte()); break;
            case 3: text.insert(at, 1, " =\"\\{}[],:.0"[below(13)]); break;
            case 4: text += text.substr(at); break;
            default: std::swap(text[at], text[below(text.size())]); break;
        }
    }

    std::mt19937 random_;
};

bool is_one_clean_error(const std::string& bytes)
{
    if (!bytes.starts_with("error ") && !bytes.starts_with("{\"reply\":\"error\"")) return false;
    const auto is_control = [](unsigned char c) { return c < 0x20 || c == 0x7F; };
    std::string_view body = bytes;
    if (!body.ends_with('\n')) return false;
    body.remove_suffix(body.ends_with("\r\n") ? 2 : 1);
    return std::ranges::none_of(body, is_control) && body.find("safe_to_retry") != body.npos;
}

TEST(LimitsTest, NonsenseIsOneErrorALineOrACommand)
{
    const auto seed = std::random_device{}();
    SCOPED_TRACE("seed " + std::to_string(seed));
    nonsense source{seed};
    till_end till;
    int commands = 0;
    int errors = 0;
    till.says("ping\n");
    till.out = {};
    const auto before = allocated();
    for (int i = 0; i < 20'000; ++i) {
        const auto line = source.line();
        till.says(line + "\n", 1 + source.below(40));
        const auto bytes = till.hears();
        const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
        auto content = std::string_view{line};
        if (content.ends_with('\r')) content.remove_suffix(1);
        if (std::ranges::all_of(content, is_blank)) {
            ASSERT_TRUE(bytes.empty() && till.out.commands.empty()) << testing::PrintToString(line);
            continue;
        }
        ASSERT_EQ(till.out.commands.size(), bytes.empty() ? 1U : 0U)
            << testing::PrintToString(line);
        ASSERT_TRUE(bytes.empty() || is_one_clean_error(bytes))
            << testing::PrintToString(line) << bytes;
        ASSERT_FALSE(till.out.hang_up);
        (bytes.empty() ? commands : errors)++;
        till.says("ping\n");  // a good line, so that the bad ones are never too many in a row
        till.out = {};
        ASSERT_LT(allocated(), before + 64 * 1024) << testing::PrintToString(line);
    }
    EXPECT_GT(commands, 1000);
    EXPECT_GT(errors, 1000);
}

TEST(LimitsTest, NonsenseInFramesNeverBreaksTheConversation)
{
    const auto seed = std::random_device{}();
    SCOPED_TRACE("seed " + std::to_string(seed));
    nonsense source{seed};
    for (int round = 0; round < 200; ++round) {
        till_end till{{.frames = framing::stx}};
        reply_id id = 0;
        for (int i = 0; i < 60 && !till.out.hang_up; ++i) {
            switch (source.below(6)) {
                case 0: till.says("\x06"); break;
                case 1: till.says("\x15"); break;
                case 2: till.bridge->elapsed(till.out); break;
                case 3:
                    till.is_told(++id,
                                 done{.tag = {}, .what = "ping", .text = "pong", .fields = {}});
                    break;
                default:
                    till.says("\x02" + source.line() + "\x03" + source.line(),
                              1 + source.below(20));
            }
        }
        // Left alone, it comes to rest, and every reply has had exactly one receipt.
        for (int i = 0; i < 1000 && till.bridge->timer(); ++i)
            till.bridge->elapsed(till.out);
        EXPECT_EQ(till.bridge->timer(), std::nullopt);
        ASSERT_EQ(till.out.receipts.size(), id);
        std::vector<reply_id> ids;
        for (const auto& r : till.out.receipts)
            ids.push_back(r.id);
        std::ranges::sort(ids);
        EXPECT_EQ(std::ranges::unique(ids).begin(), ids.end());
    }
}

}  // namespace
