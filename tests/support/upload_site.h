// Station: the tests. A folder that visitors may put things into, and a client that says what a page would.
#pragma once

#include "support/digest_client.h"
#include "support/scripted_peer.h"
#include "support/temporary_site.h"

namespace meerkat::test {

class UploadSite {
  public:
    explicit UploadSite(const QByteArray &mode, TestServer::Handler handler = {}) : m_server(std::move(handler)) {
        m_site.write("old.txt", "old");
        m_site.write("folder/in.txt", "in");
        m_server.set("auth_domain", "home");
        m_server.set("document_root", m_site.path().toUtf8());
        m_server.set("upload", mode);
    }
    TestServer &server() { return m_server; }
    const TemporarySite &files() const { return m_site; }
    QByteArray host() const { return "127.0.0.1:" + QByteArray::number(m_server.port()); }
    QByteArray read(const QString &name) const {
        QFile file(m_site.path(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(none)");
    }
    // Everything that is there, what is hidden too.
    QStringList names(const QString &folder = {}) const {
        return QDir(m_site.path(folder))
            .entryList(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot, QDir::Name);
    }

    // `fields`: whole lines. Every request on a connection of its own.
    QByteArray request(const QByteArray &method, const QByteArray &target, const QByteArray &fields = {},
                       const QByteArray &body = {}) const {
        return method + ' ' + target + " HTTP/1.1\r\nHost: " + host() +
               "\r\nConnection: close\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n" + fields + "\r\n" + body;
    }
    Answer say(const QByteArray &method, const QByteArray &target, const QByteArray &fields = {}, const QByteArray &body = {}) {
        return ask(m_server, request(method, target, fields, body));
    }
    int status(const QByteArray &method, const QByteArray &target, const QByteArray &fields = {}, const QByteArray &body = {}) {
        return say(method, target, fields, body).status;
    }
    // The same by ana, whose password is secret.
    Answer sayAsAna(const QByteArray &method, const QByteArray &target, const QByteArray &fields = {},
                    const QByteArray &body = {}) {
        DigestClient client;
        client.read(say(method, target, fields, {}).field("WWW-Authenticate"));
        return say(method, target, "Authorization: " + client.answer(target, 1, method) + "\r\n" + fields, body);
    }

    static QByteArray part(const QByteArray &disposition, const QByteArray &data) {
        return "--b\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\n" + data + "\r\n";
    }
    static QByteArray filePart(const QByteArray &name, const QByteArray &data) {
        return part("name=\"files\"; filename=\"" + name + "\"", data);
    }
    // A form that a browser without scripts sends.
    Answer post(const QByteArray &target, const QByteArray &parts, const QByteArray &fields = {}) {
        return say("POST", target, "Content-Type: multipart/form-data; boundary=b\r\n" + fields, parts + "--b--\r\n");
    }
    Answer postFiles(const QByteArray &target, const QByteArray &parts) {
        return post(target, part("name=\"action\"", "upload") + parts);
    }
    Answer postFields(const QByteArray &target, const QByteArray &body, const QByteArray &fields = {}) {
        return say("POST", target, "Content-Type: application/x-www-form-urlencoded\r\n" + fields, body);
    }

  private:
    TemporarySite m_site;
    TestServer m_server;
};

// "<h1>…</h1>" of an error page.
inline QByteArray sentenceOf(const Answer &answer) {
    const qsizetype begin = answer.body.indexOf("<h1>") + 4;
    return answer.body.mid(begin, answer.body.indexOf("</h1>") - begin);
}

}  // namespace meerkat::test
