// Station: what a person does to a served folder. From the pages and the tray, to engine_client. Stateless.
#pragma once

#include "app/engine_client.h"

#include <QString>

namespace meerkat::ui {

// Whether it holds or is about to hold a port.
bool hasListener(const app::EngineClient &client);

// What its switch shows: it serves, is about to, or would but for its trouble.
bool isSwitchedOn(const app::EngineClient &client);

// Starts or stops, and remembers it for the next start of the program.
void setServing(app::EngineClient &client, bool on);
void setReach(app::EngineClient &client, app::Reach reach);
void setFolder(app::EngineClient &client, const QString &folder);
// A port a person chose; nothing: "8080 or the next free one".
void choosePort(app::EngineClient &client, quint16 port);
void choosePort(app::EngineClient &client, quint16 port, app::Reach reach);
void forgetChosenPort(app::EngineClient &client);

}  // namespace meerkat::ui
