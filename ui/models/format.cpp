#include "ui/models/format.h"

#include <QCoreApplication>
#include <QLocale>

#include <array>

namespace meerkat::ui {
namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(Format)
};

constexpr quint64 kThousand = 1000;

// Three significant figures at the most: "9.9 MB", "99 MB".
QString scaled(double value, const QString &unit) {
    const bool isSmall = value < 9.95;
    return QLocale().toString(value, 'f', isSmall ? 1 : 0) + QChar(QChar::Nbsp) + unit;
}

QString magnitude(double bytes) {
    static const std::array<const char *, 5> kUnits = {QT_TRANSLATE_NOOP("Format", "kB"), QT_TRANSLATE_NOOP("Format", "MB"),
                                                       QT_TRANSLATE_NOOP("Format", "GB"), QT_TRANSLATE_NOOP("Format", "TB"),
                                                       QT_TRANSLATE_NOOP("Format", "PB")};
    std::size_t unit = 0;
    bytes /= static_cast<double>(kThousand);
    while (bytes >= 999.5 && unit + 1 < kUnits.size()) {
        bytes /= static_cast<double>(kThousand);
        ++unit;
    }
    return scaled(bytes, Words::tr(kUnits[unit]));
}

QString twoDigits(qint64 value) { return QLocale().toString(value).rightJustified(2, QLocale().zeroDigit().front()); }

}  // namespace

QString bytesText(quint64 bytes) {
    if (bytes < kThousand) return Words::tr("%1\u00a0B").arg(QLocale().toString(bytes));
    return magnitude(static_cast<double>(bytes));
}

QString rateText(double bytesPerSecond) {
    const quint64 whole = bytesPerSecond > 0 ? static_cast<quint64>(bytesPerSecond + 0.5) : 0;
    return Words::tr("%1/s", "a rate: %1 is an amount of bytes").arg(bytesText(whole));
}

QString durationText(qint64 ms) {
    const qint64 seconds = ms / 1000;
    const QLocale locale;
    if (seconds < 1) return Words::tr("now");
    if (seconds < 60) return Words::tr("%1 s", "seconds").arg(locale.toString(seconds));
    const qint64 minutes = seconds / 60;
    if (minutes < 60) return Words::tr("%1 min %2 s").arg(locale.toString(minutes), twoDigits(seconds % 60));
    const qint64 hours = minutes / 60;
    if (hours < 24) return Words::tr("%1 h %2 min").arg(locale.toString(hours), twoDigits(minutes % 60));
    return Words::tr("%1 d %2 h", "days and hours").arg(locale.toString(hours / 24), locale.toString(hours % 24));
}

// The singular is a text of its own, so that English needs no translation file.
QString visitorsText(qsizetype count) {
    if (count == 0) return Words::tr("no visitors");
    if (count == 1) return Words::tr("1 visitor");
    return Words::tr("%1 visitors", nullptr, static_cast<int>(count)).arg(QLocale().toString(count));
}

QString connectionsText(qsizetype count) {
    if (count == 0) return Words::tr("no connections");
    if (count == 1) return Words::tr("1 connection");
    return Words::tr("%1 connections", nullptr, static_cast<int>(count)).arg(QLocale().toString(count));
}

QString clientText(const QString &ip) {
    const QString mapped = QStringLiteral("::ffff:");
    QString plain = ip.startsWith(mapped, Qt::CaseInsensitive) && ip.contains(u'.') ? ip.mid(mapped.size()) : ip;
    return plain.section(u'%', 0, 0);
}

}  // namespace meerkat::ui
