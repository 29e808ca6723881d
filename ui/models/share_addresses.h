// Station: under which addresses a served folder can be opened. From engine_client and local_addresses, to the share panel and the tray. Stateless.
#pragma once

#include "app/engine_client.h"

#include <QString>
#include <QVector>

namespace meerkat::ui {

// One address under which the folder can be opened.
struct ShareAddress {
    QString url;
    QString network;  // "Wi-Fi"; empty for this computer
    bool isVirtual = false;
    bool reachesOthers = false;  // another device can open it
};
// Best first; empty when it is not serving or in trouble.
QVector<ShareAddress> shareAddresses(const app::EngineClient &client);

}  // namespace meerkat::ui
