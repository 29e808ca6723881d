// Station: what a typed port means. From the port field, to engine_client. Pure.
#pragma once

#include <QString>

namespace meerkat::ui {

// What a typed port means.
struct PortEntry {
    bool isAccepted = false;
    quint16 port = 0;  // 0 with isAccepted: none chosen
    QString reason;    // why it is refused
};
PortEntry readPort(const QString &text);

}  // namespace meerkat::ui
