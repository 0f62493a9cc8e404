#include "protocol/receipt/text_columns.hpp"

#include "protocol/receipt/character_width.hpp"

#include <algorithm>

namespace ecr::protocol {
namespace {

/// A character with what is written above and below it.
struct cell {
    std::string_view text;
    std::size_t columns;
};

std::size_t columns_in(const leading_character& what, std::string_view text, text_encoding as)
{
    switch (as) {
        case text_encoding::ascii: return 1;
        case text_encoding::utf8: return what.columns;
        case text_encoding::gbk:
        case text_encoding::gb18030:
        case text_encoding::big5: return till::from_utf8(text, as).size() > 1 ? 2 : 1;
    }
    return 1;
}

std::vector<cell> cells_of(std::string_view text, text_encoding as)
{
    std::vector<cell> all;
    while (!text.empty()) {
        const auto what = leading_character_of(text);
        const auto piece = text.substr(0, what.size);
        all.push_back({piece, columns_in(what, piece, as)});
        text.remove_prefix(what.size);
    }
    return all;
}

std::size_t sum_of(const std::vector<cell>& cells, std::size_t from, std::size_t to)
{
    std::size_t sum = 0;
    for (std::size_t i = from; i < to; ++i)
        sum += cells[i].columns;
    return sum;
}

bool is_blank(const cell& c)
{
    return c.text == " ";
}

/// The first cell of the next line: as many as fit, back to the last blank if a word is cut.
std::size_t end_of_line(const std::vector<cell>& cells, std::size_t from, std::size_t columns)
{
    auto end = from;
    while (end < cells.size() && sum_of(cells, from, end + 1) <= columns)
        ++end;
    if (end == from) return from + 1;
    if (end == cells.size() || is_blank(cells[end])) return end;
    // Between two wide characters a line may end; a word of narrow ones is kept whole.
    for (auto cut = end; cut > from; --cut) {
        if (is_blank(cells[cut - 1]) && cut - 1 > from) return cut;
        if (cells[cut].columns == 2 || cells[cut - 1].columns == 2) return cut;
    }
    return end;
}

std::string text_of(const std::vector<cell>& cells, std::size_t from, std::size_t to)
{
    while (from < to && is_blank(cells[from]))
        ++from;
    while (to > from && is_blank(cells[to - 1]))
        --to;
    std::string made;
    for (; from < to; ++from)
        made += cells[from].text;
    return made;
}

}  // namespace

std::size_t columns_of(std::string_view text, text_encoding as)
{
    const auto cells = cells_of(text, as);
    return sum_of(cells, 0, cells.size());
}

std::vector<std::string> wrapped(std::string_view text, std::size_t columns, text_encoding as)
{
    const auto cells = cells_of(text, as);
    std::vector<std::string> lines;
    std::size_t at = 0;
    while (at < cells.size()) {
        while (at < cells.size() && is_blank(cells[at]))
            ++at;
        if (at == cells.size()) break;
        const auto end = end_of_line(cells, at, columns);
        lines.push_back(text_of(cells, at, end));
        at = end;
    }
    return lines;
}

std::vector<std::string> centred(std::string_view text, std::size_t columns, text_encoding as)
{
    auto lines = wrapped(text, columns, as);
    for (auto& line : lines) {
        const auto width = std::min(columns, columns_of(line, as));
        line.insert(0, (columns - width) / 2, ' ');
    }
    return lines;
}

std::vector<std::string> justified(std::string_view left, std::string_view right,
                                   std::size_t columns, text_encoding as)
{
    const auto used = columns_of(left, as) + columns_of(right, as);
    if (used < columns)
        return {std::string{left} + std::string(columns - used, ' ') + std::string{right}};
    auto lines = wrapped(left, columns, as);
    for (auto& piece : wrapped(right, columns, as)) {
        const auto width = std::min(columns, columns_of(piece, as));
        lines.push_back(std::string(columns - width, ' ') + piece);
    }
    return lines;
}

}  // namespace ecr::protocol
