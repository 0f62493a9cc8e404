#include "daemon/cli/exit_code.hpp"

namespace ecr::cli {

exit_code exit_code_of(std::string_view result_code, bool safe_to_retry) noexcept
{
    if (result_code == "00") return exit_code::done;
    // Tens are classes: 1x ended without payment, 3x refused, 5x the bridge itself is in trouble.
    if (result_code.starts_with('1')) return exit_code::not_paid;
    // A human has ended it. That it was paid is not to be read from a code: the text says so.
    if (result_code == "23" && safe_to_retry) return exit_code::not_paid;
    if (result_code.starts_with('3')) return exit_code::refused;
    if (result_code.starts_with('5') && safe_to_retry) return exit_code::refused;
    return exit_code::in_doubt;
}

}  // namespace ecr::cli
