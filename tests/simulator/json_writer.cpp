#include "tests/simulator/json_writer.hpp"

#include "protocol/json.hpp"

namespace ecr::simulator {

std::string quoted(std::string_view value)
{
    return json(value).dump(-1, ' ', true, json::error_handler_t::replace);
}

json_writer& json_writer::add(std::string_view name, std::string_view value)
{
    return add_raw(name, quoted(value));
}

}  // namespace ecr::simulator
