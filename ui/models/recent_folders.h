// Station: the folders served before, and whether they are still there. From session, to the welcome page.
// The disk is asked on a worker: a sleeping network drive must not hold the window.
#pragma once

#include <QAbstractListModel>
#include <QStringList>
#include <QVector>

namespace meerkat::ui {

class RecentFolders : public QAbstractListModel {
    Q_OBJECT
  public:
    enum class Presence { Asking, There, Vanished };
    enum Role { PathRole = Qt::UserRole + 1, PresenceRole };

    using QAbstractListModel::QAbstractListModel;

    void setFolders(const QStringList &folders);  // and asks for them
    void check();                                 // asks again

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;

  signals:
    void checked();

  private:
    void take(const QStringList &folders, const QVector<bool> &exist);

    QStringList m_folders;
    QVector<Presence> m_presence;
};

}  // namespace meerkat::ui
