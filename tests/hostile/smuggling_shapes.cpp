#include "smuggling_shapes.hpp"

#include <algorithm>
#include <array>
#include <iomanip>
#include <sstream>

namespace ecr::hostile {
namespace {

std::string hex(std::size_t size)
{
    std::ostringstream text;
    text << std::hex << size;
    return text.str();
}

std::string chunk(const std::string& bytes)
{
    return hex(bytes.size()) + "\r\n" + bytes + "\r\n";
}

std::string with_bare_line_feeds(std::string text)
{
    std::erase(text, '\r');
    return text;
}

class maker {
public:
    explicit maker(const smuggled_pair& of)
        : of_{of},
          start_{"POST " + of.path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + of.more},
          size_{std::to_string(of.body.size())}
    {}

    std::vector<smuggling_shape> all()
    {
        two_lengths();
        unclear_encodings();
        odd_lines();
        odd_lengths();
        odd_chunks();
        clear_ones();
        return std::move(made_);
    }

private:
    /// `lines`: header lines with their ends.
    void add(const char* name, const std::string& lines, const std::string& body)
    {
        const bool folds = lines.starts_with(' ') || lines.find("\n ") != std::string::npos;
        made_.push_back({.name = name, .bytes = start_ + lines + "\r\n" + body, .folds = folds});
    }

    void two_lengths()
    {
        const auto ending_at_once = "0\r\n\r\n" + of_.hidden;
        const auto whole = "Content-Length: " + std::to_string(ending_at_once.size()) + "\r\n";
        const std::string chunked = "Transfer-Encoding: chunked\r\n";
        add("LengthThenChunked", whole + chunked, ending_at_once);
        add("ChunkedThenLength", chunked + whole, ending_at_once);
        add("ChunkedAndShortLength", chunked + "Content-Length: 4\r\n",
            chunk(of_.body) + ending_at_once);
        add("TwoLengths", "Content-Length: " + size_ + "\r\n" + whole, of_.body + of_.hidden);
        add("ListOfLengths", "Content-Length: " + size_ + ", 9\r\n", of_.body + of_.hidden);
        add("LengthThenUnknownEncoding", whole + "Transfer-Encoding: x\r\n", ending_at_once);
    }

