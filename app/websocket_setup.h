// Station: what a person keeps ready for the WebSockets of a folder. In server_profile. Plain values.
#pragma once

#include <QString>
#include <QVector>

namespace meerkat::app {

// A text to send with one click.
struct CannedReply {
    QString name;
    QString text;
    bool operator==(const CannedReply &) const = default;
};

// At a place whose messages are answered by hand: what contains the one gets the other.
struct ReplyRule {
    QString contains;
    QString answer;
    bool isOn = true;
    bool operator==(const ReplyRule &) const = default;
};

constexpr int kLeastMessageMemory = 8;  // MiB
constexpr int kMostMessageMemory = 4096;

struct WebSocketSetup {
    QVector<CannedReply> canned;
    QVector<ReplyRule> rules;  // in order: the first that fits answers
    int memoryMiB = 64;        // for the messages that are kept to be looked at
    bool operator==(const WebSocketSetup &) const = default;
};

}  // namespace meerkat::app
