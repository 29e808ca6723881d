// Station: numbers -> words a person reads. From the models, to every view. Pure; the decimal sign is the locale's.
#pragma once

#include <QString>

namespace meerkat::ui {

// "812 B", "2.1 MB": decimal units, one decimal below ten, none for bytes.
QString bytesText(quint64 bytes);
// "2.1 MB/s"; "0 B/s" below half a byte.
QString rateText(double bytesPerSecond);
// "now" below a second, "12 s", "3 min 05 s", "1 h 12 min", "2 d 3 h".
QString durationText(qint64 ms);
// "no visitors", "1 visitor", "3 visitors".
QString visitorsText(qsizetype count);
QString connectionsText(qsizetype count);
// What a person sees of an address: without the zone and the scheme of mapped IPv4 ("::ffff:10.0.0.4" is "10.0.0.4").
QString clientText(const QString &ip);

}  // namespace meerkat::ui
