// Station: the tests. meerkatd as a process, for the tests of the whole program.
#pragma once

#include <QProcess>
#include <QTcpSocket>
#include <QtTest>

namespace meerkat::test {

inline const QStringList kAnyPort{"-listening_port", "127.0.0.1:0"};

// A running program, ended with the test.
class Program {
  public:
    Program(const QString &folder, const QStringList &arguments) : Program(folder, path(), arguments) {}
    // Started by another command, which has to become it.
    Program(const QString &folder, const QString &command, const QStringList &arguments) {
        m_process.setWorkingDirectory(folder);
        m_process.start(command, arguments);
    }
    ~Program() {
        m_process.kill();
        m_process.waitForFinished();
    }
    static QString path() { return qEnvironmentVariable("MEERKAT_BIN") + "/meerkatd"; }

    // The line that says that it listens; empty if it ended without.
    QString startLine() {
        const auto hasLine = [this] { return m_process.canReadLine() || m_process.state() == QProcess::NotRunning; };
        return QTest::qWaitFor(hasLine) ? QString::fromUtf8(m_process.readLine()) : QString();
    }
    bool ends(int ms = 20000) {
        return QTest::qWaitFor([this] { return m_process.state() == QProcess::NotRunning; }, ms);
    }
    void signal(const QString &name) { QProcess::execute("kill", {"-" + name, QString::number(m_process.processId())}); }
    QProcess &process() { return m_process; }

  private:
    QProcess m_process;
};

inline quint16 portOf(const QString &startLine) {
    static const QRegularExpression port(":(\\d+)/");
    return port.match(startLine).captured(1).toUShort();
}

inline bool isListening(quint16 port) {
    QTcpSocket socket;
    socket.connectToHost(QHostAddress::LocalHost, port);
    return socket.waitForConnected();
}

}  // namespace meerkat::test
