#include "ui/models/message_line.h"

#include <QDateTime>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace meerkat::ui {

namespace {

using app::MessageKind;

struct NamedKind {
    const char *word;
    MessageKind kind;
};
constexpr NamedKind kKinds[] = {{"part", MessageKind::Continuation}, {"text", MessageKind::Text}, {"binary", MessageKind::Binary},
                                {"close", MessageKind::Close},       {"ping", MessageKind::Ping}, {"pong", MessageKind::Pong},
                                {"opened", MessageKind::Opened},     {"lost", MessageKind::Lost}};

QString wordOf(MessageKind kind) {
    const auto found = std::find_if(std::begin(kKinds), std::end(kKinds), [kind](const auto &each) { return each.kind == kind; });
    return QLatin1String(found == std::end(kKinds) ? "text" : found->word);
}

// A whole number that a double holds exactly; `otherwise` for everything else.
quint64 numberOf(const QJsonValue &value, quint64 otherwise) {
    constexpr double kMost = 9007199254740992.0;
    const double number = value.toDouble(-1);
    return number >= 0 && number <= kMost && number == std::floor(number) ? static_cast<quint64>(number) : otherwise;
}

}  // namespace

QByteArray lineOf(const app::MessageRecord &record) {
    const auto bytes = QByteArray::fromRawData(record.payload.data(), static_cast<qsizetype>(record.payload.size()));
    QJsonObject json{{"time", QDateTime::fromMSecsSinceEpoch(record.atMs, Qt::UTC).toString(Qt::ISODateWithMs)},
                     {"connection", static_cast<qint64>(record.connectionId)},
                     {"kind", wordOf(record.kind)},
                     {"bytes", static_cast<qint64>(record.payloadBytes)},
                     {"wireBytes", static_cast<qint64>(record.wireBytes)}};
    if (app::isFrame(record.kind)) json["way"] = QLatin1String(record.isOutgoing ? "sent" : "received");
    if (record.closeCode != 0) json["closeCode"] = record.closeCode;
    if (bytes.isValidUtf8())
        json["text"] = QString::fromUtf8(bytes);
    else
        json["base64"] = QString::fromLatin1(bytes.toBase64());
    return QJsonDocument(json).toJson(QJsonDocument::Compact) + '\n';
}

std::optional<app::MessageRecord> messageOfLine(const QByteArray &line) {
    const QJsonDocument document = QJsonDocument::fromJson(line);
    if (!document.isObject()) return std::nullopt;
    const QString word = document["kind"].toString();
    const auto kind =
        std::find_if(std::begin(kKinds), std::end(kKinds), [&](const auto &each) { return word == QLatin1String(each.word); });
    const QDateTime at = QDateTime::fromString(document["time"].toString(), Qt::ISODateWithMs);
    if (kind == std::end(kKinds) || !at.isValid()) return std::nullopt;
    const QByteArray payload = document["base64"].isString() ? QByteArray::fromBase64(document["base64"].toString().toLatin1())
                                                             : document["text"].toString().toUtf8();
    app::MessageRecord record;
    record.atMs = at.toMSecsSinceEpoch();
    record.connectionId = numberOf(document["connection"], 0);
    record.kind = kind->kind;
    record.isOutgoing = document["way"].toString() == QLatin1String("sent");
    record.closeCode = static_cast<std::uint16_t>(std::min<quint64>(numberOf(document["closeCode"], 0), 65535));
    record.payload.assign(payload.constData(), std::min(static_cast<std::size_t>(payload.size()), app::kMostMessageBytes));
    const auto bytes = static_cast<quint64>(payload.size());
    record.payloadBytes = std::max(bytes, numberOf(document["bytes"], bytes));
    record.wireBytes = numberOf(document["wireBytes"], 0);
    return record;
}

}  // namespace meerkat::ui
