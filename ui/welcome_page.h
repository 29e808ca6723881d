// Station: what a person meets who serves nothing yet: a place to drop a folder, a button, the folders of before.
#pragma once

#include "ui/models/recent_folders.h"

#include <QWidget>

class QLabel;
class QListView;

namespace meerkat::ui {

class DropArea;

class WelcomePage : public QWidget {
    Q_OBJECT
  public:
    explicit WelcomePage(QWidget *parent = nullptr);

    void setRecentFolders(const QStringList &folders);
    void setHighlighted(bool highlighted);

  signals:
    void chooseWanted();
    void folderWanted(const QString &folder);

  protected:
    void showEvent(QShowEvent *event) override;

  private:
    void open(const QModelIndex &index);

    RecentFolders m_recent;
    DropArea *m_dropArea;
    QLabel *m_recentTitle;
    QListView *m_recentList;
};

}  // namespace meerkat::ui
