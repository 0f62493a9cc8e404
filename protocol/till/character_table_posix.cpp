// glibc's tables, through iconv.
#include "protocol/till/character_table.hpp"

#include <array>
#include <iconv.h>
#include <utility>

namespace ecr::protocol::till {
namespace {

const char* iconv_name(text_encoding which) noexcept
{
    switch (which) {
        case text_encoding::ascii: return "ASCII";
        case text_encoding::utf8: return "UTF-8";
        case text_encoding::gbk: return "GBK";
        case text_encoding::gb18030: return "GB18030";
        case text_encoding::big5: return "BIG5-HKSCS";
    }
    return "";
}

class converter {
public:
    converter(const char* to, const char* from) : handle_{::iconv_open(to, from)} {}
    ~converter()
    {
        if (is_open()) ::iconv_close(handle_);
    }
    converter(const converter&) = delete;
    converter& operator=(const converter&) = delete;

    [[nodiscard]] bool is_open() const noexcept
    {
        // As POSIX says it. NOLINTNEXTLINE(performance-no-int-to-ptr)
        return handle_ != reinterpret_cast<iconv_t>(-1);
    }

    /// Empty: not one whole character, or the other side has none for it.
    std::string operator()(std::string_view character)
    {
        constexpr auto failed = static_cast<std::size_t>(-1);
        if (!is_open()) return {};
        std::array<char, 32> in{};
        std::array<char, 32> out{};
        auto in_left = character.copy(in.data(), in.size());
        auto* from = in.data();
        auto* into = out.data();
        auto room = out.size();
        const bool done = ::iconv(handle_, &from, &in_left, &into, &room) != failed &&
                          // Some characters of Big5 are held back: a second one may join them.
                          ::iconv(handle_, nullptr, nullptr, &into, &room) != failed;
        (void)::iconv(handle_, nullptr, nullptr, nullptr, nullptr);
        if (!done || in_left != 0) return {};
        return {out.data(), out.size() - room};
    }

private:
    iconv_t handle_;
};

}  // namespace

struct character_table::converters {
    explicit converters(const char* name) : decode{"UTF-8", name}, encode{name, "UTF-8"} {}
    converter decode;
    converter encode;
};

character_table::character_table(text_encoding which)
    : converters_{std::make_unique<converters>(iconv_name(which))}
{}

character_table::~character_table() = default;

character_table& character_table::of(text_encoding which)
{
    static thread_local character_table gbk{text_encoding::gbk};
    static thread_local character_table gb18030{text_encoding::gb18030};
    static thread_local character_table big5{text_encoding::big5};
    static thread_local character_table ascii{text_encoding::ascii};
    switch (which) {
        case text_encoding::gbk: return gbk;
        case text_encoding::gb18030: return gb18030;
        case text_encoding::big5: return big5;
        case text_encoding::utf8:
        case text_encoding::ascii: break;
    }
    return ascii;
}

bool character_table::is_usable() const noexcept
{
    return converters_->decode.is_open() && converters_->encode.is_open();
}

std::string character_table::decoded(std::string_view character)
{
    return converters_->decode(character);
}

std::string character_table::encoded(std::string_view character)
{
    return converters_->encode(character);
}

}  // namespace ecr::protocol::till
