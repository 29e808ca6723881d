// Station: profiles and the window's place on disk. From the window, to a JSON file in the user's configuration folder.
#pragma once

#include "app/server_profile.h"

#include <QByteArray>
#include <QString>
#include <QStringList>
#include <QVector>

namespace meerkat::app {

// What a person does when the window closes and there is no tray.
enum class CloseAction { Ask, Quit, Minimise };

struct StoredState {
    QVector<ServerProfile> profiles;  // in the order shown
    QString selectedId;
    QStringList recentFolders;   // newest first, at most 10
    QByteArray windowGeometry;   // QWidget::saveGeometry
    QByteArray tableState;       // QHeaderView::saveState of the connections
    QString selectedPage;        // of the window: "connectionsPage", …; empty: the first
    bool toldAboutTray = false;  // "Meerkat keeps serving" was said once
    CloseAction closeWithoutTray = CloseAction::Ask;
};

class ProfileStore {
  public:
    // `path` of the file; defaultPath() unless a test has its own.
    explicit ProfileStore(QString path);
    static QString defaultPath();

    // What is stored; defaults if there is no file yet. A file that is broken or of a newer version is set aside (renamed with a date) and
    // `notice()` says so in one sentence. Of a file with values that can't be used the rest is taken; the file is kept as it was beside
    // the mended one, and `notice()` names the values.
    StoredState load();
    QString notice() const { return m_notice; }

    // Whole or not at all (QSaveFile). False, and notice() says why, if the disk refuses.
    bool save(const StoredState &state);

  private:
    void setAside(const QString &reason);
    void replaceWith(const StoredState &state, const QStringList &unusable);

    QString m_path;
    QString m_notice;
    QString m_whyNotSaved;  // with m_mustNotOverwrite
    bool m_mustNotOverwrite = false;
};

}  // namespace meerkat::app
