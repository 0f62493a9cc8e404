#pragma once

#include "protocol/till/text_encoding.hpp"

#include <memory>

namespace ecr::protocol::till {

/// Which bytes are which character. All that is known of the system's converter is behind it.
class character_table {
public:
    /// That of the calling thread. Made once: a converter is far larger than a till's session.
    [[nodiscard]] static character_table& of(text_encoding which);

    character_table(const character_table&) = delete;
    character_table& operator=(const character_table&) = delete;

    [[nodiscard]] bool is_usable() const noexcept;
    /// The bytes of one character that is not ASCII, as UTF-8; empty: no such character.
    [[nodiscard]] std::string decoded(std::string_view character);
    /// One character of UTF-8 in this encoding; empty: it has none.
    [[nodiscard]] std::string encoded(std::string_view character);

private:
    explicit character_table(text_encoding which);
    ~character_table();

    struct converters;
    std::unique_ptr<converters> converters_;
};

}  // namespace ecr::protocol::till
