// Station: the tests. What the tests of engine_client stand on: a folder to serve, made anew for each, and a visitor.
#pragma once

#include "app/server_profile.h"
#include "support/fake_desktop.h"

#include <QDir>
#include <QFile>
#include <QHostAddress>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

class ServedFolder {
  protected:
    // With inner/ and a.bin of 1 MB.
    void makeFolder() {
        m_desktop.program.clear();
        m_folder = std::make_unique<QTemporaryDir>();
        QVERIFY(m_folder->isValid());
        QVERIFY(QDir(m_folder->path()).mkpath("site/inner"));
        QFile file(m_folder->filePath("site/a.bin"));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.resize(1 << 20));
    }
    meerkat::app::ServerProfile profile() const { return meerkat::app::ServerProfile::forFolder(m_folder->filePath("site")); }
    // The status of the answer; the answer is read to its end.
    static quint16 get(quint16 port, const QByteArray &target) {
        QTcpSocket socket;
        socket.connectToHost(QHostAddress::LocalHost, port);
        if (!socket.waitForConnected()) return 0;
        socket.write("GET " + target + " HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
        QByteArray answer;
        (void)QTest::qWaitFor([&] { return answer += socket.readAll(), socket.state() == QAbstractSocket::UnconnectedState; });
        return answer.mid(9, 3).toUShort();
    }

    FakeDesktop m_desktop;
    std::unique_ptr<QTemporaryDir> m_folder;
};
