#pragma once

#include "protocol/till/line/explain.hpp"
#include "protocol/till/line/line_reader.hpp"
#include "protocol/till/line/translator.hpp"

namespace ecr::protocol::till::line {

/// Lines on a link that is reliable by itself. The till acknowledges nothing.
class plain_dialect final : public dialect {
public:
    explicit plain_dialect(const settings& how) : translator_{how} {}

    void receive(std::string_view bytes, dialect_output& out) override;
    void send(reply_id id, const reply& what, dialect_output& out) override;
    [[nodiscard]] std::optional<std::chrono::milliseconds> timer() const override { return {}; }
    void elapsed(dialect_output&) override {}
    [[nodiscard]] bool confirms_delivery() const override { return false; }
    [[nodiscard]] std::unique_ptr<trace_cutter> make_cutter() const override
    {
        return make_plain_cutter();
    }

private:
    void handle(const line_event& event, dialect_output& out);
    void put(std::string_view line, dialect_output& out) const;

    line_reader lines_;
    translator translator_;
    bool carriage_return_ = true;  // ours end as the till's last one did
    bool closed_ = false;
};

}  // namespace ecr::protocol::till::line
