// Station: what stays from one start of the program to the next, and the one way a folder comes to be served. From main_desktop, to main_window.
#pragma once

#include "app/profile_store.h"

#include <QObject>
#include <QTimer>

#include <vector>

namespace meerkat::ui {

class ServerListModel;

class Session : public QObject {
    Q_OBJECT
  public:
    Session(app::ProfileStore &store, ServerListModel &servers, QObject *parent = nullptr);
    ~Session() override;  // saves what has not been saved

    // Fills the list and starts what was serving. notice() tells if a broken file was set aside.
    void restore();
    QString notice() const { return m_store.notice(); }

    // Serves a folder; one that is in the list already is only started again. Returns its row.
    int serveFolder(const QString &folder);
    // Takes a server from the list. undoRemove() brings the one that went last back as it was, serving again if it did; then the one before.
    void removeServer(int row);
    int undoRemove();             // the row, or -1 if there is nothing to bring back
    QString removedName() const;  // of the one that comes back next; empty if there is none
    // Whether any folder is served, or is to be.
    bool isServing() const;

    const app::StoredState &state() const { return m_state; }
    // Changes that are written soon, together.
    template <typename Change>
    void change(Change change) {
        change(m_state);
        m_saving.start();
    }
    void saveNow();

  signals:
    void recentFoldersChanged();
    void savingFailed(const QString &reason);

  private:
    void rememberRecent(const QString &folder);

    app::ProfileStore &m_store;
    ServerListModel &m_servers;
    app::StoredState m_state;
    QTimer m_saving;
    struct Removed {
        app::ServerProfile profile;
        int row = 0;
        bool wasServing = false;
    };
    std::vector<Removed> m_removed;
};

}  // namespace meerkat::ui
