#include "protocol/till/qfpay_local/fragments.hpp"

#include <utility>

namespace ecr::protocol::till::qfpay_local {

fragments::result fragments::take(frame_event&& frame)
{
    using enum result_kind;
    if (frame.piece.size() == frame.data_size) {  // the till is on to something else
        *this = {};
        return {whole, std::move(frame.piece)};
    }
    if (frame.ref == late_) return {refused, {}};
    late_ = 0;
    const bool continues = frame.ref == ref_ && frame.data_size == data_size_;
    if (!continues) {
        ref_ = frame.ref;
        data_size_ = frame.data_size;
        data_.clear();
    }
    data_ += frame.piece;
    if (data_.size() < data_size_) return {incomplete, {}};
    const bool fits = data_.size() == data_size_;
    auto data = std::move(data_);
    *this = {};
    if (!fits) return {refused, {}};
    return {whole, std::move(data)};
}

void fragments::give_up() noexcept
{
    late_ = std::exchange(ref_, std::uint8_t{0});
    std::string{}.swap(data_);
}

}  // namespace ecr::protocol::till::qfpay_local
