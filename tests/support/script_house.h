// Station: the tests. A server with scripts, under each poller there is; and what has to be so when it is gone: no child, no descriptor left.
#pragma once

#include "support/scripted_peer.h"
#include "support/temporary_site.h"

#include <QTest>

#include <cerrno>
#include <csignal>
#include <memory>
#include <sys/wait.h>

namespace meerkat::test {

class ScriptHouse {
  protected:
    static void addPollers() {
        QTest::addColumn<QByteArray>("poller");
        QTest::newRow("the usual poller") << QByteArray();
        QTest::newRow("poll") << QByteArray("poll");
    }
    void open(const QByteArray &poller) {
        qputenv("MEERKAT_POLLER", poller);
        m_descriptors = countDescriptors();
        m_site = std::make_unique<TemporarySite>();
        m_server = std::make_unique<TestServer>();
        serve(*m_server);
    }
    // To be the last in a test's cleanup.
    void close() {
        m_server.reset();
        qunsetenv("MEERKAT_POLLER");
        errno = 0;
        QCOMPARE(waitpid(-1, nullptr, WNOHANG), -1);
        QCOMPARE(errno, ECHILD);
        QCOMPARE(countDescriptors(), m_descriptors);
    }

    void serve(TestServer &server) const { server.set("document_root", m_site->path().toUtf8()); }
    // A script that can be run.
    void script(const QString &name, const QByteArray &text) const {
        m_site->write(name, text);
        QFile::setPermissions(m_site->path(name), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    }
    void shell(const QString &name, const QByteArray &text) const { script(name, "#!/bin/sh\n" + text + "\n"); }

    static QByteArray get(const QByteArray &target, const QByteArray &fields = {}) {
        return "GET " + target + " HTTP/1.1\r\nHost: meerkat.test\r\n" + fields + "\r\n";
    }
    static QByteArray post(const QByteArray &target, const QByteArray &body, const QByteArray &fields = {},
                           const QByteArray &method = "POST") {
        return method + ' ' + target + " HTTP/1.1\r\nHost: meerkat.test\r\nContent-Length: " + QByteArray::number(body.size()) +
               "\r\n" + fields + "\r\n" + body;
    }
    static QByteArray inChunks(const QByteArray &body, qsizetype piece) {
        QByteArray framed;
        for (qsizetype at = 0; at < body.size(); at += piece) {
            const QByteArray part = body.mid(at, piece);
            framed += QByteArray::number(part.size(), 16) + "\r\n" + part + "\r\n";
        }
        return framed + "0\r\n\r\n";
    }
    static bool isThere(qint64 process) { return kill(static_cast<pid_t>(process), 0) == 0; }
    // Of a file that a script wrote, once it has.
    QByteArray written(const QString &name) {
        const auto read = [&] {
            QFile file(m_site->path(name));
            return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
        };
        m_server->pollUntil([&] { return read().endsWith('\n'); });
        return read().trimmed();
    }

    std::unique_ptr<TemporarySite> m_site;
    std::unique_ptr<TestServer> m_server;

  private:
    static qsizetype countDescriptors() {
        return QDir("/proc/self/fd").entryList(QDir::AllEntries | QDir::NoDotAndDotDot | QDir::System).size();
    }
    qsizetype m_descriptors = 0;
};

}  // namespace meerkat::test
