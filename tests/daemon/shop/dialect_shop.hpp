#pragma once

#include "tests/daemon/shop/shop.hpp"
#include "tests/support/hypercom_till.hpp"
#include "tests/support/qfpay_local_till.hpp"

#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

namespace ecr::test {

/// How a till of any dialect is connected to the shop.
enum class wire_kind { tcp, tls, pty, http, https };

[[nodiscard]] const char* name_of(wire_kind kind);
void PrintTo(wire_kind kind, std::ostream* out);

/// A folder with a certificate for "localhost" that is gone after the test.
class certificate_folder {
    temporary_folder folder_;

public:
    certificate_folder();

    std::filesystem::path path = folder_.path();
    std::string ca;
};

/// Where log lines go while it lives, to be read by a test.
class log_catcher {
public:
    log_catcher();
    ~log_catcher();
    log_catcher(const log_catcher&) = delete;
    log_catcher& operator=(const log_catcher&) = delete;

    [[nodiscard]] std::string text() const;
    /// How many lines hold this.
    [[nodiscard]] int count(const std::string& part) const;

private:
    temporary_folder folder_;
    std::filesystem::path file_ = folder_ / "log";
};

using link_change = std::function<void(daemon::link_config&)>;

/// A shop whose links speak a legacy dialect; both lead to the same till, "old". The TCP link takes
/// TLS and plain bytes.
class dialect_shop {
public:
    [[nodiscard]] std::unique_ptr<till_wire> wire();
    [[nodiscard]] wire_kind kind() const { return kind_; }
    [[nodiscard]] const std::string& authority() const { return certificate_.ca; }
    [[nodiscard]] int pushes() { return static_cast<int>(world.truth().pushes().size()); }
    /// Lets time pass until the shopper has that many payments before him.
    [[nodiscard]] bool pushed(int times = 1);

protected:
    dialect_shop(wire_kind kind, const link_change& of_dialect, const link_change& more,
                 shop_plan plan = {});
    ~dialect_shop() = default;

    /// The next of what a till was told; nullptr: nothing came.
    template <class Till, class Told>
    const Told* next(Till& till, const std::vector<Told>& told, milliseconds limit)
    {
        const auto wanted = ++till.looked_at;
        world.until([&] { return told.size() >= wanted; }, limit);
        return told.size() < wanted ? nullptr : &told[wanted - 1];
    }

private:
    wire_kind kind_;
    certificate_folder certificate_;

public:
    shop world;
};

class hypercom_shop : public dialect_shop {
public:
    explicit hypercom_shop(
        wire_kind kind, const link_change& more = [](auto&) {}, shop_plan plan = {});

    [[nodiscard]] hypercom_till till(bool acknowledges = true);
    /// Waits for the next response.
    hypercom_response answer(hypercom_till& till, milliseconds limit = 15min);
    hypercom_response ask(hypercom_till& till, const std::string& code,
                          const hypercom_till::fields& with = {});
    hypercom_response sell(hypercom_till& till, int amount);
};

class qfpay_shop : public dialect_shop {
public:
    explicit qfpay_shop(
        wire_kind kind, const link_change& more = [](auto&) {}, shop_plan plan = {});

    [[nodiscard]] qfpay_local_till till(const std::string& key = {}, bool encrypts = true);
    [[nodiscard]] qfpay_habits habits() const;
    /// Waits for the next answer.
    qfpay_answer answer(qfpay_local_till& till, milliseconds limit = 15min);
    qfpay_answer ask(qfpay_local_till& till, const qfpay_local_till::content& what);
    qfpay_answer pay(qfpay_local_till& till, const std::string& amount, const std::string& number);
    qfpay_answer enquire(qfpay_local_till& till, const std::string& number);
};

}  // namespace ecr::test
