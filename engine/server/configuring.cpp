// The part of the server about its options: who takes a value, and what follows from it.
#include "os/small_file.h"
#include "server/server.h"

namespace meerkat::server {

namespace {

// Bytes a second that a request's body comes with at the least.
constexpr std::uint64_t kSlowestBody = 500;

std::string noSuchOption(std::string_view name) {
    if (name == "run_as_user")
        return "There is no option run_as_user on this system: start the program as the user whom it is to serve as";
    return "There is no option " + std::string(name);
}

std::string checkLogFile(std::string_view path) {
    const auto refusal = [&](std::string_view why) {
        return "The file \"" + std::string(path) + "\" can't be written: " + std::string(why);
    };
    if (const auto info = os::lookAt(path); info) return info->kind == os::FileKind::Folder ? refusal("it is a folder") : "";
    const std::size_t slash = path.find_last_of("/\\");
    const auto folder = os::lookAt(slash == std::string_view::npos ? "." : path.substr(0, std::max<std::size_t>(slash, 1)));
    return folder && folder->kind == os::FileKind::Folder ? "" : refusal("there is no such folder");
}

template <typename Outcome>
std::string complaintOf(const Outcome &outcome) {
    return outcome ? "" : outcome.failure().text;
}

}  // namespace

std::string Server::setOption(std::string_view name, std::string_view value) {
    const mg_option_info *info = optionInfo(name);
    if (!info) return noSuchOption(name);
    std::string refusal = applyOption(name, value);
    if (!refusal.empty()) return refusal;
    std::string kept = value.empty() && info->default_value ? info->default_value : std::string(value);
    if (name == "listening_port" && m_listener) kept = net::listenAddressText(value, m_listener->port());
    m_settings.keepText(name, std::move(kept));
    if (name == "document_root") {
        m_dav.forgetLocks();
        m_pieces.forget();
        m_leftovers.forget();
    }
    followSettings();
    return {};
}

std::string Server::checkOption(std::string_view name, std::string_view value) {
    if (!optionInfo(name)) return noSuchOption(name);
    if (name == "run_as_user") return checkUser(value);
    if (value.empty() || name == "ssl_auto_directory") return {};
    if (name == "access_log_file" || name == "hexdump_file") return checkLogFile(value);
    if (name == "listening_port") return complaintOf(net::parseListenAddress(value));
    if (name == "ssl_ca_certificate") return complaintOf(net::TlsContext::forClient(value));
    if (name == "ssl_certificate") return m_identity.check(value);
    return Settings().set(name, value);
}

std::string Server::applyOption(std::string_view name, std::string_view value) {
    if (name == "access_log_file") return m_accessLog.open(value);
    if (name == "hexdump_file") return m_hexdump.open(value);
    if (name == "listening_port") return setListeningPort(value);
    if (name == "run_as_user") return setUser(value);
    if (name == "ssl_auto_directory") return setAutoDirectory(value);
    if (name == "ssl_ca_certificate") return setCaCertificate(value);
    if (name == "ssl_certificate") return setCertificate(value);
    return m_settings.set(name, value);
}

// Who keeps a setting of his own, and who keeps an answer that was made with an old one.
void Server::followSettings() {
    m_idle.setLimitMs(m_settings.idleTimeoutMs);
    m_service.bodyBytesPerLimit =
        std::max<std::uint64_t>(1, static_cast<std::uint64_t>(m_settings.idleTimeoutMs) * kSlowestBody / 1000);
    m_accessLog.useFormat(m_settings.logFormat);
    m_accessLog.rotateAt(m_settings.logMostBytes, m_settings.logKeep);
    m_hasRules = m_settings.files.hasRules();
    m_scripts.follow();
    m_websockets.maxMessageBytes = m_settings.maxWebsocketMessageBytes;
    applyOutgoingLimits();
    followLimits();
    m_files.forgetCached();
    m_guard.forget();
    m_openPass = 0;
    clearRoot();
    if (!isBusy()) m_loop->finishPass();
}

// Whoever served the folder before may have been killed; other folders are looked through when they are opened.
void Server::clearRoot() {
    if (!takesFiles()) return;
    const auto folder = m_settings.files.sites.main().root->openBelow({});
    if (folder.state == os::OpenState::Opened) m_leftovers.note(folder.file, {});
}

}  // namespace meerkat::server
