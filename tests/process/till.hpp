#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace ecr::process {

/// A till program at the other end of a link: plain lines, or frames where the test says so.
/// Every wait throws std::runtime_error when its time is over.
class till {
public:
    /// Over TCP to the loopback. `receive_buffer`: bytes, 0 is the system's.
    explicit till(std::uint16_t port, int receive_buffer = 0);
    /// At a virtual serial port.
    explicit till(const std::filesystem::path& port);
    /// At the master's end of a pseudo-terminal, which it takes over.
    static till at_descriptor(int descriptor);
    ~till();
    till(till&& other) noexcept;
    till& operator=(till&& other) noexcept;

    /// A line and its end.
    void say(std::string_view line);
    /// Bytes as they are. False: the bridge has closed.
    bool send(std::string_view bytes);
    /// No more will be said; it still listens.
    void finish();
    void leave();

    /// The next line; closed_word when the bridge has closed.
    std::string hear();
    /// The reply that ends a command; those before it are passed over.
    std::string end();
    /// The next reply of that kind; those before it are passed over.
    std::string next(std::string_view word);
    /// Says a line and hears the end of it.
    std::string ask(std::string_view line);
    /// `size` bytes as they come.
    std::string bytes(std::size_t size);
    /// One frame's text, which is acknowledged.
    std::string hear_frame();
    void say_frame(std::string_view text);

    /// Everything it was ever told, as one text.
    [[nodiscard]] const std::string& all() const { return all_; }

    static constexpr std::string_view closed_word = "(closed)";

private:
    explicit till(int descriptor, int) : descriptor_{descriptor} {}
    bool read_more();

    int descriptor_ = -1;
    std::string unread_;
    std::string all_;
};

/// The value of a key in a reply, as text has it: without quotes, yes and no; "" when it is not
/// there.
[[nodiscard]] std::string value_of(const std::string& reply, std::string_view key);

}  // namespace ecr::process
