# Debian 12 to 64-bit Windows, with mingw-w64 and its POSIX threads. ECR_WINDOWS_DEPS is the folder
# that packaging/windows/deps.sh prints: as a cache variable, or in the environment.
set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_VERSION 10.0)
set(CMAKE_SYSTEM_PROCESSOR AMD64)
set(target x86_64-w64-mingw32)
set(CMAKE_C_COMPILER ${target}-gcc-posix)
set(CMAKE_CXX_COMPILER ${target}-g++-posix)
set(CMAKE_RC_COMPILER ${target}-windres)
set(CMAKE_MC_COMPILER ${target}-windmc)

# A toolchain file is read again inside every try_compile(): hand the setting on.
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES ECR_WINDOWS_DEPS)
if(NOT ECR_WINDOWS_DEPS)
    set(ECR_WINDOWS_DEPS "$ENV{ECR_WINDOWS_DEPS}" CACHE PATH "What deps.sh has built")
endif()
if(NOT EXISTS "${ECR_WINDOWS_DEPS}/done")
    message(FATAL_ERROR "Set ECR_WINDOWS_DEPS to what packaging/windows/deps.sh prints")
endif()

# Nothing of this machine's own libraries: their packages for CMake point at /usr/include.
set(CMAKE_FIND_ROOT_PATH "${ECR_WINDOWS_DEPS}" "/usr/${target}")
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(OPENSSL_USE_STATIC_LIBS ON)
set(Boost_NO_BOOST_CMAKE ON)
set(Boost_NO_WARN_NEW_VERSIONS ON)

# Coroutines make more sections than the old object format counts. One program file without a DLL
# of ours beside it, and the same bytes whenever it is linked.
set(CMAKE_CXX_FLAGS_INIT "-Wa,-mbig-obj")
set(CMAKE_EXE_LINKER_FLAGS_INIT "-static -Wl,--no-insert-timestamp")
# Windows 10 and later: UTF-8 as the code page of a program, the keep-alive settings of a socket.
add_compile_definitions(
    _WIN32_WINNT=0x0A00 WINVER=0x0A00 NTDDI_VERSION=0x0A000006 WIN32_LEAN_AND_MEAN NOMINMAX NOGDI
    _POSIX_C_SOURCE=200809L)

find_program(ECR_WINE wine NO_CMAKE_FIND_ROOT_PATH)
if(ECR_WINE)
    set(CMAKE_CROSSCOMPILING_EMULATOR "${ECR_WINE}")
endif()
