#pragma once

#include "tests/support/till_wire.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ecr::test {

/// How such a till wraps what it says.
enum class qfpay_wrapping { http, tcp, serial };

struct qfpay_habits {
    qfpay_wrapping wraps = qfpay_wrapping::http;
    std::string key{"f46b1f08bec1f39104792cc79ec9aacd"};
    bool encrypts = true;
    bool aes128 = false;           // as the documents say; else as the client in the field does
    bool begins_anywhere = false;  // serial: it may be switched on in the middle of a frame
    std::string http_headers;      // further ones, each with its line end
    /// What it reads is first made UTF-8 by this.
    std::function<std::string(std::string)> decode = [](std::string text) { return text; };
};

/// What such a till was told.
struct qfpay_answer {
    std::string respcd;
    std::string respmsg;
    std::string data;        // JSON as text
    bool encrypted = false;  // as it came

    /// A name of `data`; "" when it is not there. Numbers as text.
    [[nodiscard]] std::string datum(const std::string& name) const;
};

/// A till made for the protocol of QFPay's terminal app. Source: dialects.md, section 1.
class qfpay_local_till {
public:
    /// The content of a request: names and values as they are written, texts in double quotes.
    using content = std::map<std::string, std::string>;

    qfpay_local_till(std::unique_ptr<till_wire> wire, qfpay_habits habits);

    void ask(const content& what);
    /// A payment of that many dollars.
    void pay(const std::string& amount, const std::string& out_trade_no,
             const std::string& channel = "wx");
    /// As ask(), with a digest of one's own.
    void ask_with_digest(const content& what, const std::string& digest);
    [[nodiscard]] std::string digest_of(const content& what) const;
    void send(std::string bytes) { wire_->send(std::move(bytes)); }
    /// What ask() sends. Serial: each has a number of its own.
    [[nodiscard]] std::string bytes_of(const content& what);

    [[nodiscard]] const std::vector<qfpay_answer>& answers() const { return answers_; }
    /// Serial: the types of the frames that were no results, in their order.
    [[nodiscard]] const std::vector<int>& frame_types() const { return frame_types_; }
    [[nodiscard]] const std::vector<int>& http_statuses() const { return http_statuses_; }
    /// HTTP: the heads of the answers, with their status lines.
    [[nodiscard]] const std::vector<std::string>& http_heads() const { return http_heads_; }
    [[nodiscard]] bool over() const { return wire_->over(); }
    [[nodiscard]] bool over_in_order() const { return wire_->over_in_order(); }
    /// Serial: of the next results so many are not acknowledged, as if the 20 had been lost.
    void lose_acks(int times) { acks_to_lose_ = times; }
    /// Serial: acknowledges each result so many times.
    void acknowledge_times(int times) { acks_each_ = times; }
    void hang_up() { wire_->hang_up(); }
    /// For a test: how much of what it was told has been looked at.
    std::size_t looked_at = 0;

private:
    void hear(std::string_view bytes);
    bool take_http();
    bool take_base64();
    bool take_frame();
    void read(std::string text);
    [[nodiscard]] std::string framed(std::string_view data);
    [[nodiscard]] std::string wrapped(const content& what, const std::string& digest);
    [[nodiscard]] std::string ciphered(std::string_view text, bool encrypt) const;

    std::unique_ptr<till_wire> wire_;
    qfpay_habits habits_;
    std::string unread_;
    std::string fragments_;
    int last_ref_ = 0;
    int last_heard_ref_ = 0;
    bool in_step_ = false;  // has seen the beginning of a frame
    std::vector<qfpay_answer> answers_;
    std::vector<int> frame_types_;
    std::vector<int> http_statuses_;
    std::vector<std::string> http_heads_;
    int acks_to_lose_ = 0;
    int acks_each_ = 1;
};

}  // namespace ecr::test
