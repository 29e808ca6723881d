// Station: who was here since the folder is in the list. From engine_client's word of each new address, to the Share page and the tray.
// Bounded by the engine, which tells of so many addresses and no more.
#pragma once

#include <QObject>
#include <QSet>

namespace meerkat::app {
class EngineClient;
}

namespace meerkat::ui {

class Visitors : public QObject {
    Q_OBJECT
  public:
    // Its child.
    explicit Visitors(app::EngineClient &client);
    // Null if it has none.
    static Visitors *of(const app::EngineClient *client);

    // From another device than this one.
    bool hasOutsider() const { return m_outsiders > 0; }

  signals:
    void outsiderCame(const QString &address, bool isFirst);

  private:
    void note(const QString &address);

    QSet<QString> m_seen;
    int m_outsiders = 0;
};

// Why nobody from outside may have reached the folder, the likeliest first: sentences.
QStringList whyNobodyCame(const app::EngineClient &client);

}  // namespace meerkat::ui
