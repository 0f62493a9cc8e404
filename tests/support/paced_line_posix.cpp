#include "tests/support/paced_line.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fcntl.h>
#include <stdexcept>
#include <termios.h>
#include <unistd.h>

namespace ecr::test {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using std::chrono::microseconds;

constexpr std::size_t piece_max = 24;  // at 9,600 baud a fortieth of a second

int opened_master()
{
    const int master = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
    if (master < 0 || ::grantpt(master) != 0 || ::unlockpt(master) != 0)
        throw std::runtime_error{"no pseudo-terminal"};
    return master;
}

}  // namespace

/// What outlives the line for as long as an operation is under way.
struct paced_line::end : std::enable_shared_from_this<end> {
    end(asio::io_context& io, int speed)
        : master{io, opened_master()}, hears_again{io}, says_again{io}, bytes_per_second{speed}
    {
        std::array<char, 64> name{};
        if (::ptsname_r(master.native_handle(), name.data(), name.size()) != 0)
            throw std::runtime_error{"a pseudo-terminal without a name"};
        device = name.data();
        // Held open: a master whose other end nobody has open yet reads as an error.
        slave = ::open(device.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC);
        if (slave < 0) throw std::runtime_error{"cannot open " + device};
        termios raw{};
        ::tcgetattr(slave, &raw);
        ::cfmakeraw(&raw);
        ::tcsetattr(slave, TCSANOW, &raw);
    }
    ~end() { ::close(slave); }
    end(const end&) = delete;
    end& operator=(const end&) = delete;

    [[nodiscard]] microseconds time_of(std::size_t bytes) const
    {
        return microseconds{1'000'000 * static_cast<std::int64_t>(bytes) / bytes_per_second};
    }

    void listen();
    void talk();

    asio::posix::stream_descriptor master;
    asio::steady_timer hears_again;
    asio::steady_timer says_again;
    int bytes_per_second;
    int slave = -1;
    std::string device;
    std::array<char, piece_max> buffer{};
    std::string to_send;
    bool talking = false;
    bool closed = false;
    wire* till = nullptr;
};

class paced_line::wire final : public till_wire {
public:
    explicit wire(std::shared_ptr<end> e) : end_{std::move(e)}
    {
        if (end_->till != nullptr) end_->till->over_ = true;
        end_->till = this;
        end_->to_send.clear();
    }
    ~wire() override { hang_up(); }

    void send(std::string bytes) override
    {
        if (over_) return;
        end_->to_send += bytes;
        if (!end_->talking) end_->talk();
    }
    void hang_up() override
    {
        over_ = true;
        if (end_->till != this) return;
        end_->till = nullptr;
        end_->to_send.clear();
    }
    [[nodiscard]] bool over() const override { return over_; }
    [[nodiscard]] bool over_in_order() const override { return false; }  // a cable says no goodbye
    void hear(std::string_view bytes) { heard(bytes); }

private:
    std::shared_ptr<end> end_;
    bool over_ = false;
};

void paced_line::end::listen()
{
    master.async_read_some(asio::buffer(buffer),
                           [self = shared_from_this()](error_code failed, std::size_t size) {
                               if (failed || self->closed) return;
                               self->hears_again.expires_after(self->time_of(size));
                               self->hears_again.async_wait([self, size](error_code stopped) {
                                   if (stopped || self->closed) return;
                                   if (self->till != nullptr)
                                       self->till->hear({self->buffer.data(), size});
                                   self->listen();
                               });
                           });
}

void paced_line::end::talk()
{
    talking = !to_send.empty() && !closed;
    if (!talking) return;
    const auto piece = std::make_shared<std::string>(to_send.substr(0, piece_max));
    to_send.erase(0, piece->size());
    says_again.expires_after(time_of(piece->size()));
    says_again.async_wait([self = shared_from_this(), piece](error_code stopped) {
        if (stopped || self->closed) return;
        asio::async_write(self->master, asio::buffer(*piece),
                          [self, piece](error_code failed, std::size_t) {
                              if (!failed) self->talk();
                          });
    });
}

paced_line::paced_line(asio::io_context& io, int bytes_per_second)
    : end_{std::make_shared<end>(io, bytes_per_second)}
{
    end_->listen();
}

paced_line::~paced_line()
{
    end_->closed = true;
    error_code ignored;
    end_->master.close(ignored);
    end_->hears_again.cancel();
    end_->says_again.cancel();
}

const std::string& paced_line::device() const
{
    return end_->device;
}

std::unique_ptr<till_wire> paced_line::plug_in()
{
    return std::make_unique<wire>(end_);
}

}  // namespace ecr::test
