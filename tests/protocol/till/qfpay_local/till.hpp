#pragma once

#include "protocol/till/qfpay_local/cipher.hpp"
#include "protocol/till/qfpay_local/digest.hpp"
#include "protocol/till/qfpay_local/frame.hpp"
#include "protocol/till/qfpay_local/qfpay_local_dialect.hpp"
#include "protocol/till/verdict.hpp"

#include <nlohmann/json_fwd.hpp>

#include <algorithm>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The till's end of the link, for tests.
namespace ecr::protocol::till::qfpay_local {

inline const std::string key{published_pos_key};

/// "{content:{…}, digest:'…'}" around pairs in the field form, such as "func_type=5001".
inline std::string field_form(const std::string& pairs)
{
    const auto content = "{" + pairs + "}";
    const auto parsed = parse_object(content);
    if (!parsed) throw std::invalid_argument{pairs};
    return "{content:" + content + ", digest:'" + digest_of(*parsed, key) + "'}";
}

/// The same, encrypted.
inline std::string request(const std::string& pairs, cipher by = cipher::aes256)
{
    return encrypted(field_form(pairs), by, key);
}

inline const std::string payment_pairs =
    "amt=12.34,channel='wx',func_type=1001,out_trade_no='0f9--7--3'";

inline order paid_order()
{
    order o;
    o.out_trade_no = o.till_order = "0f9--7--3";
    o.terminal = "235C0503";
    o.via = channel::wx;
    o.amount_minor_units = 1234;
    o.state = order_state::paid;
    o.facts = {.syssn = "20240704180500020000018000",
               .respcd = "0000",
               .sysdtm = "2024-07-04 15:10:35",
               .busicd = "800201",
               .chnlsn = "4200001234",
               .card = {},
               .card_scheme = {}};
    o.created_at = o.updated_at = parse_cloud_time("2024-07-04 15:10:30").value();
    o.sent_at = o.final_at = o.created_at;
    return o;
}

inline order order_in(order_state state)
{
    auto o = paid_order();
    o.state = state;
    if (state != order_state::paid) o.facts.respcd.clear();
    return o;
}

inline outcome outcome_in(order_state state, std::string tag)
{
    return outcome_of(order_in(state), std::move(tag), false);
}

struct till_end {
    explicit till_end(const settings& how) : bridge{make_qfpay_local_dialect(how)} {}

    /// Sends `bytes` in pieces of that size.
    void says(std::string_view bytes, std::size_t piece = std::string_view::npos)
    {
        for (std::size_t at = 0; at < bytes.size(); at += std::min(piece, bytes.size() - at))
            bridge->receive(bytes.substr(at, piece), out);
    }

    void is_told(const reply& what) { bridge->send(++last_id, what, out); }

    /// What has come since the last call.
    std::string hears() { return std::exchange(out.bytes, {}); }
    std::vector<command> asks() { return std::exchange(out.commands, {}); }
    std::vector<receipt_of_reply> receipts() { return std::exchange(out.receipts, {}); }

    std::unique_ptr<dialect> bridge;
    dialect_output out;
    reply_id last_id = 0;
};

/// An answer as JSON, whatever it is sealed in.
nlohmann::json opened_answer(std::string_view text, std::optional<cipher> by);

struct http_answer {
    std::string status;
    std::string head;
    std::string body;
};

/// The answers in `bytes`, cut by their Content-Length.
inline std::vector<http_answer> http_answers(std::string bytes)
{
    std::vector<http_answer> all;
    while (!bytes.empty()) {
        const auto end = bytes.find("\r\n\r\n");
        if (end == bytes.npos) throw std::invalid_argument{bytes};
        http_answer one{.status = bytes.substr(9, bytes.find("\r\n") - 9),
                        .head = bytes.substr(0, end + 2),
                        .body = {}};
        bytes.erase(0, end + 4);
        const std::string name = "\r\nContent-Length: ";
        if (const auto at = one.head.find(name); at != one.head.npos) {
            const auto size = std::stoul(one.head.substr(at + name.size()));
            one.body = bytes.substr(0, size);
            bytes.erase(0, size);
        }
        all.push_back(std::move(one));
    }
    return all;
}

inline std::string post(std::string_view path, std::string_view body, std::string_view more = "")
{
    std::string text = "POST ";
    text.append(path).append(" HTTP/1.1\r\nHost: till\r\nContent-Type: application/json\r\n");
    text.append(more).append("Content-Length: ").append(std::to_string(body.size()));
    return text.append("\r\n\r\n").append(body);
}

/// The frames in `bytes`.
inline std::vector<frame_event> frames_in(std::string_view bytes)
{
    frame_reader reader;
    reader.feed(bytes);
    std::vector<frame_event> all;
    while (auto frame = reader.next())
        all.push_back(std::move(*frame));
    return all;
}

}  // namespace ecr::protocol::till::qfpay_local
