// Station: a served folder as the window sees it. From ui/, to message_queue and engine_thread; news come back on a UI timer.
// Thread: UI. Calls no mg_* function but mg_wakeup_server.
#pragma once

#include "app/desktop.h"
#include "app/messages.h"
#include "app/server_profile.h"
#include "app/transfer_rate.h"

#include <QObject>
#include <QTimer>

#include <memory>
#include <optional>
#include <vector>

namespace meerkat::app {

class EngineClient;
class EngineThread;

enum class ServingState { Stopped, Starting, Serving, Stopping, Trouble };

// Trouble for people: one sentence, and the way out if there is one.
struct Trouble {
    TroubleKind kind = TroubleKind::Other;
    QString sentence;         // "Port 8080 is used by nginx."
    QString brief;            // the same where there is room for three words: "port 8080 is taken"
    quint16 offeredPort = 0;  // a free one to use instead; 0: none to offer
    QString option = {};      // the engine's name of the option to blame; empty: none
};

// The folders that are served beside this one. Asked when a port is taken.
class Neighbours {
  public:
    virtual ~Neighbours() = default;
    // The name of another folder than the one that asks which listens on the port; empty if there is none.
    virtual QString folderOnPort(quint16 port, const EngineClient &asking) const = 0;
};

class EngineClient : public QObject {
    Q_OBJECT
  public:
    // The desktop is borrowed: it tells which program holds a taken port.
    explicit EngineClient(ServerProfile profile, QObject *parent = nullptr, const Desktop &desktop = systemDesktop());
    ~EngineClient() override;  // stops and waits for the engine thread
    // Borrowed; null: it is the only one.
    void setNeighbours(const Neighbours *neighbours) { m_neighbours = neighbours; }

    const ServerProfile &profile() const { return m_profile; }
    // Applies at once when serving: a changed reach or port moves the listener, a changed folder the root. Where that is
    // refused, refused() says so and profile() goes back to what still serves.
    void setProfile(const ServerProfile &profile);

    void start();
    void stop();
    // Asks the engine whether it would take these; the answer is optionsChecked() with the number that is returned.
    quint64 checkOptions(const std::vector<std::pair<QString, QString>> &options);
    // Cuts one connection; 0: all.
    void closeConnection(quint64 id);
    // Whether somebody looks: snapshots come several times a second, otherwise none, and the timer slows down.
    void setWatched(bool watched);
    // Said by messageSent(). Nobody is reached by one that is stopped.
    void sendMessage(SendMessage message);

    // Trouble: nobody is served. Where the folder is to blame (it vanished, before the start or later; port() is not 0 then),
    // serving goes on by itself as soon as the folder is there: waitsForFolder(). A taken port is served once it is free.
    ServingState state() const { return m_state; }
    bool waitsForFolder() const;
    const Trouble &trouble() const { return m_trouble; }  // meaningful in Trouble
    const Trouble &refusal() const { return m_refusal; }  // why the last change was refused; meaningful at refused()
    quint16 port() const { return m_port; }               // in use; 0 when not serving
    const Snapshot &snapshot() const { return m_snapshot; }
    double bytesPerSecond() const { return m_rate.bytesPerSecond(); }  // delivered; 0 while nobody looks

  signals:
    void stateChanged();  // also where the engine accepted other settings, and goes on serving
    void profileChanged();
    void refused();  // a change, though the old settings still serve
    // For each option the engine's sentence, or an empty one where it would be taken.
    void optionsChecked(quint64 ticket, const QStringList &complaints);
    void snapshotChanged();
    void requestHappened(const meerkat::app::RequestRecord &record);
    void visitorCame(const QString &address);        // one that was not here since the start
    void engineComplained(const QString &sentence);  // it serves on
    void passwordWasWrong(const QString &address, const QString &user);
    // WebSocket messages that came and went since the last time, in order.
    void messagesHappened(const std::vector<meerkat::app::MessageRecord> &messages);
    void messageSent(quint64 connectionId, int reached);

  private:
    void drain();
    void handle(Started &&);
    void handle(Failed &&);
    void handle(Stopped &&);
    void handle(OptionsChecked &&);
    void handle(Snapshot &&);
    void handle(RequestRecord &&);
    void handle(VisitorCame &&);
    void handle(WrongPassword &&);
    void handle(EngineTrouble &&);
    void handle(FolderReachable &&);
    void handle(MessageRecord &&);
    void handle(MessageSent &&);
    void tellMessages();
    void postRules();
    enum class News { OfAnotherState, Always };
    void setState(ServingState state, News news = News::OfAnotherState);
    void setTimer();
    void lookAtPort();
    void command(Command command);
    void makeEngine();
    void goBackToWhatServes(Trouble refusal);
    void tellFolderState();
    StartServing startCommand() const;
    Trouble troubleOf(const Failed &failed) const;
    bool isListening() const { return m_port != 0; }

    const Desktop &m_desktop;
    const Neighbours *m_neighbours = nullptr;
    ServerProfile m_profile;
    ServerProfile m_servedProfile;  // the last that the engine accepted
    quint64 m_checks = 0;           // asked for
    quint64 m_checksAnswered = 0;
    int m_awaited = 0;  // starts and stops not answered yet: only the last answer tells the state
    ServingState m_state = ServingState::Stopped;
    Trouble m_trouble;
    Trouble m_refusal;
    quint16 m_port = 0;
    std::optional<TroubleKind> m_folderTrouble;  // of the folder under the running server; none: it is there
    Snapshot m_snapshot;
    TransferRate m_rate;
    std::vector<MessageRecord> m_messages;  // taken, not told yet
    bool m_isWatched = false;
    QTimer m_timer;
    QTimer m_portWatch;  // while a taken port is all that is in the way
    std::unique_ptr<EngineThread> m_engine;
};

}  // namespace meerkat::app
