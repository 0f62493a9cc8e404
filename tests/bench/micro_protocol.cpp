// What reading, signing and deciding cost by themselves.
#include "protocol/cloud/ecr_api.hpp"
#include "protocol/cloud/form.hpp"
#include "protocol/cloud/signature.hpp"
#include "protocol/cloud/trade_api.hpp"
#include "protocol/order/evidence.hpp"
#include "protocol/till/registry.hpp"
#include "tests/protocol/till/qfpay_local/till.hpp"

#include <benchmark/benchmark.h>
#include <fstream>
#include <stdexcept>

namespace ecr::bench {
namespace {

using protocol::till::dialect_kind;
using protocol::till::dialect_output;

const std::string client_key = "C37A0BB2F8DB4BFB8A6BA7F0D1B6D5E5";

std::string sample(const std::string& name)
{
    std::ifstream in{std::string{ECR_SOURCE_DIR} + "/tests/data/" + name, std::ios::binary};
    if (!in) throw std::runtime_error{"no sample " + name};
    return {std::istreambuf_iterator<char>{in}, {}};
}

std::string from_hex(std::string_view hex)
{
    std::string bytes;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
        bytes += static_cast<char>(std::stoi(std::string{hex.substr(i, 2)}, nullptr, 16));
    return bytes;
}

// --- Decoders: from a till's bytes to its command. ----------------------------------------------

void decode(benchmark::State& state, dialect_kind kind, const protocol::till::dialect_settings& how,
            const std::string& bytes)
{
    for (auto _ : state) {
        const auto language = protocol::till::make_dialect(kind, how);
        dialect_output out;
        language->receive(bytes, out);
        if (out.commands.size() != 1) state.SkipWithError("not understood");
        benchmark::DoNotOptimize(out);
    }
}

void decode_line(benchmark::State& state)
{
    decode(state, dialect_kind::line, {},
           "pay order=A1001 amount=110 channel=wx terminal=235C0503 till=T1\n");
}
BENCHMARK(decode_line);

void decode_json_line(benchmark::State& state)
{
    decode(state, dialect_kind::line, {},
           R"({"verb":"pay","order":"A1001","amount":110,"channel":"wx","till":"T1"})"
           "\n");
}
BENCHMARK(decode_json_line);

void decode_hypercom(benchmark::State& state)
{
    decode(state, dialect_kind::hypercom, {},
           from_hex("0200353630303030303030303031303230303030"
                    "1C343000123030303030303030313030301C0314"));
}
BENCHMARK(decode_hypercom);

void decode_qfpay_local(benchmark::State& state)
{
    using namespace protocol::till::qfpay_local;
    protocol::till::dialect_settings how;
    how.qfpay_local.wraps = wrapping::tcp;
    decode(state, dialect_kind::qfpay_local, how, request(payment_pairs));
}
BENCHMARK(decode_qfpay_local);

// --- The cloud: requests and answers. ------------------------------------------------------------

protocol::cloud::form push_form()
{
    protocol::cloud::payment_request push{.out_trade_no = "A1001",
                                          .termid = "235C0503",
                                          .via = protocol::channel::wx,
                                          .scan = protocol::scan_type::scan_pay,
                                          .amount = money::of(110).value()};
    return protocol::cloud::to_form(push).value();
}

void form_of_a_push(benchmark::State& state)
{
    for (auto _ : state) {
        const auto form = push_form();
        benchmark::DoNotOptimize(protocol::cloud::encode_form(form));
    }
}
BENCHMARK(form_of_a_push);

void signature_of_a_push(benchmark::State& state)
{
    const auto form = push_form();
    const auto by = state.range(0) == 0 ? protocol::cloud::sign_algorithm::md5
                                        : protocol::cloud::sign_algorithm::sha256;
    for (auto _ : state)
        benchmark::DoNotOptimize(protocol::cloud::request_signature(form, client_key, by));
}
BENCHMARK(signature_of_a_push)->Arg(0)->Arg(1);

void read_push_answer(benchmark::State& state)
{
    const auto body = sample("seed_ecr_samples/payment_success.json");
    for (auto _ : state)
        benchmark::DoNotOptimize(protocol::cloud::read_acknowledgement(body));
}
BENCHMARK(read_push_answer);

void read_enquiry_answer(benchmark::State& state)
{
    const auto body = sample("seed_ecr_samples/query_card.json");
    for (auto _ : state)
        benchmark::DoNotOptimize(protocol::cloud::read_enquiry(body));
}
BENCHMARK(read_enquiry_answer);

void judge_an_enquiry(benchmark::State& state)
{
    protocol::order of;
    of.out_trade_no = "A1001";
    of.state = protocol::order_state::on_terminal;
    of.amount_minor_units = 110;
    of.currency = "344";
    const protocol::cloud_reply reply{.how = protocol::transport::answered,
                                      .http_status = 200,
                                      .body = sample("seed_ecr_samples/query_card.json")};
    for (auto _ : state)
        benchmark::DoNotOptimize(protocol::judge_enquiry(of, reply, {}));
}
BENCHMARK(judge_an_enquiry);

// --- The table of states. ------------------------------------------------------------------------

void decide_every_step(benchmark::State& state)
{
    using protocol::order_event;
    using protocol::order_state;
    for (auto _ : state)
        for (std::size_t from = 1; from <= protocol::order_state_count; ++from)
            for (std::size_t on = 1; on < protocol::order_event_count; ++on)
                benchmark::DoNotOptimize(
                    protocol::decide(static_cast<order_state>(from), static_cast<order_event>(on)));
}
BENCHMARK(decide_every_step);

}  // namespace
}  // namespace ecr::bench

BENCHMARK_MAIN();
