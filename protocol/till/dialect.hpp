#pragma once

#include "protocol/till/command.hpp"
#include "protocol/till/reply.hpp"
#include "protocol/till/trace_cutter.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ecr::protocol::till {

/// Names one reply, so that a dialect can say later what became of it. Chosen by the caller.
using reply_id = std::uint64_t;

struct receipt_of_reply {
    reply_id id{};
    bool delivered = false;  // false: given up, or never sent
};

/// What a dialect wants done. The caller appends nothing; it carries everything out in this order.
struct dialect_output {
    std::string bytes;                     // write these to the link
    std::vector<command> commands;         // serve these
    std::vector<receipt_of_reply> receipts;
    bool hang_up = false;                  // after writing: this till cannot be talked to
    bool finished = false;  // after writing: the conversation is over in good order, close the link
};

/// The language of a family of tills: bytes in → commands, replies → bytes. Pure: knows no socket
/// and no clock. It may hold a conversation (ACK/NAK, repeats); the timer it needs is a value.
class dialect {
public:
    virtual ~dialect() = default;

    /// Bytes from the till, in pieces of any size.
    virtual void receive(std::string_view bytes, dialect_output& out) = 0;

    /// A reply for the till. May produce bytes now, or later when the till's side is ready.
    virtual void send(reply_id id, const reply& what, dialect_output& out) = 0;

    /// How long to wait for bytes before calling elapsed(); nullopt: for ever. Read again after
    /// every call. A change of value means: start anew.
    [[nodiscard]] virtual std::optional<std::chrono::milliseconds> timer() const = 0;
    virtual void elapsed(dialect_output& out) = 0;

    /// True when the till's side acknowledges replies, so that `receipts` says what arrived. False:
    /// the link has to judge; but a receipt that says "given up" is true for either: those bytes
    /// were never written.
    [[nodiscard]] virtual bool confirms_delivery() const = 0;

    /// For a trace of this conversation; nullptr: this language cannot be traced.
    [[nodiscard]] virtual std::unique_ptr<trace_cutter> make_cutter() const { return nullptr; }
};

}  // namespace ecr::protocol::till
