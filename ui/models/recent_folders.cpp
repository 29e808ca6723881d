#include "ui/models/recent_folders.h"

#include <QCoreApplication>
#include <QDir>
#include <QPointer>
#include <QThreadPool>

namespace meerkat::ui {

void RecentFolders::setFolders(const QStringList &folders) {
    if (folders != m_folders) {
        beginResetModel();
        m_folders = folders;
        m_presence = QVector<Presence>(folders.size(), Presence::Asking);
        endResetModel();
    }
    check();
}

void RecentFolders::check() {
    QThreadPool::globalInstance()->start([folders = m_folders, self = QPointer<RecentFolders>(this)] {
        QVector<bool> exist;
        for (const QString &folder : folders) exist.append(QDir(folder).exists());
        // Through the application object, which outlives the pool: `self` may be looked at on its own thread only.
        QMetaObject::invokeMethod(
            QCoreApplication::instance(),
            [self, folders, exist] {
                if (self) self->take(folders, exist);
            },
            Qt::QueuedConnection);
    });
}

void RecentFolders::take(const QStringList &folders, const QVector<bool> &exist) {
    if (folders != m_folders) return;  // asked again meanwhile
    for (qsizetype i = 0; i < exist.size(); ++i) m_presence[i] = exist[i] ? Presence::There : Presence::Vanished;
    if (!m_folders.isEmpty()) emit dataChanged(index(0), index(rowCount() - 1));
    emit checked();
}

int RecentFolders::rowCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : static_cast<int>(m_folders.size()); }

QVariant RecentFolders::data(const QModelIndex &index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const QString &folder = m_folders[index.row()];
    switch (role) {
    case Qt::DisplayRole: {
        const QString name = QDir(folder).dirName();
        return name.isEmpty() ? QDir::toNativeSeparators(folder) : name;
    }
    case Qt::ToolTipRole:
    case PathRole:
        return QDir::toNativeSeparators(folder);
    case PresenceRole:
        return static_cast<int>(m_presence[index.row()]);
    default:
        return {};
    }
}

}  // namespace meerkat::ui
