#pragma once

#include "protocol/till/qfpay_local/frame.hpp"

#include <cstdint>
#include <string>

namespace ecr::protocol::till::qfpay_local {

/// Puts a message that came in several frames together again.
class fragments {
public:
    enum class result_kind : std::uint8_t {
        whole,       // `data` is a message
        incomplete,  // more has to follow; not answered
        refused,     // 35: late, or more than was announced
    };

    struct result {
        result_kind what{};
        std::string data;
    };

    [[nodiscard]] result take(frame_event&& frame);

    /// Nothing followed in time: what there is is dropped, and what follows yet is late.
    void give_up() noexcept;
    /// So long after, the same ref begins another message.
    void forget_late() noexcept { late_ = 0; }

    [[nodiscard]] bool collecting() const noexcept { return ref_ != 0; }
    [[nodiscard]] bool expects_late() const noexcept { return late_ != 0; }

private:
    std::uint8_t ref_ = 0;  // 0: none
    std::size_t data_size_ = 0;
    std::string data_;
    std::uint8_t late_ = 0;  // the ref that was given up
};

}  // namespace ecr::protocol::till::qfpay_local
