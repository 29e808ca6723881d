// The part of the server about its door.
#include "os/account.h"
#include "server/server.h"

namespace meerkat::server {

namespace {

// Programs tell the first two apart by "in use" and "permission".
std::string whyNotOpened(std::string_view asked, std::uint16_t port, const Failure &failure) {
    const std::string name = "Port " + std::to_string(port);
    if (os::isAddressInUse(failure.code)) return name + " is in use by another program";
    if (os::isAddressForbidden(failure.code)) return name + " needs a permission that this program does not have";
    return std::string(asked) + " can't be listened on: " + failure.text;
}

}  // namespace

// The new door opens before the old one closes.
std::string Server::setListeningPort(std::string_view value) {
    std::unique_ptr<net::Listener> listener;
    if (!value.empty()) {
        const auto address = net::parseListenAddress(value);
        if (!address) return address.failure().text;
        const std::string *old = m_settings.text("listening_port");
        if (m_listener && *old == value) return {};
        auto opened = net::Listener::open(*m_loop, *this, *address);
        const bool isOurs = m_listener && m_listener->port() == address->endpoint.port;
        if (!opened && isOurs && os::isAddressInUse(opened.failure().code)) opened = openInPlace(*address);
        if (!opened) return whyNotOpened(value, address->endpoint.port, opened.failure());
        if (!(*opened)->begin()) return "The system has no descriptor left to listen with";
        listener = std::move(*opened);
        if (std::string refusal = becomeUser(); !refusal.empty()) return listener->stop(), refusal;
    }
    closeListener();
    m_listener = std::move(listener);
    return {};
}

// Another address with the port that the old door holds: it has to close first, and opens again if the new one does not.
Result<std::unique_ptr<net::Listener>> Server::openInPlace(const net::ListenAddress &address) {
    closeListener();
    auto opened = net::Listener::open(*m_loop, *this, address);
    if (opened) return opened;
    const auto oldAddress = net::parseListenAddress(*m_settings.text("listening_port"));
    if (!oldAddress) return opened;
    auto old = net::Listener::open(*m_loop, *this, *oldAddress);
    if (old && (*old)->begin()) m_listener = std::move(*old);
    return opened;
}

void Server::closeListener() {
    if (!m_listener) return;
    m_listener->stop();
    m_loop->dispose(std::move(m_listener));
}

// A socket that listens already: another server's, or one that a service manager opened. Each holder has a handle of its own to close.
std::string Server::adoptListener(os::SocketHandle socket) {
    auto shared = os::shareListener(socket);
    if (!shared) return "Descriptor " + std::to_string(socket) + " is no socket that listens: " + shared.failure().text;
    auto listener = net::Listener::adopt(*m_loop, *this, *shared);
    if (!listener->begin()) return "The system has no descriptor left to listen with";
    if (std::string refusal = becomeUser(); !refusal.empty()) return listener->stop(), refusal;
    closeListener();
    m_listener = std::move(listener);
    const os::Endpoint local = os::localEndpoint(*shared);
    const std::string port = std::to_string(local.port);
    const bool isForAll = local.ip == os::Endpoint{}.ip;
    const std::string host = local.isIpv4() ? os::ipText(local) : "[" + os::ipText(local) + "]";
    m_settings.keepText("listening_port", isForAll ? port : host + ":" + port);
    return {};
}

// ---- whose program it is ----

// A port below 1024 is root's to open, and nothing else here needs root: whoever is set becomes the owner of the program once a port is open.
std::string Server::setUser(std::string_view name) {
    if (std::string refusal = checkUser(name); !refusal.empty()) return refusal;
    m_wantedUser = name;
    if (!m_listener) return {};
    std::string refusal = becomeUser();
    if (!refusal.empty()) m_wantedUser.clear();
    return refusal;
}

std::string Server::checkUser(std::string_view name) const {
    if (!name.empty()) return os::whyNotUser(std::string(name));
    return m_isUserTaken
               ? "This program runs as " + os::ownUser() + " and can't become root again: start it anew without run_as_user"
               : "";
}

// "" where nobody is wanted, or it was done.
std::string Server::becomeUser() {
    if (m_wantedUser.empty()) return {};
    const std::string before = os::ownUser();
    std::string refusal = os::becomeUser(m_wantedUser);
    if (!refusal.empty()) return refusal;
    m_wantedUser.clear();
    m_isUserTaken = m_isUserTaken || os::ownUser() != before;
    return {};
}

}  // namespace meerkat::server
