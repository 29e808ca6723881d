#include "app/shown_name.h"

#include <QCoreApplication>

#include <algorithm>

namespace meerkat::app {

namespace {

constexpr qsizetype kLongest = 48;
constexpr QChar kIsolate(0x2068);
constexpr QChar kEndOfIsolate(0x2069);

// Embeddings, overrides and isolates: with them a name could reorder the words that follow it.
bool isDirectionMark(QChar character) {
    const char16_t code = character.unicode();
    return (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
}

bool readsFromRight(QChar character) {
    const QChar::Direction direction = character.direction();
    return direction == QChar::DirR || direction == QChar::DirAL || direction == QChar::DirAN;
}

// Qt takes a sentence's direction from its first letter, be it inside of an isolate, which UAX #9 (P2) passes over. The words of a
// translation have the direction that it gives the window.
QChar directionOfWords() {
    const bool isFromRight = QCoreApplication::translate("QGuiApplication", "QT_LAYOUT_DIRECTION") == QLatin1String("RTL");
    return isFromRight ? QChar(0x200F) : QChar(0x200E);
}

// No surrogate pair is cut in two.
QString withoutMiddle(const QString &name) {
    if (name.size() <= kLongest) return name;
    qsizetype head = kLongest / 2;
    qsizetype tail = name.size() - (kLongest - head - 1);
    if (name[head - 1].isHighSurrogate()) --head;
    if (name[tail].isLowSurrogate()) ++tail;
    return name.left(head) + QChar(0x2026) + name.mid(tail);
}

}  // namespace

QString plainText(const QString &text) {
    QString plain = text;
    for (QChar &character : plain)
        if (character.category() == QChar::Other_Control || isDirectionMark(character)) character = QChar::ReplacementCharacter;
    return plain;
}

QString shownName(const QString &name) {
    const QString shown = plainText(withoutMiddle(name));
    // Astral scripts from right to left have surrogates only: their direction is not looked up one by one.
    const bool mayTurn =
        std::any_of(shown.cbegin(), shown.cend(), [](QChar c) { return readsFromRight(c) || c.isHighSurrogate(); });
    return mayTurn ? QString(directionOfWords()) + kIsolate + shown + kEndOfIsolate : shown;
}

}  // namespace meerkat::app
