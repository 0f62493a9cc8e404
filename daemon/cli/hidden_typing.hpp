#pragma once

namespace ecr::cli {

/// What is typed at a terminal while it lives is not shown; also not afterwards to somebody who
/// types on. Whoever gives up gets a terminal back that shows what is typed.
class hidden_typing {
public:
    hidden_typing();
    ~hidden_typing();
    hidden_typing(const hidden_typing&) = delete;
    hidden_typing& operator=(const hidden_typing&) = delete;

private:
    bool hides_ = false;
};

}  // namespace ecr::cli
