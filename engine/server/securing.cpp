// The part of the server about TLS: options, the first words of a connection, and who comes without.
#include "http/url.h"
#include "server/server.h"

namespace meerkat::server {

std::string Server::setCertificate(std::string_view value) {
    return m_identity.set(value, *m_settings.text("ssl_auto_directory"));
}

std::string Server::setAutoDirectory(std::string_view value) { return m_identity.isAuto() ? m_identity.set("auto", value) : ""; }

std::string Server::setCaCertificate(std::string_view value) {
    if (!value.empty()) {
        auto context = net::TlsContext::forClient(value);
        if (!context) return context.failure().text;
        m_clientTls = std::move(*context);
    } else {
        m_clientTls.reset();
    }
    return {};
}

Result<const net::TlsContext *> Server::clientTls() {
    if (!m_clientTls) {
        auto context = net::TlsContext::forClient(*m_settings.text("ssl_ca_certificate"));
        if (!context) return context.failure();
        m_clientTls = std::move(*context);
    }
    return m_clientTls.get();
}

void Server::welcome(net::Connection &connection) {
    const net::TlsContext *tls = m_identity.current();
    if (!tls) return connection.begin();
    connection.beginTls(net::TlsStream::forServer(*m_loop, *tls));
}

// The client came to this port, so the same authority is right, but for one without a port, which stands for 80 in http and for 443 in https.
void Server::redirectToTls(http::HttpProtocol &http, const http::RequestHead &head) {
    http.dropKeepAlive();
    const auto target = http::parseTarget(head.target, head.method == http::Method::Connect);
    if (!target || target->path.empty() || !http::isHostAndPort(head.host)) return http.refuse(400);
    std::string location = "https://" + std::string(head.host);
    const bool hasPort = head.host.rfind(':') != std::string_view::npos && !head.host.ends_with(']');
    if (!hasPort && http.connection().local().port == 80) location += ":80";
    location += target->path;
    if (target->hasQuery) location.append("?").append(target->query);
    // The method stays as it is: a form is sent again, encrypted. A browser that remembered this would not find back once TLS is switched off.
    http.sendWhole(308, "Location: " + location + "\r\nCache-Control: no-store\r\n", {});
}

}  // namespace meerkat::server
