// Station: the served folders, each with its engine. From session, to the list, the pages and the tray.
// Owns the engine clients; a pointer from here is good until the row is removed.
#pragma once

#include "app/engine_client.h"

#include <QAbstractListModel>

#include <memory>
#include <vector>

namespace meerkat::ui {

class ServerListModel : public QAbstractListModel, private app::Neighbours {
    Q_OBJECT
  public:
    enum Role {
        StateRole = Qt::UserRole + 1,  // app::ServingState as int
        DetailRole,                    // ":8080", "stopped", or the trouble in three words
        RateRole,                      // "2.1 MB/s"; empty when nothing flows
        IdRole,
    };

    explicit ServerListModel(QObject *parent = nullptr);
    ~ServerListModel() override;

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;

    // Does not start it. `row` beyond the end, or -1: last. Returns the row it got.
    int add(const app::ServerProfile &profile, int row = -1);
    // The engine stops in its own time; the profile is what brings it back.
    app::ServerProfile remove(int row);

    app::EngineClient *client(int row) const;  // null outside the list
    int rowOfId(const QString &id) const;      // -1 if there is none
    int rowOfFolder(const QString &folder) const;
    QVector<app::ServerProfile> profiles() const;

    // Whether somebody looks at the window.
    void setWatched(bool watched);

  signals:
    void profilesChanged();  // something worth storing
    void newsCame();         // a state or a number changed

  private:
    QString folderOnPort(quint16 port, const app::EngineClient &asking) const override;
    void announce(const app::EngineClient *client);
    void retire(std::unique_ptr<app::EngineClient> client);
    QString detailOf(const app::EngineClient &client) const;
    QString reasonOf(const app::EngineClient &client) const;
    QString toolTipOf(const app::EngineClient &client) const;

    std::vector<std::unique_ptr<app::EngineClient>> m_clients;
    std::vector<std::unique_ptr<app::EngineClient>> m_retired;  // stopping; the window does not wait for them
    bool m_isWatched = false;
};

}  // namespace meerkat::ui
