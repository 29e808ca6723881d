#include "ui/models/session.h"

#include "ui/models/server_list_model.h"
#include "ui/models/serving.h"

#include <QDir>

namespace meerkat::ui {
namespace {

constexpr int kSaveDelayMs = 500;
constexpr qsizetype kMostRecent = 10;

}  // namespace

Session::Session(app::ProfileStore &store, ServerListModel &servers, QObject *parent)
    : QObject(parent), m_store(store), m_servers(servers) {
    m_saving.setSingleShot(true);
    m_saving.setInterval(kSaveDelayMs);
    connect(&m_saving, &QTimer::timeout, this, &Session::saveNow);
    connect(&m_servers, &ServerListModel::profilesChanged, &m_saving, qOverload<>(&QTimer::start));
}

Session::~Session() {
    if (m_saving.isActive()) saveNow();
}

void Session::restore() {
    m_state = m_store.load();
    for (const auto &profile : m_state.profiles) {
        const int row = m_servers.add(profile);
        if (profile.wasServing) m_servers.client(row)->start();
    }
    m_saving.stop();  // nothing has changed yet
    emit recentFoldersChanged();
}

int Session::serveFolder(const QString &folder) {
    const QString path = QDir::cleanPath(QDir(folder).absolutePath());
    int row = m_servers.rowOfFolder(path);
    if (row < 0) row = m_servers.add(app::ServerProfile::forFolder(path));
    app::EngineClient &client = *m_servers.client(row);
    if (!hasListener(client)) setServing(client, true);
    rememberRecent(path);
    return row;
}

void Session::removeServer(int row) {
    const app::EngineClient *client = m_servers.client(row);
    if (!client) return;
    m_removedWasServing = isSwitchedOn(*client);
    m_removedRow = row;
    m_removed = m_servers.remove(row);
}

int Session::undoRemove() {
    if (m_removedRow < 0) return -1;
    const int row = m_servers.add(m_removed, m_removedRow);
    if (m_removedWasServing) m_servers.client(row)->start();
    m_removedRow = -1;
    return row;
}

void Session::rememberRecent(const QString &folder) {
    change([&folder](app::StoredState &state) {
        state.recentFolders.removeAll(folder);
        state.recentFolders.prepend(folder);
        while (state.recentFolders.size() > kMostRecent) state.recentFolders.removeLast();
    });
    emit recentFoldersChanged();
}

void Session::saveNow() {
    m_saving.stop();
    m_state.profiles = m_servers.profiles();
    if (!m_store.save(m_state)) emit savingFailed(m_store.notice());
}

}  // namespace meerkat::ui
