#include "app/single_instance.h"

#include <QDeadlineTimer>
#include <QDir>
#include <QFileInfo>
#include <QLocalServer>
#include <QLocalSocket>
#include <QLockFile>
#include <QStandardPaths>
#include <QTimer>
#include <QtEndian>

#include <algorithm>
#include <optional>

namespace meerkat::app {

namespace {

// A message: four bytes of magic, four of length (big-endian), then the folders in UTF-8, '\0' after each. The answer is one byte.
const QByteArray kMagic = QByteArrayLiteral("MKT1");
constexpr int kHeadBytes = 8;
constexpr quint32 kMostBytes = 64 * 1024;
constexpr int kMostFolders = 64;
constexpr int kMostSockets = 8;
constexpr int kPatienceMs = 2000;
constexpr int kProbeMs = 300;
constexpr char kTaken = 'K';

QByteArray messageFor(const QStringList &folders) {
    QByteArray body;
    for (const QString &folder : folders) body += QFileInfo(folder).absoluteFilePath().toUtf8() + '\0';
    QByteArray length(4, '\0');
    qToBigEndian(static_cast<quint32>(body.size()), length.data());
    return kMagic + length + body;
}

enum class MessageState { NeedMore, Complete, Refused };
struct MessageOutcome {
    MessageState state = MessageState::NeedMore;
    QStringList folders;
};

MessageOutcome foldersOf(const QByteArray &body) {
    if (body.isEmpty()) return {MessageState::Complete, {}};
    if (!body.endsWith('\0')) return {MessageState::Refused, {}};
    MessageOutcome outcome{MessageState::Complete, {}};
    for (const QByteArray &path : body.chopped(1).split('\0')) {
        const QString folder = QString::fromUtf8(path);
        if (!QDir::isAbsolutePath(folder)) return {MessageState::Refused, {}};
        outcome.folders.append(QDir::cleanPath(folder));
    }
    if (outcome.folders.size() > kMostFolders) return {MessageState::Refused, {}};
    return outcome;
}

MessageOutcome parseMessage(const QByteArray &bytes) {
    if (!kMagic.startsWith(bytes.left(kMagic.size()))) return {MessageState::Refused, {}};
    if (bytes.size() < kHeadBytes) return {};
    const auto length = qFromBigEndian<quint32>(bytes.constData() + kMagic.size());
    if (length > kMostBytes) return {MessageState::Refused, {}};
    const auto whole = kHeadBytes + static_cast<qsizetype>(length);
    if (bytes.size() < whole) return {};
    if (bytes.size() > whole) return {MessageState::Refused, {}};
    return foldersOf(bytes.mid(kHeadBytes));
}

int remainingMs(const QDeadlineTimer &deadline) { return static_cast<int>(deadline.remainingTime()); }

bool isSomebodyThere(const QString &name) {
    QLocalSocket probe;
    probe.connectToServer(name);
    return probe.waitForConnected(kProbeMs);
}

}  // namespace

SingleInstance::SingleInstance(QString name, QObject *parent) : QObject(parent), m_name(std::move(name)) {}

SingleInstance::~SingleInstance() = default;

// The runtime folder belongs to the user alone, unlike the temporary one, where somebody else could wait under our name.
QString SingleInstance::defaultName() { return QStandardPaths::writableLocation(QStandardPaths::RuntimeLocation) + "/meerkat"; }

bool SingleInstance::handOver(const QStringList &folders) {
    const QDeadlineTimer deadline(kPatienceMs);
    QLocalSocket socket;
    socket.connectToServer(m_name);
    if (!socket.waitForConnected(remainingMs(deadline))) return false;
    socket.write(messageFor(folders));
    while (socket.bytesToWrite() > 0) {
        if (!socket.waitForBytesWritten(remainingMs(deadline))) return false;
    }
    if (socket.bytesAvailable() == 0 && !socket.waitForReadyRead(remainingMs(deadline))) return false;
    return socket.read(1) == QByteArray(1, kTaken);
}

// Under a lock, so that of two that start at once and find the same dead socket, neither removes the other's fresh one.
bool SingleInstance::listen() {
    QLockFile lock(lockPath());
    if (!lock.tryLock(kPatienceMs) && lock.error() == QLockFile::LockFailedError) return false;
    if (isSomebodyThere(m_name)) return false;
    QLocalServer::removeServer(m_name);
    m_server = std::make_unique<QLocalServer>();
    m_server->setSocketOptions(QLocalServer::UserAccessOption);
    connect(m_server.get(), &QLocalServer::newConnection, this, &SingleInstance::takeSockets);
    if (m_server->listen(m_name)) return true;
    m_server.reset();
    return false;
}

QString SingleInstance::lockPath() const {
    if (QDir::isAbsolutePath(m_name)) return m_name + ".lock";
    return QStandardPaths::writableLocation(QStandardPaths::RuntimeLocation) + '/' + m_name + ".lock";
}

void SingleInstance::takeSockets() {
    while (QLocalSocket *socket = m_server->nextPendingConnection()) {
        connect(socket, &QLocalSocket::disconnected, socket, &QObject::deleteLater);
        if (m_server->findChildren<QLocalSocket *>().size() > kMostSockets) {
            socket->abort();
            continue;
        }
        socket->setReadBufferSize(kHeadBytes + kMostBytes + 1);
        connect(socket, &QLocalSocket::readyRead, this, [this, socket] { readFrom(socket); });
        QTimer::singleShot(kPatienceMs, socket, &QLocalSocket::abort);
        if (socket->bytesAvailable() > 0) readFrom(socket);
    }
}

// Nothing is taken from the socket before the message is whole: its buffer is the bound.
void SingleInstance::readFrom(QLocalSocket *socket) {
    const MessageOutcome outcome = parseMessage(socket->peek(kHeadBytes + kMostBytes + 1));
    if (outcome.state == MessageState::NeedMore) return;
    if (outcome.state == MessageState::Refused) return socket->abort();
    socket->disconnect(this);
    socket->write(&kTaken, 1);
    socket->disconnectFromServer();
    emit foldersArrived(outcome.folders);
}

}  // namespace meerkat::app
