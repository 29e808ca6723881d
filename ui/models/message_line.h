// Station: a WebSocket message <-> a line of JSON, as recorded sessions have them. For message_writer and message_reader. Pure.
//   {"time":"2026-05-04T03:02:01.125Z","connection":3,"way":"received","kind":"text","bytes":5,"wireBytes":11,"text":"hello"}
// What is no UTF-8 stands in "base64" instead of "text"; a close frame has a "closeCode".
#pragma once

#include "app/websocket_messages.h"

#include <QByteArray>

#include <optional>

namespace meerkat::ui {

QByteArray lineOf(const app::MessageRecord &record);  // with its '\n'
// Nothing if it is no such line.
std::optional<app::MessageRecord> messageOfLine(const QByteArray &line);

}  // namespace meerkat::ui
