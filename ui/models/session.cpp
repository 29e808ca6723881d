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
    const bool wasServing = isSwitchedOn(*client);
    m_removed.push_back({m_servers.remove(row), row, wasServing});
}

int Session::undoRemove() {
    if (m_removed.empty()) return -1;
    const Removed last = m_removed.back();
    m_removed.pop_back();
    // Added again meanwhile: it gets back what it had, and stands in the list once.
    if (const int present = m_servers.rowOfFolder(last.profile.folder); present >= 0) {
        app::EngineClient &client = *m_servers.client(present);
        app::ServerProfile profile = last.profile;
        profile.wasServing = client.profile().wasServing;
        client.setProfile(profile);
        return present;
    }
    const int row = m_servers.add(last.profile, last.row);
    if (last.wasServing) m_servers.client(row)->start();
    return row;
}

QString Session::removedName() const { return m_removed.empty() ? QString() : m_removed.back().profile.name; }

bool Session::isServing() const {
    for (int row = 0; row < m_servers.rowCount(); ++row)
        if (isSwitchedOn(*m_servers.client(row))) return true;
    return false;
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
