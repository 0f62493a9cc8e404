#pragma once

namespace ecr::daemon {

/// True when standard error is the stream of systemd's journal, and not a file somebody redirected
/// it to. Source: systemd.exec(5), $JOURNAL_STREAM.
[[nodiscard]] bool stderr_is_journal();

}  // namespace ecr::daemon
