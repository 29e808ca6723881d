// Station: the option websocket_endpoints <-> the places that a person edits. From the WebSocket page. Pure.
#pragma once

#include <QString>
#include <QStringList>
#include <QVector>

namespace meerkat::ui {

struct WebSocketPlace {
    QString pattern;  // "/chat"
    QString kind;     // "echo", "broadcast", "manual"
    bool operator==(const WebSocketPlace &) const = default;
};

// In the order of a choice: the words of the option, and what a person reads.
const QStringList &placeKinds();
QStringList placeKindTexts();
QString placeKindText(const QString &kind);

QVector<WebSocketPlace> placesOf(const QString &option);
QString optionOf(const QVector<WebSocketPlace> &places);
// What is wrong with a pattern, in a sentence; empty where it can stand.
QString placeTrouble(const QString &pattern);

}  // namespace meerkat::ui
