#include "server/tls_identity.h"

#include "os/small_file.h"

namespace meerkat::server {

namespace {

constexpr std::int64_t kLookEveryUs = 1'000'000;
// Well before its end, for visitors whose clock goes wrong.
constexpr std::int64_t kRenewAfterSeconds = (net::LocalAuthority::kLeafDays - 30) * std::int64_t{24 * 60 * 60};

}  // namespace

TlsIdentity::TlsIdentity(const Clock &clock, std::function<net::LocalNames()> names)
    : m_clock(clock), m_askNames(std::move(names)), m_keys(clock) {}

std::string TlsIdentity::set(std::string_view value, std::string_view folder) {
    if (value == "auto") return setAuto(folder);
    if (!value.empty()) return setFile(value);
    m_context.reset();
    m_authority.reset();
    m_path.clear();
    return {};
}

std::string TlsIdentity::check(std::string_view value) {
    if (value.empty() || value == "auto") return {};
    const auto context = net::TlsContext::forServerFile(value, m_keys);
    return context ? "" : context.failure().text;
}

// The file is looked at before it is read: what changes in between is seen as a change at the next look.
std::string TlsIdentity::setFile(std::string_view path) {
    const auto info = os::lookAt(path);
    auto context = net::TlsContext::forServerFile(path, m_keys);
    if (!context) return context.failure().text;
    m_seen = info ? *info : os::FileInfo{};
    m_path = path;
    m_authority.reset();
    take(std::move(*context));
    return {};
}

std::string TlsIdentity::setAuto(std::string_view folder) {
    const std::string place = folder.empty() ? net::defaultAuthorityFolder() : std::string(folder);
    if (place.empty()) return "There is no folder for certificates of our own: name one in ssl_auto_directory";
    auto authority = net::LocalAuthority::open(place, m_clock.wallSeconds());
    if (!authority) return authority.failure().text;
    auto old = std::exchange(m_authority, std::move(*authority));
    auto names = m_askNames();
    auto context = issue(names);
    if (!context) {
        m_authority = std::move(old);
        return context.failure().text;
    }
    m_path.clear();
    m_names = std::move(names);
    m_issuedSeconds = m_clock.wallSeconds();
    take(std::move(*context));
    return {};
}

Result<std::unique_ptr<net::TlsContext>> TlsIdentity::issue(const net::LocalNames &names) {
    const auto pem = m_authority->issue(names, m_clock.wallSeconds());
    if (!pem) return pem.failure();
    return net::TlsContext::forServer(*pem, "The certificate of this computer", m_keys);
}

void TlsIdentity::take(std::unique_ptr<net::TlsContext> context) {
    m_context = std::move(context);
    m_trouble = m_context->warning();
    m_lookedUs = m_clock.monotonicUs();
}

const net::TlsContext *TlsIdentity::current() {
    const std::int64_t now = m_clock.monotonicUs();
    if (!m_context || now - m_lookedUs < kLookEveryUs) return m_context.get();
    m_lookedUs = now;
    if (m_authority)
        lookAtNames();
    else
        lookAtFile();
    return m_context.get();
}

// A file that is gone is one that is being replaced.
void TlsIdentity::lookAtFile() {
    const auto info = os::lookAt(m_path);
    if (!info || *info == m_seen) return;
    m_seen = *info;
    auto context = net::TlsContext::forServerFile(m_path, m_keys);
    if (context)
        take(std::move(*context));
    else
        m_trouble = context.failure().text + "; the certificate before it stays in use";
}

void TlsIdentity::lookAtNames() {
    auto names = m_askNames();
    const bool isOld = m_clock.wallSeconds() - m_issuedSeconds >= kRenewAfterSeconds;
    if (names == m_names && !isOld) return;
    auto context = issue(names);
    // Without memory for a new one there may be some in a second.
    if (!context) return;
    m_names = std::move(names);
    m_issuedSeconds = m_clock.wallSeconds();
    take(std::move(*context));
}

}  // namespace meerkat::server
