// Station: one served folder as a person set it up. From profile_store and the window, to engine_client. A plain value.
#pragma once

#include "app/websocket_setup.h"

#include <QString>
#include <QStringList>

#include <map>

namespace meerkat::app {

// What cgi_pattern is for a folder unless its profile says otherwise. Whoever shares a folder with a click does not mean to run what lies in it: that takes a word of theirs.
inline constexpr char kNoScripts[] = "$";

enum class Reach { ThisComputer, MyNetwork };

struct ServerProfile {
    QString id;                  // never shown; a UUID
    QString name;                // "Pictures"; the folder's name unless a person chose another
    QString folder;              // absolute
    quint16 port = 0;            // 0: 8080 or the next free one
    bool portWasChosen = false;  // a person typed it: never changed silently
    Reach reach = Reach::ThisComputer;
    bool wasServing = true;              // serve again at the next start
    std::map<QString, QString> options;  // further mg options that differ from their default
    WebSocketSetup webSocket;

    bool operator==(const ServerProfile &) const = default;

    // A new profile for a folder: fresh id, name from the folder.
    static ServerProfile forFolder(const QString &folder);
};

}  // namespace meerkat::app
