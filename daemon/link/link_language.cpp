#include "daemon/link/link_language.hpp"

#include "daemon/logging.hpp"
#include "daemon/secret.hpp"

#include <boost/system/system_error.hpp>

namespace ecr::daemon {

using protocol::till::dialect_kind;
namespace qfpay_local = protocol::till::qfpay_local;

link_language language_of(const link_config& link)
{
    link_language language{.kind = link.dialect,
                           .how = {.line = {.frames = link.framing,
                                            .progress = link.progress,
                                            .encoding = link.encoding},
                                   .hypercom = link.hypercom,
                                   .qfpay_local = link.qfpay_local},
                           .problem = {}};
    language.how.qfpay_local.encoding = link.encoding;
    if (link.encoding && !protocol::till::is_available(*link.encoding))
        language.problem = "This system has no table for " + std::string{name_of(*link.encoding)} +
                           ": its C library's gconv modules are missing";
    if (link.dialect != dialect_kind::qfpay_local || !language.problem.empty()) return language;
    auto& key = language.how.qfpay_local.pos_key;
    if (!link.pos_key_file.empty()) {
        auto [secret, problem] = read_secret_file(link.pos_key_file);
        key = std::move(secret);
        language.problem = std::move(problem);
    }
    if (language.problem.empty() && !qfpay_local::is_pos_key(key))
        language.problem =
            link.pos_key_file.string() + " does not hold a POS-KEY: 32 hexadecimal digits";
    language.published_key = qfpay_local::is_published(key);
    return language;
}

link_language usable_language_of(const link_config& link)
{
    auto language = language_of(link);
    if (!language.problem.empty()) {
        log(log_level::error, "link.unusable", {{"link", link.name}, {"why", language.problem}});
        throw boost::system::system_error{make_error_code(errc::bad_parameter), language.problem};
    }
    if (language.published_key)
        log(log_level::warning, "link.published_key",
            {{"link", link.name},
             {"why",
              "this POS-KEY is printed in QFPay's documents: whoever reads them can order "
              "payments. Make a new one in the terminal app and name it in pos_key_file"}});
    return language;
}

std::unique_ptr<protocol::till::dialect> make_dialect(const link_language& language, bool encrypted)
{
    auto how = language.how;
    how.qfpay_local.tls = encrypted;
    return protocol::till::make_dialect(language.kind, how);
}

}  // namespace ecr::daemon
