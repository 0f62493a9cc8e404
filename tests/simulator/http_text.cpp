#include "tests/simulator/http_text.hpp"

#include <array>
#include <chrono>
#include <cstdio>

namespace ecr::simulator {
namespace {

std::string_view reason_of(int http_status)
{
    switch (http_status) {
        case 200: return "OK";
        case 302: return "Found";
        case 404: return "Not Found";
        case 405: return "Method Not Allowed";
        case 413: return "Payload Too Large";
        case 415: return "Unsupported Media Type";
        case 429: return "Too Many Requests";
        case 431: return "Request Header Fields Too Large";
        case 500: return "Internal Server Error";
        case 502: return "Bad Gateway";
        case 503: return "Service Unavailable";
        case 504: return "Gateway Timeout";
        default: return "Status";
    }
}

}  // namespace

std::string http_date(timestamp at)
{
    using namespace std::chrono;
    constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto day = floor<std::chrono::days>(at);
    const year_month_day date{day};
    const hh_mm_ss time{floor<seconds>(at - day)};
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), "%s, %02u %s %04d %02d:%02d:%02d GMT",
                  days.at(weekday{day}.c_encoding()), static_cast<unsigned>(date.day()),
                  months.at(static_cast<unsigned>(date.month()) - 1), static_cast<int>(date.year()),
                  static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                  static_cast<int>(time.seconds().count()));
    return text.data();
}

std::string http_head(const answer& reply, bool keep_alive, timestamp now, std::string_view sign)
{
    std::string head = "HTTP/1.1 " + std::to_string(reply.http_status) + " ";
    head.append(reason_of(reply.http_status)).append("\r\nServer: qfpay-sim\r\nDate: ");
    head.append(http_date(now)).append("\r\nContent-Type: ").append(reply.content_type);
    head.append("\r\nContent-Length: ").append(std::to_string(reply.body.size()));
    if (reply.http_status == 302) head += "\r\nLocation: https://elsewhere.invalid/ecr/v1/query";
    if (reply.http_status == 429 || reply.http_status == 503) head += "\r\nRetry-After: 1";
    if (!sign.empty()) head.append("\r\nX-QF-SIGN: ").append(sign);
    head += keep_alive ? "\r\nConnection: keep-alive\r\n\r\n" : "\r\nConnection: close\r\n\r\n";
    return head;
}

answer page_of_status(int http_status)
{
    const auto title = std::to_string(http_status) + " " + std::string{reason_of(http_status)};
    return {.http_status = http_status,
            .content_type = "text/html",
            .body = html_page(title),
            .signed_with = {}};
}

std::string html_page(std::string_view title)
{
    const std::string text{title};
    return "<html>\r\n<head><title>" + text + "</title></head>\r\n<body>\r\n<center><h1>" + text +
           "</h1></center>\r\n</body>\r\n</html>\r\n";
}

}  // namespace ecr::simulator
