// The dialects whose scripts the mutation tests play, too.
#include "protocol/till/hypercom/hypercom_dialect.hpp"
#include "tests/fuzz/script.hpp"
#include "tests/protocol/till/hypercom/random_till.hpp"
#include "tests/protocol/till/qfpay_local/byte_script.hpp"

namespace ecr::fuzz {
namespace {

using protocol::till::command;
using protocol::till::dialect;
using protocol::till::dialect_output;

/// What a till hears and what is asked for it, when it sends `stream` in one piece or in many and
/// nobody answers.
dialect_output heard(dialect& bridge, std::string_view stream, bool whole)
{
    dialect_output out;
    if (whole)
        bridge.receive(stream, out);
    else
        in_pieces(stream, static_cast<std::uint32_t>(stream.size()),
                  [&](std::string_view piece) { bridge.receive(piece, out); });
    return out;
}

/// `errors_too`: what is answered without a command is the same as well. Not so for HTTP, whose
/// parser may see at once, or only with the end of a header, that it is none.
template <class Make>
std::string cut_anywhere(Make make, std::string_view stream, bool errors_too)
{
    const auto whole = heard(*make(), stream, true);
    const auto pieces = heard(*make(), stream, false);
    if (whole.commands != pieces.commands) return "other commands when the bytes are cut";
    if (!errors_too) return {};
    if (whole.bytes != pieces.bytes) return "other bytes when the bytes are cut";
    if (whole.hang_up != pieces.hang_up) return "another end when the bytes are cut";
    return {};
}

std::string qfpay(bytes input, protocol::till::qfpay_local::wrapping wraps)
{
    using namespace protocol::till::qfpay_local;
    if (input.empty()) return {};
    byte_script played{input, wraps};
    auto fault = played.played();
    if (!fault.empty()) return fault;
    const std::string_view stream{reinterpret_cast<const char*>(input.data()) + 1,
                                  input.size() - 1};
    return cut_anywhere([&] { return make_qfpay_local_dialect(played.how()); }, stream,
                        wraps != wrapping::http);
}

}  // namespace

std::string hypercom(bytes input)
{
    using namespace protocol::till::hypercom;
    constexpr std::size_t seed_size = 4;
    if (input.size() < seed_size) return {};
    script in{input};
    std::uint32_t seed = 0;
    for (std::size_t i = 0; i < seed_size; ++i)
        seed = seed << 8U | in.number();
    const auto stream = in.rest();
    auto fault = play(stream, seed);
    if (!fault.empty()) return fault;
    return cut_anywhere([] { return make_hypercom_dialect({}); }, stream, true);
}

std::string qfpay_http(bytes input)
{
    return qfpay(input, protocol::till::qfpay_local::wrapping::http);
}

std::string qfpay_tcp(bytes input)
{
    return qfpay(input, protocol::till::qfpay_local::wrapping::tcp);
}

std::string qfpay_serial(bytes input)
{
    return qfpay(input, protocol::till::qfpay_local::wrapping::serial);
}

}  // namespace ecr::fuzz
