// Station: a WebSocket message -> words, hexadecimal digits and indented JSON that a person reads. To message_model and the message's details. Pure.
#pragma once

#include "ui/models/message_log.h"

#include <QString>

#include <optional>

namespace meerkat::ui {

QString messageTimeText(qint64 atMs);  // "14:03:07.125", of this machine's zone
QString messageWayText(const Message &message);
QString messageKindText(app::MessageKind kind);
// One line of limited length: the text's beginning, the first bytes, or what a close frame says.
QString messagePreview(const Message &message);

// UTF-8 without control characters that no text has. A cut payload may end within a character.
bool isReadable(std::string_view bytes, bool isCut = false);
QString readableText(std::string_view bytes);
// "00000000  48 65 6c 6c 6f …  Hello…", `perLine` bytes a line: an even number.
QString hexText(std::string_view bytes, std::size_t perLine = 16);
// Two spaces a level; names stay in order and numbers as they were written. Nothing if it is no JSON object or list.
std::optional<QString> prettyJson(std::string_view bytes);
// From "48 65 6c", "48656C", "0x48, 0x65"; nothing if it is no pairs of hexadecimal digits.
std::optional<QByteArray> bytesOfHex(const QString &text);

// "1000: done" with what the code means: RFC 6455 section 7.4 and the registry of IANA.
QString closeCodeMeaning(int code);
// The payload of a close frame without its code.
std::string_view closeReason(const Message &message);

QString messagesText(qint64 count);  // "no messages", "1 message", "1,200 messages"
// "1.2 kB, travelled as 312 B (compressed to 26 %)"; "" for what is no frame.
QString messageSizeText(const Message &message);

}  // namespace meerkat::ui
