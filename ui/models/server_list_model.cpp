#include "ui/models/server_list_model.h"

#include "ui/models/format.h"
#include "ui/models/request_log.h"
#include "ui/models/serving.h"
#include "ui/models/visitors.h"
#include "ui/models/websocket_session.h"

#include <QDir>

#include <algorithm>

namespace meerkat::ui {

using app::EngineClient;
using app::ServingState;

ServerListModel::ServerListModel(QObject *parent) : QAbstractListModel(parent) {}

ServerListModel::~ServerListModel() {
    // All engines stop side by side; each destructor then finds its own nearly done.
    for (const auto &client : m_clients) {
        client->disconnect(this);
        client->stop();
    }
}

int ServerListModel::rowCount(const QModelIndex &parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_clients.size());
}

QVariant ServerListModel::data(const QModelIndex &index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const EngineClient &served = *client(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return served.profile().name;
    case Qt::ToolTipRole:
        return toolTipOf(served);
    case Qt::AccessibleTextRole:
        return tr("%1, %2").arg(served.profile().name, reasonOf(served));
    case StateRole:
        return static_cast<int>(served.state());
    case DetailRole:
        return detailOf(served);
    case RateRole:
        return served.state() == ServingState::Serving && served.bytesPerSecond() >= 1 ? rateText(served.bytesPerSecond())
                                                                                       : QString();
    case IdRole:
        return served.profile().id;
    default:
        return {};
    }
}

int ServerListModel::add(const app::ServerProfile &profile, int row) {
    const int count = rowCount();
    if (row < 0 || row > count) row = count;
    auto client = std::make_unique<EngineClient>(profile);
    new RequestLog(*client);
    new Visitors(*client);
    const EngineClient *raw = client.get();
    client->setNeighbours(this);
    WebSocketSession::of(*client);  // messages are kept from the start, whichever page is seen
    client->setWatched(m_isWatched);
    for (const auto signal : {&EngineClient::stateChanged, &EngineClient::snapshotChanged, &EngineClient::refused})
        connect(raw, signal, this, [this, raw] { announce(raw); });
    connect(raw, &EngineClient::profileChanged, this, [this, raw] {
        announce(raw);
        emit profilesChanged();
    });

    beginInsertRows({}, row, row);
    m_clients.insert(m_clients.begin() + row, std::move(client));
    endInsertRows();
    emit profilesChanged();
    emit newsCame();
    return row;
}

app::ServerProfile ServerListModel::remove(int row) {
    const auto position = m_clients.begin() + row;
    app::ServerProfile profile = (*position)->profile();
    beginRemoveRows({}, row, row);
    auto client = std::move(*position);
    m_clients.erase(position);
    endRemoveRows();
    retire(std::move(client));
    emit profilesChanged();
    emit newsCame();
    return profile;
}

void ServerListModel::retire(std::unique_ptr<EngineClient> client) {
    client->disconnect(this);
    client->setNeighbours(nullptr);
    if (!hasListener(*client)) {
        client.release()->deleteLater();
        return;
    }
    EngineClient *raw = client.get();
    connect(raw, &EngineClient::stateChanged, this, [this, raw] {
        if (hasListener(*raw)) return;
        const auto found = std::find_if(m_retired.begin(), m_retired.end(), [raw](const auto &one) { return one.get() == raw; });
        if (found == m_retired.end()) return;
        found->release()->deleteLater();  // it is the sender of this very signal
        m_retired.erase(found);
    });
    m_retired.push_back(std::move(client));
    raw->stop();
}

EngineClient *ServerListModel::client(int row) const {
    return row >= 0 && row < rowCount() ? m_clients[static_cast<std::size_t>(row)].get() : nullptr;
}

int ServerListModel::rowOfId(const QString &id) const {
    const auto found =
        std::find_if(m_clients.begin(), m_clients.end(), [&id](const auto &one) { return one->profile().id == id; });
    return found == m_clients.end() ? -1 : static_cast<int>(found - m_clients.begin());
}

int ServerListModel::rowOfFolder(const QString &folder) const {
    const QString wanted = QDir::cleanPath(folder);
    const auto found = std::find_if(m_clients.begin(), m_clients.end(),
                                    [&wanted](const auto &one) { return QDir::cleanPath(one->profile().folder) == wanted; });
    return found == m_clients.end() ? -1 : static_cast<int>(found - m_clients.begin());
}

QVector<app::ServerProfile> ServerListModel::profiles() const {
    QVector<app::ServerProfile> profiles;
    for (const auto &client : m_clients) profiles.append(client->profile());
    return profiles;
}

void ServerListModel::setWatched(bool watched) {
    m_isWatched = watched;
    for (const auto &client : m_clients) client->setWatched(watched);
}

void ServerListModel::announce(const EngineClient *client) {
    const auto found =
        std::find_if(m_clients.begin(), m_clients.end(), [client](const auto &one) { return one.get() == client; });
    if (found == m_clients.end()) return;
    const QModelIndex changed = index(static_cast<int>(found - m_clients.begin()));
    emit dataChanged(changed, changed);
    emit newsCame();
}

QString ServerListModel::folderOnPort(quint16 port, const EngineClient &asking) const {
    const auto found = std::find_if(m_clients.begin(), m_clients.end(),
                                    [&](const auto &one) { return one.get() != &asking && one->port() == port; });
    return found == m_clients.end() ? QString() : (*found)->profile().name;
}

// The whole sentence, for who hears it.
QString ServerListModel::reasonOf(const EngineClient &client) const {
    return client.state() == ServingState::Trouble ? client.trouble().sentence : detailOf(client);
}

QString ServerListModel::toolTipOf(const EngineClient &client) const {
    const QString folder = QDir::toNativeSeparators(client.profile().folder);
    return client.state() == ServingState::Trouble ? folder + u'\n' + client.trouble().sentence : folder;
}

QString ServerListModel::detailOf(const EngineClient &client) const {
    switch (client.state()) {
    case ServingState::Stopped:
        return tr("stopped");
    case ServingState::Starting:
        return tr("starting");
    case ServingState::Stopping:
        return tr("stopping");
    case ServingState::Trouble:
        return client.trouble().brief;
    case ServingState::Serving:
        return tr(":%1", "a port, as in :8080").arg(client.port());
    }
    return {};
}

}  // namespace meerkat::ui
