#include "ui/models/share_addresses.h"

#include "app/local_addresses.h"

namespace meerkat::ui {

QVector<ShareAddress> shareAddresses(const app::EngineClient &client) {
    if (client.port() == 0 || client.state() == app::ServingState::Trouble) return {};
    if (client.profile().reach == app::Reach::ThisComputer)
        return {{app::urlFor(QStringLiteral("127.0.0.1"), client.port()), {}, false}};
    QVector<ShareAddress> addresses;
    for (const auto &local : app::localAddresses())
        addresses.append({app::urlFor(local.ip, client.port()), local.interfaceName, local.isVirtual, true});
    // A machine without any network still reaches itself.
    if (addresses.isEmpty()) addresses.append({app::urlFor(QStringLiteral("127.0.0.1"), client.port()), {}, false});
    return addresses;
}

}  // namespace meerkat::ui
