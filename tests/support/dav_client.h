// Station: the tests. A WebDAV client that logs in with digest and says exactly what it is told.
#pragma once

#include "support/digest_client.h"
#include "support/scripted_peer.h"
#include "support/temporary_site.h"

#include <QProcess>
#include <QRegularExpression>

#include <memory>

namespace meerkat::test {

// A folder that may be written to by ana, whose password is secret.
class DavSite {
  public:
    explicit DavSite(TestServer::Handler handler = {}) : m_server(std::move(handler)) {
        m_keys.write("dav", passwordLine("ana", "home", "secret") + passwordLine("ben", "home", "secret"));
        m_server.set("auth_domain", "home");
        m_server.set("dav_auth_file", m_keys.path("dav").toUtf8());
        m_server.set("document_root", m_site.path().toUtf8());
    }
    TestServer &server() { return m_server; }
    // For a test that is nobody for a while.
    void openToAll() const {
        for (const QString &path : {m_site.path(), m_keys.path()}) QProcess::execute("chmod", {"-R", "a+rwX", path});
    }
    const TemporarySite &files() const { return m_site; }
    // The file with ana's and ben's.
    QByteArray passwords() const { return m_keys.path("dav").toUtf8(); }
    QByteArray read(const QString &name) const {
        QFile file(m_site.path(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(none)");
    }
    QStringList names(const QString &folder = {}) const {
        return QDir(m_site.path(folder))
            .entryList(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot, QDir::Name);
    }

  private:
    TemporarySite m_keys;
    TemporarySite m_site;
    TestServer m_server;
};

class DavClient {
  public:
    explicit DavClient(TestServer &server, const QByteArray &user = "ana") : m_server(server) { m_digest.user = user; }

    // `fields`: whole lines. Every request on a connection of its own.
    Answer say(const QByteArray &method, const QByteArray &target, const QByteArray &fields = {}, const QByteArray &body = {}) {
        return ask(m_server, request(method, target, fields, body));
    }
    QByteArray request(const QByteArray &method, const QByteArray &target, const QByteArray &fields = {},
                       const QByteArray &body = {}) {
        if (m_digest.nonce.isEmpty())
            m_digest.read(ask(m_server, "DELETE / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").field("WWW-Authenticate"));
        return method + ' ' + target +
               " HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: " + m_digest.answer(target, ++m_count, method) +
               "\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n" + fields + "\r\n" + body;
    }
    int status(const QByteArray &method, const QByteArray &target, const QByteArray &fields = {}, const QByteArray &body = {}) {
        return say(method, target, fields, body).status;
    }

    // The token of a new lock, with its angle brackets; empty if there is none.
    QByteArray lock(const QByteArray &target, const QByteArray &scope = "exclusive", const QByteArray &fields = {}) {
        return say("LOCK", target, fields, lockInfo(scope)).field("Lock-Token");
    }
    static QByteArray lockInfo(const QByteArray &scope = "exclusive") {
        return "<D:lockinfo xmlns:D='DAV:'><D:lockscope><D:" + scope +
               "/></D:lockscope><D:locktype><D:write/></D:locktype><D:owner>Ana &amp; Co</D:owner></D:lockinfo>";
    }
    // Sets a property of namespace "u:" to XML.
    Answer setProperty(const QByteArray &target, const QByteArray &name, const QByteArray &value, const QByteArray &fields = {}) {
        return say("PROPPATCH", target, fields,
                   "<D:propertyupdate xmlns:D='DAV:' xmlns:u='u:'><D:set><D:prop><u:" + name + ">" + value + "</u:" + name +
                       "></D:prop></D:set></D:propertyupdate>");
    }
    // Its value as it is told; null if it is told that there is none.
    QByteArray property(const QByteArray &target, const QByteArray &name) {
        const Answer answer = say("PROPFIND", target, "Depth: 0\r\n",
                                  "<D:propfind xmlns:D='DAV:' xmlns:u='u:'><D:prop><u:" + name + "/></D:prop></D:propfind>");
        const QRegularExpression tag("<x:" + name + " xmlns:x=\"u:\">(.*)</x:" + name + ">",
                                     QRegularExpression::DotMatchesEverythingOption);
        const auto match = tag.match(QString::fromUtf8(answer.body));
        return match.hasMatch() ? match.captured(1).toUtf8() : QByteArray();
    }
    // Every href of a PROPFIND.
    QStringList hrefs(const QByteArray &target, const QByteArray &depth) {
        QStringList found;
        static const QRegularExpression href("<D:response><D:href>([^<]*)</D:href>");
        auto all = href.globalMatch(QString::fromUtf8(say("PROPFIND", target, "Depth: " + depth + "\r\n").body));
        while (all.hasNext()) found.append(all.next().captured(1));
        found.sort();
        return found;
    }

  private:
    TestServer &m_server;
    DigestClient m_digest;
    unsigned m_count = 0;
};

}  // namespace meerkat::test
