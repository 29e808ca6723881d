// Station: what went wrong, for people. From the engine's Failed, to engine_client and the window.
#pragma once

#include "app/desktop.h"
#include "app/engine_client.h"

namespace meerkat::app {

// One sentence, and a free port where another port is the way out.
Trouble troubleFor(const Failed &failed, const ServerProfile &profile, const Desktop &desktop);
Trouble vanishedFolder(const ServerProfile &profile);

// The next port after `port` that nobody holds, one of the system's choice if there is none near; 0 if there is none at all.
quint16 freePortAfter(quint16 port, Reach reach);

}  // namespace meerkat::app
