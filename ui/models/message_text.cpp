#include "ui/models/message_text.h"

#include "app/shown_name.h"
#include "ui/models/format.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QJsonDocument>
#include <QLocale>

#include <algorithm>

namespace meerkat::ui {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(Message)
};

constexpr std::size_t kPreviewBytes = 240;
constexpr std::size_t kPreviewHexBytes = 24;
constexpr qsizetype kDeepest = 40;  // levels that are indented
constexpr char kDigits[] = "0123456789abcdef";

QByteArray raw(std::string_view bytes) { return QByteArray::fromRawData(bytes.data(), static_cast<qsizetype>(bytes.size())); }

// Without the beginning of a character that was cut.
std::string_view wholeCharacters(std::string_view bytes) {
    std::size_t end = bytes.size();
    while (end > 0 && bytes.size() - end < 3 && (static_cast<unsigned char>(bytes[end - 1]) & 0xC0) == 0x80) --end;
    if (end > 0 && static_cast<unsigned char>(bytes[end - 1]) >= 0xC0) return bytes.substr(0, end - 1);
    return bytes;
}

void appendHex(QString &out, char byte) {
    out += QLatin1Char(kDigits[static_cast<unsigned char>(byte) >> 4]);
    out += QLatin1Char(kDigits[static_cast<unsigned char>(byte) & 15]);
}

QString hexBeginning(std::string_view bytes) {
    QString text;
    for (const char byte : bytes.substr(0, kPreviewHexBytes)) {
        if (!text.isEmpty()) text += u' ';
        appendHex(text, byte);
    }
    return bytes.size() > kPreviewHexBytes ? text + QStringLiteral(" …") : text;
}

QString closePreview(const Message &message) {
    const QString meaning = closeCodeMeaning(message.closeCode);
    const std::string_view reason = closeReason(message);
    const QString code = QStringLiteral("%1 %2").arg(message.closeCode).arg(meaning);
    return reason.empty() ? code : Words::tr("%1: “%2”").arg(code, app::plainText(readableText(reason)));
}

}  // namespace

QString messageTimeText(qint64 atMs) { return QDateTime::fromMSecsSinceEpoch(atMs).toString(QStringLiteral("HH:mm:ss.zzz")); }

QString messageWayText(const Message &message) {
    if (!app::isFrame(message.kind)) return {};
    return message.isOutgoing ? Words::tr("↑ Sent") : Words::tr("↓ Received");
}

QString messageKindText(app::MessageKind kind) {
    switch (kind) {
    case app::MessageKind::Continuation:
        return Words::tr("Part");
    case app::MessageKind::Text:
        return Words::tr("Text");
    case app::MessageKind::Binary:
        return Words::tr("Binary");
    case app::MessageKind::Close:
        return Words::tr("Close");
    case app::MessageKind::Ping:
        return Words::tr("Ping");
    case app::MessageKind::Pong:
        return Words::tr("Pong");
    case app::MessageKind::Opened:
        return Words::tr("Opened");
    case app::MessageKind::Lost:
        return Words::tr("Lost");
    }
    return {};
}

QString messagePreview(const Message &message) {
    if (message.kind == app::MessageKind::Close || message.kind == app::MessageKind::Lost) return closePreview(message);
    const std::string_view beginning = message.payload.substr(0, kPreviewBytes);
    const bool isLonger = message.payloadBytes > beginning.size();
    if (!isReadable(beginning, isLonger)) return hexBeginning(message.payload);
    QString text = readableText(wholeCharacters(beginning)).simplified();
    return isLonger ? text + u'…' : text;
}

bool isReadable(std::string_view bytes, bool isCut) {
    if (isCut) bytes = wholeCharacters(bytes);
    const bool hasControls = std::any_of(bytes.begin(), bytes.end(), [](char c) {
        return (static_cast<unsigned char>(c) < 32 && c != '\t' && c != '\n' && c != '\r' && c != '\f') || c == 127;
    });
    return !hasControls && raw(bytes).isValidUtf8();
}

QString readableText(std::string_view bytes) { return QString::fromUtf8(raw(bytes)); }

QString hexText(std::string_view bytes, std::size_t perLine) {
    QString text;
    text.reserve(static_cast<qsizetype>(bytes.size() / perLine + 1) * 78);
    for (std::size_t at = 0; at < bytes.size(); at += perLine) {
        const std::string_view line = bytes.substr(at, perLine);
        text += QStringLiteral("%1  ").arg(static_cast<qulonglong>(at), 8, 16, QLatin1Char('0'));
        for (std::size_t i = 0; i < perLine; ++i) {
            if (i < line.size())
                appendHex(text, line[i]);
            else
                text += QStringLiteral("  ");
            text += i == perLine / 2 - 1 ? QStringLiteral("  ") : QStringLiteral(" ");
        }
        text += u' ';
        for (const char c : line) text += c >= 32 && c < 127 ? QLatin1Char(c) : QLatin1Char('.');
        text += u'\n';
    }
    return text;
}

