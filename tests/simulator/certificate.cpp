#include "tests/simulator/certificate.hpp"

namespace ecr::simulator {

daemon::server_certificate make_certificate()
{
    constexpr long day_s = 24L * 3600;
    return daemon::make_server_certificate("qfpay-sim throw-away authority",
                                           {"localhost", "127.0.0.1", "::1"},
                                           {.from_s = -day_s, .to_s = 365 * day_s});
}

}  // namespace ecr::simulator
