// Station: what went wrong, for people. From the engine's Failed, to engine_client and the window.
#pragma once

#include "app/desktop.h"
#include "app/engine_client.h"

namespace meerkat::app {

// One sentence, and a free port where another port is the way out. `ownFolder`: the name of the folder of ours that holds the
// taken port; empty if it is another program's.
Trouble troubleFor(const Failed &failed, const ServerProfile &profile, const Desktop &desktop, const QString &ownFolder = {});
// `kind`: isAboutFolder().
Trouble folderTrouble(const ServerProfile &profile, TroubleKind kind);

// Whether a listener could have it now; tried out.
bool isPortFree(quint16 port, Reach reach);
// The next port after `port` that nobody holds, one of the system's choice if there is none near; 0 if there is none at all.
quint16 freePortAfter(quint16 port, Reach reach);

}  // namespace meerkat::app
