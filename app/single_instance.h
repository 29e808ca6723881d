// Station: a second start hands its folders to the running program. From main_desktop, to main_window. QLocalServer named for the user.
#pragma once

#include <QObject>
#include <QStringList>

#include <memory>

class QLocalServer;
class QLocalSocket;

namespace meerkat::app {

class SingleInstance : public QObject {
    Q_OBJECT
  public:
    // `name` tells programs apart; defaultName() has the user in it, so that two people on one machine do not meet.
    explicit SingleInstance(QString name, QObject *parent = nullptr);
    ~SingleInstance() override;
    static QString defaultName();

    // True if another one runs and has taken the folders (an empty list: only "show yourself"). Takes at most two seconds.
    bool handOver(const QStringList &folders);
    // Becomes the one that runs. False if another was quicker. A socket left behind by a crash is replaced.
    bool listen();

  signals:
    void foldersArrived(const QStringList &folders);  // absolute; empty: show the window

  private:
    QString lockPath() const;
    void takeSockets();
    void readFrom(QLocalSocket *socket);

    QString m_name;
    std::unique_ptr<QLocalServer> m_server;
};

}  // namespace meerkat::app
