#include "protocol/till/line/plain_dialect.hpp"

namespace ecr::protocol::till::line {

void plain_dialect::receive(std::string_view bytes, dialect_output& out)
{
    while (!closed_) {
        const auto event = lines_.next(bytes);
        if (!event) return;
        handle(*event, out);
        if (translator_.too_many_bad()) closed_ = true;
        if (closed_) out.hang_up = true;
    }
}

void plain_dialect::handle(const line_event& event, dialect_output& out)
{
    switch (event.what) {
        case line_event::kind::line: {
            carriage_return_ = event.carriage_return;
            auto heard = translator_.read(event.text);
            if (auto* wrong = std::get_if<std::string>(&heard)) put(*wrong, out);
            if (auto* asked = std::get_if<command>(&heard))
                out.commands.push_back(std::move(*asked));
            return;
        }
        case line_event::kind::too_long:
            return put(translator_.complain(result_code::too_long,
                                            "The line is too long: at most " +
                                                std::to_string(line_size_max) + " bytes",
                                            event.text),
                       out);
        case line_event::kind::flood:
            closed_ = true;
            return put(translator_.complain(result_code::too_long,
                                            "Too much without the end of a line: hanging up", {}),
                       out);
    }
}

void plain_dialect::send(reply_id, const reply& what, dialect_output& out)
{
    if (closed_) return;
    for (const auto& line : translator_.write(what))
        put(line, out);
}

void plain_dialect::put(std::string_view line, dialect_output& out) const
{
    out.bytes += line;
    out.bytes += carriage_return_ ? "\r\n" : "\n";
}

}  // namespace ecr::protocol::till::line
