#pragma once

#include "daemon/certify/certify_case.hpp"
#include "daemon/rehearsal/certify_stage.hpp"

#include <memory>
#include <string>

namespace ecr::cli {

/// Who works the till in a trial.
class till_actor {
public:
    virtual ~till_actor() = default;

    /// Goes through one trial while time passes on the stage, and says what the till shows then.
    /// Nothing: nobody is there any more.
    [[nodiscard]] virtual std::optional<daemon::certify::shown> play(daemon::certify::stage& on,
                                                                     daemon::certify::trial which,
                                                                     const std::string& number) = 0;
    /// For the summary that follows.
    virtual void told(const daemon::certify::judgement& judged) = 0;
};

/// Somebody who reads what is to be done, does it, and types what the till shows.
[[nodiscard]] std::unique_ptr<till_actor> make_person();

/// A till that is a program: run by the shell for each trial. It finds in its environment ECR_CASE,
/// ECR_BRIDGE (HOST:PORT), ECR_ORDER and ECR_AMOUNT, for a refund ECR_OF. Its exit status is what
/// it shows: 0 paid (or refunded), 1 not paid, anything else: not known.
[[nodiscard]] std::unique_ptr<till_actor> make_program(std::string command);

}  // namespace ecr::cli