std::optional<QString> prettyJson(std::string_view bytes) {
    QJsonParseError error;
    const QByteArray source = raw(bytes);
    QJsonDocument::fromJson(source, &error);
    if (error.error != QJsonParseError::NoError) return std::nullopt;
    QByteArray out;
    out.reserve(source.size() * 2);
    qsizetype depth = 0;
    bool isInText = false;
    const auto newLine = [&] { out.append('\n').append(2 * std::min(depth, kDeepest), ' '); };
    for (qsizetype i = 0; i < source.size(); ++i) {
        const char c = source[i];
        if (isInText) {
            out += c;
            if (c == '\\') out += source[++i];
            isInText = c != '"';
        } else if (c == '{' || c == '[') {
            qsizetype next = i + 1;
            while (QByteArrayView(" \t\r\n").contains(source[next])) ++next;
            out += c;
            if (source[next] == '}' || source[next] == ']') {
                out += source[i = next];
                continue;
            }
            ++depth;
            newLine();
        } else if (c == '}' || c == ']') {
            --depth;
            newLine();
            out += c;
        } else if (c == ',') {
            out += c;
            newLine();
        } else if (c == ':') {
            out += ": ";
        } else if (!QByteArrayView(" \t\r\n").contains(c)) {
            out += c;
            isInText = c == '"';
        }
    }
    return QString::fromUtf8(out);
}

std::optional<QByteArray> bytesOfHex(const QString &text) {
    QString digits = text.toLower();
    digits.replace(QStringLiteral("0x"), QString());
    digits.removeIf([](QChar c) { return c.isSpace() || c == u',' || c == u':' || c == u'-'; });
    const bool isHex =
        std::all_of(digits.begin(), digits.end(), [](QChar c) { return (c >= u'0' && c <= u'9') || (c >= u'a' && c <= u'f'); });
    if (!isHex || digits.size() % 2 != 0) return std::nullopt;
    return QByteArray::fromHex(digits.toLatin1());
}

QString closeCodeMeaning(int code) {
    switch (code) {
    case 1000:
        return Words::tr("Done");
    case 1001:
        return Words::tr("Going away: the page was left, or the server stops");
    case 1002:
        return Words::tr("The other side broke the protocol");
    case 1003:
        return Words::tr("A kind of message that is not taken");
    case 1005:
        return Words::tr("Closed without a code");
    case 1006:
        return Words::tr("Cut without a goodbye");
    case 1007:
        return Words::tr("A text that is no UTF-8, or broken data");
    case 1008:
        return Words::tr("Against the rules of the place");
    case 1009:
        return Words::tr("The message is too big");
    case 1010:
        return Words::tr("The server lacks an extension that the client needs");
    case 1011:
        return Words::tr("A fault in the server");
    case 1012:
        return Words::tr("The server starts again");
    case 1013:
        return Words::tr("Try again later");
    case 1014:
        return Words::tr("A server behind this one answered wrongly");
    case 1015:
        return Words::tr("The encryption could not be set up");
    default:
        break;
    }
    if (code >= 3000 && code < 4000) return Words::tr("A code of a library");
    if (code >= 4000 && code < 5000) return Words::tr("A code of the application");
    return Words::tr("A code without a meaning");
}

std::string_view closeReason(const Message &message) {
    constexpr std::size_t kCodeBytes = 2;
    return message.payload.size() > kCodeBytes ? message.payload.substr(kCodeBytes) : std::string_view{};
}

QString messagesText(qint64 count) {
    if (count == 0) return Words::tr("no messages");
    return count == 1 ? Words::tr("1 message") : Words::tr("%1 messages").arg(QLocale().toString(count));
}

QString messageSizeText(const Message &message) {
    if (!app::isFrame(message.kind)) return {};
    const QString size = bytesText(message.payloadBytes);
    if (message.payloadBytes == 0 || message.wireBytes == 0 || message.wireBytes >= message.payloadBytes) return size;
    const double percent = 100.0 * static_cast<double>(message.wireBytes) / static_cast<double>(message.payloadBytes);
    return Words::tr("%1, travelled as %2 (compressed to %3 %)")
        .arg(size, bytesText(message.wireBytes), QLocale().toString(percent, 'f', percent < 10 ? 1 : 0));
}

}  // namespace meerkat::ui
