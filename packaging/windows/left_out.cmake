# What of the tests does not run on Windows, by name; README.md beside this has the reasons. Files
# that end in _posix_test.cpp or _posix.cpp are not compiled either.

# Files of tests: regular expressions.
set(ECR_FILES_LEFT_OUT_ON_WINDOWS
    # They start our programs with posix_spawn or fork and read from pipes.
    simulator/test/program_test
    daemon/replay_test
    daemon/sample_till_test
    # doctor and certify look at a POSIX machine.
    daemon/certify_test
    daemon/doctor_.*
    # systemd: sockets with names, and what is said over them.
    daemon/service/.*
    daemon/logging_test
    # Pseudo-terminals.
    daemon/pseudo_terminal_test
    daemon/serial_port_test
)

# Single tests, as GTEST_FILTER has them.
set(ECR_LEFT_OUT_ON_WINDOWS
    # Tills on pseudo-terminals.
    RoughQfpaySerialTest.* SilentPortTest.ASilentTillIsSeenOnceAndWhenItIsBack
    */pty */*_pty_* */*_pty */pty_*
    # The answer to a request that is hung up on half read: Windows drops what it has not delivered.
    RequestCheckTest.TooLargeABodyIsRefused
    # A reset, which wine tells as an end now and then.
    */FaultTest.HitsThePushAndNothingElse/ResetAfterDoing
    # A lookup of a name that is made to fail.
    *UnreachableCloudTest.ANameThatIsNotFoundIsNotSent/*
    # A full disk: a device of Linux, or a limit of resources.
    */CliFullDiskTest.*
    StoreThreadTest.AFailedCommitReachesEveryWaiter
    StoreThreadTest.WhereItIsQuickerAFailedCommitIsToldAndReported
    TraceTest.AFullDiskEndsTheTraceAndNothingElse
    # Ports as Linux names them.
    SetupTalkTest.AMachineWithoutPortsSaysSo
    SetupLinkTrialTest.TheVirtualPortOfARunningBridgeStays
    SetupLinkTrialTest.AVirtualPortLeavesNothingBehind
    SetupLinkTrialTest.AFolderThatTheServiceMakesMayCome
    */SetupRefusalTest.IsExplainedAndAskedAgain/ComPort
    SetupLinkTrialTest.ASerialPortIsOpened
    SerialPortsTest.*
    # Symbolic links, which libstdc++ does not make on Windows.
    SafeFileTest.ASymbolicLinkStaysOne
    # A pattern that GoogleTest's own matcher, which it has on Windows, does not know.
    RecordCliTest.TheWayToTheCloudIsATableBesideTheTerminals
    # Modes of files.
    PosKeyTest.AFileThatOthersMayReadIsRefused
)
