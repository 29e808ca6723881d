#include "app/trouble.h"

#include "app/shown_name.h"

#include <QCoreApplication>
#include <QHostAddress>
#include <QTcpServer>

#include <algorithm>

namespace meerkat::app {

namespace {

constexpr int kPortsTried = 100;
constexpr quint16 kFirstFreePort = 8080;

QString tr(const char *text) { return QCoreApplication::translate("meerkat::app::Trouble", text); }

QString takenSentence(quint16 port, const Desktop &desktop, const QString &ownFolder) {
    if (!ownFolder.isEmpty()) return tr("Port %1 is used by your folder %2.").arg(QString::number(port), shownName(ownFolder));
    const QString program = desktop.programOnPort(port);
    if (program.isEmpty()) return tr("Port %1 is used by another program.").arg(port);
    return tr("Port %1 is used by %2.").arg(QString::number(port), program);
}

// At a start nobody knows whether the folder ever was there.
Trouble startTrouble(const ServerProfile &profile, TroubleKind kind) {
    Trouble trouble = folderTrouble(profile, kind);
    if (kind != TroubleKind::FolderMissing) return trouble;
    trouble.brief = tr("not there");
    const QString name = shownName(profile.name);
    // What no UTF-8 is arrives here as U+FFFD, and can't be found by that name.
    trouble.sentence =
        profile.folder.contains(QChar::ReplacementCharacter)
            ? tr("The folder %1 can't be found by its name, which is not UTF-8. Rename it, or choose another folder.").arg(name)
            : tr("The folder %1 is not there. It is served as soon as it is.").arg(name);
    return trouble;
}

// The engine's sentence as it stands beside ours: with a capital and a full stop.
QString sentenceOf(const std::string &text) {
    QString sentence = QString::fromStdString(text).trimmed();
    if (sentence.isEmpty()) return sentence;
    sentence[0] = sentence[0].toUpper();
    return sentence.endsWith('.') ? sentence : sentence + '.';
}

}  // namespace

bool isPortFree(quint16 port, Reach reach) {
    QTcpServer probe;
    return probe.listen(reach == Reach::MyNetwork ? QHostAddress::Any : QHostAddress::LocalHost, port);
}

quint16 freePortAfter(quint16 port, Reach reach) {
    const int first = std::max<int>(port + 1, 1024);
    for (int candidate = first; candidate < std::min(first + kPortsTried, 65536); ++candidate) {
        if (isPortFree(static_cast<quint16>(candidate), reach)) return static_cast<quint16>(candidate);
    }
    QTcpServer any;
    return any.listen(reach == Reach::MyNetwork ? QHostAddress::Any : QHostAddress::LocalHost) ? any.serverPort() : quint16(0);
}

Trouble troubleFor(const Failed &failed, const ServerProfile &profile, const Desktop &desktop, const QString &ownFolder) {
    switch (failed.kind) {
    case TroubleKind::PortTaken:
        return {failed.kind, takenSentence(failed.port, desktop, ownFolder), tr("port %1 is taken").arg(failed.port),
                freePortAfter(failed.port, profile.reach)};
    case TroubleKind::PortForbidden:
        return {failed.kind, tr("Only an administrator may use port %1 here.").arg(failed.port),
                tr("port %1 is not allowed").arg(failed.port), freePortAfter(kFirstFreePort - 1, profile.reach)};
    case TroubleKind::FolderMissing:
    case TroubleKind::FolderUnreadable:
    case TroubleKind::FolderIsFile:
        return startTrouble(profile, failed.kind);
    case TroubleKind::OptionRefused:
    case TroubleKind::Other:
        break;
    }
    return {failed.kind, sentenceOf(failed.text), tr("can't be served")};
}

Trouble folderTrouble(const ServerProfile &profile, TroubleKind kind) {
    const QString name = shownName(profile.name);
    if (kind == TroubleKind::FolderUnreadable)
        return {kind,
                tr("The folder %1 can't be read. Allow it in the folder's permissions, or choose another folder.").arg(name),
                tr("can't be read")};
    if (kind == TroubleKind::FolderIsFile) return {kind, tr("%1 is a file; Meerkat serves folders.").arg(name), tr("is a file")};
    return {kind, tr("The folder %1 is no longer there. It is served again as soon as it is back.").arg(name),
            tr("no longer there")};
}

}  // namespace meerkat::app
