#include "app/profile_store.h"

#include "app/stored_state.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>
#include <QStandardPaths>

namespace meerkat::app {

namespace {

constexpr qsizetype kMostNamed = 3;
constexpr qint64 kMostBytes = 16 << 20;  // no file of ours is near it; what is larger is not ours

QString tr(const char *text) { return QCoreApplication::translate("meerkat::app::ProfileStore", text); }

// "meerkat-2026-11-23.json", with a number behind the date where that is taken.
QString freeNameBeside(const QString &path) {
    const QFileInfo info(path);
    const QString stem = info.completeBaseName() + '-' + QDate::currentDate().toString(Qt::ISODate);
    QString name = stem + '.' + info.suffix();
    for (int number = 2; info.dir().exists(name); ++number)
        name = QString("%1-%2.%3").arg(stem, QString::number(number), info.suffix());
    return name;
}

// "the port of site (99999), the reach of music ("galaxy") and 3 more"
QString listed(const QStringList &phrases) {
    const QString first = phrases.mid(0, kMostNamed).join(QStringLiteral(", "));
    const auto more = phrases.size() - kMostNamed;
    return more <= 0 ? first : tr("%1 and %2 more").arg(first).arg(more);
}

}  // namespace

ProfileStore::ProfileStore(QString path) : m_path(std::move(path)) {}

QString ProfileStore::defaultPath() {
    return QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation) + "/meerkat/meerkat.json";
}

StoredState ProfileStore::load() {
    m_notice.clear();
    m_mustNotOverwrite = false;
    QFile file(m_path);
    if (!file.exists()) return {};
    if (!file.open(QIODevice::ReadOnly)) {
        m_mustNotOverwrite = true;
        m_whyNotSaved = tr("Your folders could not be read: %1 can't be opened (%2). Nothing is saved until it is moved away.")
                            .arg(QDir::toNativeSeparators(m_path), file.errorString());
        m_notice = m_whyNotSaved;
        return {};
    }
    const QByteArray bytes = file.read(kMostBytes);
    file.close();
    auto read = readFileText(bytes);
    if (!read) {
        setAside(tr("The list of your folders was damaged."));
        return {};
    }
    if (read->version > kStateVersion) {
        setAside(tr("The list of your folders was written by a newer Meerkat."));
        return {};
    }
    if (!read->unusable.isEmpty()) replaceWith(read->state, read->unusable);
    return std::move(read->state);
}

// The next start finds a file without fault, and is silent.
void ProfileStore::replaceWith(const StoredState &state, const QStringList &unusable) {
    const QString reason = tr("In the list of your folders this can't be used: %1.").arg(listed(unusable));
    const QString name = freeNameBeside(m_path);
    const bool isKept = QFile::copy(m_path, QFileInfo(m_path).dir().filePath(name));
    const bool isReplaced = isKept && save(state);
    m_mustNotOverwrite = !isReplaced;
    m_notice = reason + ' ' +
               (isReplaced ? tr("The list as it was is kept as %1.").arg(name)
                           : tr("Nothing is saved until %1 is moved away.").arg(QDir::toNativeSeparators(m_path)));
    m_whyNotSaved = m_notice;
}

// What can't be set aside is not written over either: it may be all that is left of somebody's folders.
void ProfileStore::setAside(const QString &reason) {
    const QString name = freeNameBeside(m_path);
    m_mustNotOverwrite = !QFile::rename(m_path, QFileInfo(m_path).dir().filePath(name));
    m_notice = reason + ' ' +
               (m_mustNotOverwrite ? tr("Nothing is saved until %1 is moved away.").arg(QDir::toNativeSeparators(m_path))
                                   : tr("It was kept as %1, and a new one begins.").arg(name));
    m_whyNotSaved = m_notice;
}

bool ProfileStore::save(const StoredState &state) {
    m_notice.clear();
    if (m_mustNotOverwrite && QFile::exists(m_path)) {
        m_notice = m_whyNotSaved;
        return false;
    }
    const QString folder = QFileInfo(m_path).path();
    if (!QDir().mkpath(folder)) {
        m_notice = tr("Your folders could not be saved: the folder %1 can't be made.").arg(QDir::toNativeSeparators(folder));
        return false;
    }
    QSaveFile file(m_path);
    const QByteArray bytes = fileTextOf(state);
    if (file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.commit()) return true;
    const QString reason = file.errorString();
    m_notice =
        reason.contains(m_path)
            ? tr("Your folders could not be saved: %1.").arg(reason)
            : tr("Your folders could not be saved: %1 can't be written (%2).").arg(QDir::toNativeSeparators(m_path), reason);
    return false;
}

}  // namespace meerkat::app