    void unclear_encodings()
    {
        const auto after = chunk(of_.body) + "0\r\n\r\n";
        const std::pair<const char*, const char*> lines[] = {
            {"ChunkedTwice", "Transfer-Encoding: chunked, chunked\r\n"},
            {"ChunkedInTwoLines", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"},
            {"ChunkedThenIdentityLine",
             "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n"},
            {"IdentityThenChunkedLine",
             "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n"},
            {"NotQuiteChunked", "Transfer-Encoding: xchunked\r\n"},
            {"QuotedChunked", "Transfer-Encoding: \"chunked\"\r\n"},
            {"ChunkedWithVerticalTab",
             "Transfer-Encoding: \x0b"
             "chunked\r\n"},
            {"ChunkedWithParameter", "Transfer-Encoding: chunked;q=1\r\n"},
            {"ChunkedNotLast", "Transfer-Encoding: chunked, identity\r\n"},
            {"CompressedChunked", "Transfer-Encoding: gzip, chunked\r\n"},
            {"OnlyCompressed", "Transfer-Encoding: gzip\r\n"},
            {"EmptyEncoding", "Transfer-Encoding: \r\n"},
            {"FoldedChunked", "Transfer-Encoding:\r\n x\r\n"},
        };
        for (const auto& [name, line] : lines)
            add(name, line, of_.hidden + after);
        add("UnknownEncodingThenLength",
            "Transfer-Encoding: x\r\nContent-Length: " + size_ + "\r\n", of_.body + of_.hidden);
        made_.push_back({.name = "ChunkedInHttp10",
                         .bytes = "POST " + of_.path + " HTTP/1.0\r\nHost: 127.0.0.1\r\n" +
                                  of_.more + "Transfer-Encoding: chunked\r\n\r\n" + "0\r\n\r\n" +
                                  of_.hidden});
    }

    void odd_lines()
    {
        const auto length = "Content-Length: " + size_ + "\r\n";
        add("BlankBeforeColon", "Content-Length : " + size_ + "\r\n", of_.body + of_.hidden);
        add("BlankBeforeName", " Content-Length: " + size_ + "\r\n", of_.body + of_.hidden);
        add("EncodingWithBlankBeforeColon", length + "Transfer-Encoding : chunked\r\n",
            "0\r\n\r\n" + of_.hidden);
        add("NulInValue", std::string{"X: a\0b\r\n", 8} + length, of_.body + of_.hidden);
        add("NulInName", std::string{"X\0Y: b\r\n", 8} + length, of_.body + of_.hidden);
        add("BareCarriageReturn", "X: a\rContent-Length: 0\r\n" + length, of_.body + of_.hidden);
        add("BareLineFeedBetween", "X: a\nContent-Length: 0\r\n" + length, of_.body + of_.hidden);
        add("NoColon", "Content-Length " + size_ + "\r\n", of_.body + of_.hidden);
        add("OddName", "Content\xe2\x80\x90Length: 0\r\n" + length, of_.body + of_.hidden);
        made_.push_back(
            {.name = "BareLineFeeds",
             .bytes = with_bare_line_feeds(start_ + length + "\r\n") + of_.body + of_.hidden});
        made_.push_back(
            {.name = "TwoHosts",
             .bytes = start_ + "Host: elsewhere.example\r\n" + length + "\r\n" + of_.body});
        made_.push_back({.name = "Version",
                         .bytes = "POST " + of_.path + " HTTP/1.2\r\n" + of_.more + length +
                                  "\r\n" + of_.body + of_.hidden});
        made_.push_back({.name = "Http09", .bytes = "POST " + of_.path + "\r\n" + of_.hidden});
    }

    void odd_lengths()
    {
        const auto just_too_large = "18446744073709551616";  // 2^64
        for (const auto& value : {std::string{"-1"}, "+" + size_, "0x" + size_, std::string{"1e1"},
                                  std::string{}, size_ + " 1", std::string{just_too_large},
                                  "1844674407370955161" + size_, size_ + ".0", size_ + ","})
            add("OddLength", "Content-Length: " + value + "\r\n", of_.body + of_.hidden);
    }

    void odd_chunks()
    {
        const std::string chunked = "Transfer-Encoding: chunked\r\n";
        const auto size = hex(of_.body.size());
        const auto after = "\r\n0\r\n\r\n" + of_.hidden;
        const std::pair<const char*, std::string> bodies[] = {
            {"NegativeChunk", "-1\r\n" + of_.body + after},
            {"ChunkWithPrefix", "0x" + size + "\r\n" + of_.body + after},
            {"ChunkOfTwoTo64", "10000000000000000\r\n" + of_.body + after},
            {"ChunkAboveTwoTo64", "100000000000000" + size + "\r\n" + of_.body + after},
            {"ChunkWithoutSize", "\r\n" + of_.body + after},
            {"ChunkSizeWithBlank", size + " \n" + of_.body + after},
            {"ChunkLineWithBareLineFeed", size + "\n" + of_.body + after},
            {"ChunkLongerThanItsSize", size + "\r\n" + of_.body + "xx" + after},
            {"ChunkWithoutItsEnd", size + "\r\n" + of_.body + "0\r\n\r\n" + of_.hidden},
            {"ExtensionWithLineFeed", size + ";a=\"\n\"\r\n" + of_.body + after},
            {"LastChunkWithoutEnd", chunk(of_.body) + "0\r\n" + of_.hidden},
        };
        for (const auto& [name, body] : bodies)
            add(name, chunked, body);
    }

    /// Here the hidden request is plainly a body.
    void clear_ones()
    {
        const auto all_hidden = "Content-Length: " + std::to_string(of_.hidden.size()) + "\r\n";
        const auto clear = [&](const char* name, std::string bytes, bool expects = false) {
            made_.push_back(
                {.name = name, .bytes = std::move(bytes), .expects = expects, .may_go_on = true});
        };
        clear("HiddenIsTheBody", start_ + all_hidden + "\r\n" + of_.hidden);
        clear("HiddenIsAChunk",
              start_ + "Transfer-Encoding: chunked\r\n\r\n" + chunk(of_.hidden) + "0\r\n\r\n");
        clear("HiddenIsAnExtension", start_ + "Transfer-Encoding: chunked\r\n\r\n" +
                                         hex(of_.body.size()) + ";a=\"POST / HTTP/1.1\"\r\n" +
                                         of_.body + "\r\n0\r\n\r\n");
        clear("LengthInTheTrailer", start_ + "Transfer-Encoding: chunked\r\n\r\n" +
                                        chunk(of_.body) + "0\r\nContent-Length: 0\r\n\r\n");
        clear("BodyOfAGet", "GET " + of_.path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + all_hidden +
                                "\r\n" + of_.hidden);
        clear("BodyOfADelete", "DELETE " + of_.path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" +
                                   all_hidden + "\r\n" + of_.hidden);
        clear("AbsoluteTarget", "POST http://elsewhere.example" + of_.path +
                                    " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + of_.more + all_hidden +
                                    "\r\n" + of_.hidden);
        clear("Upgrade", start_ + "Connection: Upgrade\r\nUpgrade: h2c\r\n" + all_hidden + "\r\n" +
                             of_.hidden);
        clear("AsksForLeave",
              start_ + "Expect: 100-continue\r\n" + all_hidden + "\r\n" + of_.hidden, true);
        clear("SameLengthTwice", start_ + "Content-Length: " + size_ +
                                     "\r\nContent-Length: " + size_ + "\r\n\r\n" + of_.body);
    }

    const smuggled_pair& of_;
    std::string start_;
    std::string size_;
    std::vector<smuggling_shape> made_;
};

}  // namespace

std::vector<smuggling_shape> smuggling_shapes(const smuggled_pair& of)
{
    return maker{of}.all();
}

}  // namespace ecr::hostile
