// Station: all servers in one view. From server_list_model, to the status bar and the tray. Stateless.
#pragma once

#include <QString>

namespace meerkat::ui {
class ServerListModel;
}

namespace meerkat::ui {

// All servers in one view.
enum class OverallState { Stopped, Serving, Trouble };
struct Overview {
    OverallState state = OverallState::Stopped;
    int servers = 0;
    int serving = 0;
    int inTrouble = 0;
    qsizetype visitors = 0;  // different client addresses
    double bytesPerSecond = 0;
    QString firstServing;    // name, as it may stand in a sentence
    QString firstTrouble;    // sentence
    QString firstInTrouble;  // name, as it may stand in a sentence
};
Overview overviewOf(const ServerListModel &servers);
QString statusLine(const Overview &overview);  // "1 of 2 serving · 1 in trouble · 3 visitors · 2.1 MB/s"
QString trayLine(const Overview &overview);    // "Serving Pictures, 3 visitors"

}  // namespace meerkat::ui
