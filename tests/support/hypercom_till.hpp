#pragma once

#include "tests/support/till_wire.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ecr::test {

/// What such a till was told.
struct hypercom_response {
    std::string code;    // of the transaction
    std::string status;  // "00", "ND", "TO", …
    std::map<std::string, std::string> fields;

    [[nodiscard]] std::string field(const std::string& type) const
    {
        const auto found = fields.find(type);
        return found == fields.end() ? std::string{} : found->second;
    }
};

/// A till made for terminals of the Hypercom family. Source: dialects.md, section 2.
class hypercom_till {
public:
    using fields = std::vector<std::pair<std::string, std::string>>;

    explicit hypercom_till(std::unique_ptr<till_wire> wire, bool acknowledges = true);

    void ask(const std::string& code, const fields& with = {});
    /// A sale of so many minor units.
    void sell(int amount, const fields& more = {});
    void send(std::string bytes) { wire_->send(std::move(bytes)); }
    /// What ask() sends.
    [[nodiscard]] static std::string frame_of(const std::string& code, const fields& with);

    [[nodiscard]] const std::vector<hypercom_response>& responses() const { return responses_; }
    [[nodiscard]] int acks() const { return acks_; }
    [[nodiscard]] int naks() const { return naks_; }
    [[nodiscard]] int broken() const { return broken_; }
    [[nodiscard]] bool over() const { return wire_->over(); }
    [[nodiscard]] bool over_in_order() const { return wire_->over_in_order(); }
    /// Of the next responses so many are not acknowledged, as if the ACK had been lost.
    void lose_acks(int times) { acks_to_lose_ = times; }
    /// Says so many ACKs for each response.
    void acknowledge_times(int times) { acks_each_ = times; }
    void hang_up() { wire_->hang_up(); }
    /// What came of a frame is forgotten, as after a silence in it.
    void give_up_frame() { unread_.clear(); }
    /// For a test: how much of what it was told has been looked at.
    std::size_t looked_at = 0;

private:
    void hear(std::string_view bytes);
    /// False: more bytes are needed.
    bool take_one();
    void take_frame(std::string message, bool sound);

    std::unique_ptr<till_wire> wire_;
    bool acknowledges_;
    int acks_to_lose_ = 0;
    int acks_each_ = 1;
    std::string unread_;
    std::vector<hypercom_response> responses_;
    int acks_ = 0;
    int naks_ = 0;
    int broken_ = 0;  // frames from the bridge that were not sound, and bytes between frames
};

}  // namespace ecr::test
