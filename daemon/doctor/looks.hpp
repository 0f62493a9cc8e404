#pragma once

#include "daemon/cloud/merchants.hpp"
#include "daemon/config.hpp"
#include "daemon/doctor/doctor.hpp"

#include <optional>

/// The parts of an examination. Each adds what it has found.
namespace ecr::daemon::doctor {

using findings = std::vector<finding>;

/// The bridge that has this journal.
struct running_bridge {
    std::optional<long> pid;  // nothing: none runs, as far as can be seen
};
[[nodiscard]] running_bridge bridge_of(const std::filesystem::path& journal,
                                       const std::filesystem::path& proc);

/// Nothing: the configuration cannot be used, and it has been said why.
[[nodiscard]] std::optional<config> look_at_config(const std::filesystem::path& file, findings& to);

/// The secrets of [cloud] and every [[merchant]], as far as they can be seen from here: an empty
/// client key is one that could not be read.
[[nodiscard]] std::vector<merchant_secrets> look_at_secrets(const config& settings,
                                                            const std::filesystem::path& file,
                                                            findings& to);

void look_at_links(const config& settings, const running_bridge& bridge, const surroundings& around,
                   findings& to);
void look_at_certificates(const config& settings, const clock& time, const surroundings& around,
                          findings& to);
void look_at_disk(const config& settings, const surroundings& around, findings& to);
void look_at_journal(const std::filesystem::path& journal, findings& to);
void look_at_log(const log_config& settings, const running_bridge& bridge, findings& to);
void look_at_service(const config& settings, const running_bridge& bridge,
                     const surroundings& around, findings& to);
void look_at_time_service(const surroundings& around, findings& to);

/// Of every account: its name, the way to it, its certificate and clock, whether it takes our
/// signature, and each of its terminals.
void look_at_cloud(const config& settings, const std::vector<merchant_secrets>& secrets,
                   clock& time, const surroundings& around, findings& to);

/// What the answer to an enquiry about nobody's order proves of an account and its terminal. `who`
/// is the account's name for people.
[[nodiscard]] findings judge_answer(const std::string& who, const std::string& terminal,
                                    const protocol::cloud_reply& reply);

/// What it proves that the cloud's clock is so far ahead of ours.
[[nodiscard]] finding judge_clock_offset(milliseconds ahead);

/// statfs(2) f_type. Nothing: a disk.
[[nodiscard]] std::optional<finding> judge_file_system(const std::string& file, long type);

/// "2027-03-31".
[[nodiscard]] std::string day_of(timestamp when);

}  // namespace ecr::daemon::doctor
