#include "protocol/errc.hpp"

#include <string>

namespace ecr {
namespace {

class category final : public boost::system::error_category {
public:
    const char* name() const noexcept override { return "ecr"; }

    std::string message(int value) const override
    {
        switch (static_cast<errc>(value)) {  // no default: -Wswitch names the case we forget
            case errc::bad_amount: return "amount is not a whole positive number of minor units";
            case errc::amount_too_large: return "amount exceeds the limit";
            case errc::bad_parameter: return "parameter outside the limits of the API";
            case errc::bad_json: return "not the expected JSON";
            case errc::bad_form: return "not a form body";
            case errc::illegal_transition: return "event not allowed in this order state";
            case errc::stale_state: return "order changed under the caller";
            case errc::duplicate_order: return "order number already in the journal";
            case errc::unknown_order: return "no such order in the journal";
            case errc::journal_in_use: return "another process uses this journal";
            case errc::journal_too_new: return "journal was written by a later version";
            case errc::not_sent: return "nothing was sent";
            case errc::no_answer: return "sent, and no usable answer came back";
            case errc::timed_out: return "deadline passed";
            case errc::busy: return "busy";
            case errc::stopping: return "the bridge is stopping";
            case errc::bad_configuration: return "the configuration is wrong";
            case errc::unknown_merchant:
                return "an order is open for a merchant that the configuration does not have";
        }
        return "unknown ecr error " + std::to_string(value);
    }
};

}  // namespace

const boost::system::error_category& bridge_category() noexcept
{
    static const category instance;
    return instance;
}

}  // namespace ecr
