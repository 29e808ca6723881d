#include "ui/models/websocket_places.h"

#include <QCoreApplication>

namespace meerkat::ui {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(Places)
};

}  // namespace

const QStringList &placeKinds() {
    static const QStringList kinds{QStringLiteral("manual"), QStringLiteral("echo"), QStringLiteral("broadcast")};
    return kinds;
}

QStringList placeKindTexts() {
    return {Words::tr("You answer"), Words::tr("Sends each message back"), Words::tr("Passes on to all there")};
}

QString placeKindText(const QString &kind) {
    const auto place = placeKinds().indexOf(kind);
    return place < 0 ? QString() : placeKindTexts().at(place);
}

QVector<WebSocketPlace> placesOf(const QString &option) {
    QVector<WebSocketPlace> places;
    for (const QString &item : option.split(u',', Qt::SkipEmptyParts)) {
        const auto equals = item.lastIndexOf(u'=');
        if (equals > 0) places.append({item.left(equals).trimmed(), item.mid(equals + 1).trimmed()});
    }
    return places;
}

QString optionOf(const QVector<WebSocketPlace> &places) {
    QStringList items;
    for (const WebSocketPlace &place : places)
        if (placeTrouble(place.pattern).isEmpty()) items << place.pattern.trimmed() + u'=' + place.kind;
    return items.join(u',');
}

QString placeTrouble(const QString &pattern) {
    const QString text = pattern.trimmed();
    if (text.isEmpty()) return Words::tr("A place needs a path, such as /chat.");
    if (text.contains(u',')) return Words::tr("A comma can't stand in a path: add one place for each.");
    for (const QString &alternative : text.split(u'|')) {
        const QString one = alternative.trimmed();
        const bool canMatch = !one.isEmpty() && QStringLiteral("/*?").contains(one.front());
        if (!canMatch) return Words::tr("A path begins with a slash, such as /chat.");
    }
    return {};
}

}  // namespace meerkat::ui
