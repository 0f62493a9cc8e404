# What of the tests does not run on Windows, by name; README.md beside this has the reasons. Files
# that end in _posix_test.cpp or _posix.cpp are not compiled either.

# Files of tests: regular expressions.
set(ECR_FILES_LEFT_OUT_ON_WINDOWS
    # They start our programs with posix_spawn or fork and read from pipes.
    simulator/test/program_test
    daemon/cli_.*
    daemon/record_cli_test
    daemon/certify_test
    daemon/doctor_.*
    daemon/replay_test
    daemon/scripted_bridge
    # systemd: sockets with names, and what is said over them.
    daemon/service/.*
    daemon/logging_test
    # Modes of files, descriptors, limits of resources, as POSIX has them.
    daemon/safe_file_test
    daemon/secret_test
    daemon/store_thread_test
    daemon/trace_test
    # Pseudo-terminals.
    daemon/pseudo_terminal_test
    daemon/serial_port_test
    daemon/link_behaviour_test
    daemon/link_encoding_test
)

# Single tests, as GTEST_FILTER has them.
set(ECR_LEFT_OUT_ON_WINDOWS
)
