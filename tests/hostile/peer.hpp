#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace ecr::hostile {

/// The other end of a TCP connection to the bridge: says bytes as they are, in the pieces it likes,
/// and ends as it likes. Every wait throws std::runtime_error when its time is over.
class peer {
public:
    /// `from`: its own address, one of 127.0.0.0/8. `receive_buffer`: bytes, 0 is the system's.
    explicit peer(std::uint16_t port, const std::string& from = "127.0.0.1",
                  int receive_buffer = 0);
    ~peer();
    peer(peer&& other) noexcept;
    peer& operator=(peer&& other) noexcept;

    /// False: the bridge has closed.
    bool say(std::string_view bytes);
    /// Each byte in a segment of its own.
    bool say_bytewise(std::string_view bytes);
    /// No more will be said; it still listens.
    void finish();
    /// Ends at once, with a reset.
    void reset();

    /// Waits for this text. False: the bridge has closed, and it never came.
    bool hears(std::string_view text);
    /// Everything up to the end of the connection.
    std::string rest();
    /// What has come within that time. Without the end of the connection it waits for all of it.
    std::string within(std::chrono::milliseconds time);
    /// Everything that was ever heard.
    [[nodiscard]] const std::string& heard() const { return heard_; }
    /// How often this text was heard.
    [[nodiscard]] int times(std::string_view text) const;
    [[nodiscard]] bool closed() const { return closed_; }

private:
    bool read_more(std::chrono::milliseconds patience);

    int socket_ = -1;
    std::string heard_;
    bool closed_ = false;
};

}  // namespace ecr::hostile
