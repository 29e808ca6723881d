// Station: trouble -> one sentence and a button. From engine_client, to the trouble bar. Stateless.
#pragma once

#include "app/engine_client.h"

#include <QString>

namespace meerkat::ui {

// Whether it is told beside the port, not by the page.
bool isAboutPort(const app::Trouble &trouble);

// The way out of a trouble.
enum class WayOut { None, UsePort, ChooseFolder, TryAgain };
struct TroubleNotice {
    QString sentence;
    WayOut wayOut = WayOut::None;
    QString button;         // "Use 8081"; empty with None
    bool canRetry = false;  // a second button "Try again" makes sense too
};
TroubleNotice noticeOf(const app::Trouble &trouble);
void takeWayOut(app::EngineClient &client, WayOut way);  // not ChooseFolder: that needs a person

}  // namespace meerkat::ui
