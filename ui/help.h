// Station: explains a page in three sentences. From F1 and "?".
#pragma once

class QWidget;

namespace meerkat::ui {

enum class HelpTopic { Welcome, Share, Users, Connections, Requests, WebSocket, Options };
void showHelp(QWidget &window, HelpTopic topic);

}  // namespace meerkat::ui
