// Station: colours, fonts and icons of the window, all derived from the palette in force. Used by every widget; holds no state.
#pragma once

#include <QColor>
#include <QFont>
#include <QIcon>
#include <QPalette>
#include <QString>

class QLabel;
class QWidget;

namespace meerkat::ui {

constexpr int kGrid = 8;  // every distance is a multiple or a half of it

// Ratio of WCAG 2: 1 to 21.
double contrast(const QColor &a, const QColor &b);
// `amount` 0: all of `a`, 1: all of `b`.
QColor mixed(const QColor &a, const QColor &b, double amount);
bool isDark(const QPalette &palette);

// The one accent, a warm sand orange: the running state and the primary action. At least 4.5:1 on window and base.
QColor accentColour(const QPalette &palette);
QColor onAccentColour(const QPalette &palette);   // text on a surface of the accent
QColor troubleColour(const QPalette &palette);    // never alone: an icon and a word go with it
QColor mutedTextColour(const QPalette &palette);  // secondary text, still 4.5:1
QColor hairlineColour(const QPalette &palette);
QColor cardColour(const QPalette &palette);  // a raised surface on the window
QColor sidebarColour(const QPalette &palette);
QColor selectionColour(const QPalette &palette);  // under a chosen row of the list

// A link for a rich text, in the accent: rich text knows the colours of the moment it is made, and no later ones.
QString linkText(const QPalette &palette, const QString &target, const QString &text);

QFont titleFont(const QFont &base);
QFont headingFont(const QFont &base);

// A one-colour icon of resources/icons, tinted by the palette at the moment it is painted, so that it follows the theme.
QIcon actionIcon(const QString &name);
QIcon accentIcon(const QString &name);   // tinted with onAccentColour, for primary buttons
QIcon troubleIcon(const QString &name);  // tinted with troubleColour
// A picture in its own colours in every size there is: "meerkat", "meerkat-serving".
QIcon pictureIcon(const QString &name);

// A label's text in the muted colour, following the theme.
// A sentence of several lines stands where reading begins, whatever language it is written in.
void alignToReading(QLabel &label);
void makeMuted(QWidget &label);
void makeTrouble(QWidget &label);
// A field to type in: what it says while empty can be read in every theme.
void makeField(QWidget &field);
// A view that lies on a card.
void makeCardSurface(QWidget &view);

}  // namespace meerkat::ui
