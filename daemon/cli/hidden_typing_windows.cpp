#include "daemon/cli/hidden_typing.hpp"

#include <windows.h>

#include <cstdio>

namespace ecr::cli {
namespace {

DWORD shown_mode = 0;

BOOL WINAPI show_again(DWORD)
{
    ::SetConsoleMode(::GetStdHandle(STD_INPUT_HANDLE), shown_mode);
    return FALSE;  // and the end goes on
}

}  // namespace

// Only a console has a mode.
hidden_typing::hidden_typing()
    : hides_{::GetConsoleMode(::GetStdHandle(STD_INPUT_HANDLE), &shown_mode) != 0}
{
    if (!hides_) return;
    ::SetConsoleCtrlHandler(show_again, TRUE);
    ::SetConsoleMode(::GetStdHandle(STD_INPUT_HANDLE),
                     shown_mode & ~static_cast<DWORD>(ENABLE_ECHO_INPUT));
}

hidden_typing::~hidden_typing()
{
    if (!hides_) return;
    ::SetConsoleMode(::GetStdHandle(STD_INPUT_HANDLE), shown_mode);
    ::SetConsoleCtrlHandler(show_again, FALSE);
    std::fputc('\n', stdout);  // the key Enter was not shown either
}

}  // namespace ecr::cli
