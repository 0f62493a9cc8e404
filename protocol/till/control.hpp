#pragma once

/// The control characters that the framed dialects share.
namespace ecr::protocol::till::control {

inline constexpr char stx = 0x02;
inline constexpr char etx = 0x03;
inline constexpr char ack = 0x06;
inline constexpr char nak = 0x15;

}  // namespace ecr::protocol::till::control
