#include "protocol/till/line/line_dialect.hpp"

#include "protocol/till/line/framed_dialect.hpp"
#include "protocol/till/line/plain_dialect.hpp"

namespace ecr::protocol::till::line {

std::unique_ptr<dialect> make_line_dialect(const settings& how)
{
    switch (how.frames) {
        case framing::plain: return std::make_unique<plain_dialect>(how);
        case framing::stx: return std::make_unique<framed_dialect>(how);
    }
    return nullptr;
}

}  // namespace ecr::protocol::till::line
