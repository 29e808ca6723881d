#include "ui/models/request_export.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QUrl>
#include <QUrlQuery>

#include <utility>

namespace meerkat::ui {
namespace {

// What record.headers holds for a secret that was left out.
constexpr QChar kLeftOut(0x2026);

QString text(const std::string &bytes) { return QString::fromUtf8(bytes.data(), static_cast<qsizetype>(bytes.size())); }

QVector<std::pair<QString, QString>> headersOf(const app::RequestRecord &record) {
    QVector<std::pair<QString, QString>> headers;
    for (const QString &line : text(record.headers).split(QStringLiteral("\r\n"), Qt::SkipEmptyParts)) {
        const qsizetype colon = line.indexOf(u':');
        headers.append({line.left(colon), line.mid(colon + 1).trimmed()});
    }
    return headers;
}

// For a POSIX shell: everything between single quotes is itself.
QString quoted(QString word) { return u'\'' + word.replace(u'\'', QStringLiteral("'\\''")) + u'\''; }

QString urlOf(const app::RequestRecord &record, const QString &origin) {
    const QString target = text(record.target);
    return target.startsWith(u'/') ? origin + target : target;
}

QString isoTime(qint64 ms) { return QDateTime::fromMSecsSinceEpoch(ms, Qt::UTC).toString(Qt::ISODateWithMs); }

QJsonObject harEntry(const app::RequestRecord &record, const QString &origin) {
    QJsonArray headers, query;
    for (const auto &[name, value] : headersOf(record)) headers.append(QJsonObject{{"name", name}, {"value", value}});
    const QString url = urlOf(record, origin);
    for (const auto &[name, value] : QUrlQuery(QUrl(url)).queryItems(QUrl::FullyDecoded))
        query.append(QJsonObject{{"name", name}, {"value", value}});
    const double ms = static_cast<double>(record.durationUs) / 1000;
    const qint64 bytes = static_cast<qint64>(record.bytesSent);
    return {{"startedDateTime", isoTime(record.endedMs - static_cast<qint64>(ms))},
            {"time", ms},
            {"request", QJsonObject{{"method", text(record.method)},
                                    {"url", url},
                                    {"httpVersion", "HTTP/1.1"},
                                    {"cookies", QJsonArray()},
                                    {"headers", headers},
                                    {"queryString", query},
                                    {"headersSize", -1},
                                    {"bodySize", -1}}},
            {"response", QJsonObject{{"status", record.status},
                                     {"statusText", ""},
                                     {"httpVersion", "HTTP/1.1"},
                                     {"cookies", QJsonArray()},
                                     {"headers", QJsonArray()},
                                     {"content", QJsonObject{{"size", bytes}, {"mimeType", ""}}},
                                     {"redirectURL", ""},
                                     {"headersSize", -1},
                                     {"bodySize", -1},
                                     {"_transferSize", bytes}}},
            {"cache", QJsonObject()},
            {"timings", QJsonObject{{"send", 0}, {"wait", ms}, {"receive", 0}}},
            {"connection", QString::number(record.connectionId)},
            {"_clientAddress", text(record.remoteIp)}};
}

QByteArray jsonLine(const app::RequestRecord &record) {
    QJsonObject line{{"time", isoTime(record.endedMs)},
                     {"remote_ip", text(record.remoteIp)},
                     {"method", text(record.method)},
                     {"target", text(record.target)},
                     {"status", record.status},
                     {"bytes", static_cast<qint64>(record.bytesSent)},
                     {"duration_us", static_cast<qint64>(record.durationUs)},
                     {"complete", record.isComplete}};
    for (const auto &[name, value] :
         {std::pair("user", &record.user), {"referer", &record.referer}, {"user_agent", &record.userAgent}})
        if (!value->empty()) line[QLatin1String(name)] = text(*value);
    return QJsonDocument(line).toJson(QJsonDocument::Compact) + '\n';
}

// What would end a field or a line is written as \xHH.
QByteArray escaped(const std::string &bytes) {
    QByteArray out;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte >= 0x7f || c == '"' || c == '\\')
            out += "\\x" + QByteArray(1, c).toHex();
        else
            out += c;
    }
    return out.isEmpty() ? QByteArray("-") : out;
}

QByteArray combinedLine(const app::RequestRecord &record) {
    const QString time = QLocale::c().toString(QDateTime::fromMSecsSinceEpoch(record.endedMs, Qt::UTC),
                                               QStringLiteral("dd/MMM/yyyy:HH:mm:ss '+0000'"));
    const QByteArray request =
        record.method.empty() ? QByteArray("-") : escaped(record.method) + ' ' + escaped(record.target) + " HTTP/1.1";
    return escaped(record.remoteIp) + " - " + escaped(record.user).replace(' ', "\\x20") + " [" + time.toLatin1() + "] \"" +
           request + "\" " + QByteArray::number(record.status) + ' ' + QByteArray::number(record.bytesSent) + " \"" +
           escaped(record.referer) + "\" \"" + escaped(record.userAgent) + "\"\n";
}

}  // namespace

QString curlCommand(const app::RequestRecord &record, const QString &origin) {
    QStringList words{QStringLiteral("curl"), quoted(urlOf(record, origin))};
    const QString method = text(record.method);
    if (method == QStringLiteral("HEAD"))
        words << QStringLiteral("--head");
    else if (method != QStringLiteral("GET"))
        words << QStringLiteral("--request") << quoted(method);
    for (const auto &[name, value] : headersOf(record)) {
        const QString lower = name.toLower();
        // curl writes these itself; a body that is not there must not be announced.
        const bool isCurls = lower == QStringLiteral("host") || lower == QStringLiteral("content-length") ||
                             lower == QStringLiteral("transfer-encoding") || lower == QStringLiteral("connection") ||
                             lower == QStringLiteral("expect");
        if (isCurls || value.contains(kLeftOut)) continue;
        if (lower == QStringLiteral("accept-encoding"))
            words << QStringLiteral("--compressed");
        else
            words << QStringLiteral("--header") << quoted(name + QStringLiteral(": ") + value);
    }
    return words.join(u' ');
}

QByteArray exported(const std::vector<const app::RequestRecord *> &records, LogFormat format, const QString &origin) {
    if (format == LogFormat::Har) {
        QJsonArray entries;
        for (const app::RequestRecord *record : records) entries.append(harEntry(*record, origin));
        const QJsonObject creator{{"name", "Meerkat"}, {"version", QCoreApplication::applicationVersion()}};
        return QJsonDocument(QJsonObject{{"log", QJsonObject{{"version", "1.2"}, {"creator", creator}, {"entries", entries}}}})
            .toJson();
    }
    QByteArray out;
    for (const app::RequestRecord *record : records) out += format == LogFormat::Json ? jsonLine(*record) : combinedLine(*record);
    return out;
}

}  // namespace meerkat::ui
