#include "ui/models/visitors.h"

#include "app/engine_client.h"
#include "app/local_addresses.h"
#include "ui/models/format.h"
#include "ui/models/share_addresses.h"

namespace meerkat::ui {

Visitors::Visitors(app::EngineClient &client) : QObject(&client) {
    connect(&client, &app::EngineClient::visitorCame, this, &Visitors::note);
}

Visitors *Visitors::of(const app::EngineClient *client) {
    return client ? client->findChild<Visitors *>(QString(), Qt::FindDirectChildrenOnly) : nullptr;
}

void Visitors::note(const QString &address) {
    const QString shown = clientText(address);
    if (m_seen.contains(shown)) return;
    m_seen.insert(shown);
    if (app::isOwnAddress(shown)) return;
    ++m_outsiders;
    emit outsiderCame(shown, m_outsiders == 1);
}

QStringList whyNobodyCame(const app::EngineClient &client) {
    if (client.profile().reach == app::Reach::ThisComputer)
        return {Visitors::tr("Only this computer can open it. Choose “My network” above, and other devices can too.")};
    const auto addresses = shareAddresses(client);
    if (addresses.isEmpty()) return {Visitors::tr("It is not served now. Turn the switch on.")};
    if (!addresses.first().reachesOthers)
        return {Visitors::tr("This computer is in no network now. Connect it to the one of the other device.")};
    return {
        Visitors::tr("The other device is in another network: guests’ Wi-Fi, mobile data and VPNs are networks of their own."),
        Visitors::tr("A firewall on this computer lets nobody in: allow Meerkat, or port %1, there.").arg(client.port()),
        Visitors::tr("The router keeps its devices apart (“client isolation”), as in cafés and hotels."),
        Visitors::tr("The address was typed with https, or without the number behind the colon.")};
}

}  // namespace meerkat::ui
