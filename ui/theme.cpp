#include "ui/theme.h"

#include "ui/tinted_icon.h"

#include <QEvent>
#include <QFile>
#include <QGuiApplication>

#include <algorithm>
#include <cmath>

namespace meerkat::ui {
namespace {

constexpr double kReadable = 4.5;
constexpr double kDiscernible = 3;
constexpr int kOutlineFactor = 140;  // per cent by which Qt's Fusion style darkens the window's colour for an outline

double linear(double channel) { return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4); }

double luminance(const QColor &colour) {
    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF());
}

// The hue stays; the colour moves towards the text until it can be read on every surface it may lie on.
QColor readable(QColor colour, const QPalette &palette, bool onSidebar) {
    const QColor text = palette.color(QPalette::WindowText);
    for (int step = 0; step < 20; ++step) {
        const auto isReadableOn = [&colour](const QColor &surface) { return contrast(colour, surface) >= kReadable; };
        if (isReadableOn(palette.color(QPalette::Window)) && isReadableOn(palette.color(QPalette::Base)) &&
            (!onSidebar || (isReadableOn(sidebarColour(palette)) && isReadableOn(selectionColour(palette)))))
            return colour;
        colour = mixed(colour, text, 0.1);
    }
    return colour;
}

// Keeps a palette role of one widget derived from the application's palette when the theme changes.
class PaletteKeeper : public QObject {
  public:
    using Apply = void (*)(QWidget &);
    PaletteKeeper(QWidget &widget, Apply apply) : QObject(&widget), m_widget(widget), m_apply(apply) {
        widget.installEventFilter(this);
        m_apply(m_widget);
    }

  protected:
    bool eventFilter(QObject *, QEvent *event) override {
        if (event->type() == QEvent::ApplicationPaletteChange || event->type() == QEvent::ThemeChange) m_apply(m_widget);
        return false;
    }

  private:
    QWidget &m_widget;
    Apply m_apply;
};

QPalette applicationPalette() { return QGuiApplication::palette(); }

void applyMuted(QWidget &label) {
    QPalette palette = applicationPalette();
    const QColor muted = mutedTextColour(palette);
    for (const auto role : {QPalette::WindowText, QPalette::Text}) palette.setColor(role, muted);
    label.setPalette(palette);
}

void applyTrouble(QWidget &label) {
    QPalette palette = applicationPalette();
    palette.setColor(QPalette::WindowText, troubleColour(palette));
    label.setPalette(palette);
}

// The style's own outline, the window's colour made darker, is lost between two dark surfaces. 3:1 is what WCAG 2, 1.4.11 asks for.
QColor outlineColour(const QPalette &palette) {
    QColor outline = palette.color(QPalette::Base);
    for (int step = 0; step < 20 && contrast(outline, palette.color(QPalette::Base)) < kDiscernible; ++step)
        outline = mixed(outline, palette.color(QPalette::WindowText), 0.1);
    return outline;
}

void applyField(QWidget &field) {
    QPalette palette = applicationPalette();
    palette.setColor(QPalette::PlaceholderText, mutedTextColour(palette));
    // The style draws the frame of the focused field and what is marked in it with these two.
    palette.setColor(QPalette::Highlight, accentColour(palette));
    palette.setColor(QPalette::HighlightedText, onAccentColour(palette));
    if (isDark(palette)) palette.setColor(QPalette::Window, outlineColour(palette).lighter(kOutlineFactor));
    field.setPalette(palette);
}

void applyCardSurface(QWidget &view) {
    QPalette palette = applicationPalette();
    palette.setColor(QPalette::Base, cardColour(palette));
    // A chosen row looks like one of the list.
    palette.setColor(QPalette::Highlight, mixed(cardColour(palette), accentColour(palette), 0.16));
    palette.setColor(QPalette::HighlightedText, palette.color(QPalette::WindowText));
    view.setPalette(palette);
}

}  // namespace

double contrast(const QColor &a, const QColor &b) {
    const double first = luminance(a) + 0.05;
    const double second = luminance(b) + 0.05;
    return std::max(first, second) / std::min(first, second);
}

QColor mixed(const QColor &a, const QColor &b, double amount) {
    const auto channel = [amount](float from, float to) { return static_cast<float>(from + (to - from) * amount); };
    return QColor::fromRgbF(channel(a.redF(), b.redF()), channel(a.greenF(), b.greenF()), channel(a.blueF(), b.blueF()));
}

bool isDark(const QPalette &palette) {
    return luminance(palette.color(QPalette::Window)) < luminance(palette.color(QPalette::WindowText));
}

QColor accentColour(const QPalette &palette) {
    return readable(isDark(palette) ? QColor(0xf0, 0xae, 0x66) : QColor(0xb0, 0x4f, 0x00), palette, false);
}

QColor onAccentColour(const QPalette &palette) {
    const QColor accent = accentColour(palette);
    const QColor light(Qt::white);
    const QColor dark(0x20, 0x16, 0x0a);
    return contrast(light, accent) >= contrast(dark, accent) ? light : dark;
}

QColor troubleColour(const QPalette &palette) {
    return readable(isDark(palette) ? QColor(0xff, 0x8a, 0x80) : QColor(0xb3, 0x26, 0x1e), palette, true);
}

QColor mutedTextColour(const QPalette &palette) {
    return readable(mixed(palette.color(QPalette::WindowText), palette.color(QPalette::Window), 0.38), palette, true);
}

QColor hairlineColour(const QPalette &palette) {
    return mixed(palette.color(QPalette::Window), palette.color(QPalette::WindowText), isDark(palette) ? 0.2 : 0.15);
}

QColor cardColour(const QPalette &palette) {
    const QColor window = palette.color(QPalette::Window);
    return isDark(palette) ? mixed(window, palette.color(QPalette::WindowText), 0.04) : palette.color(QPalette::Base);
}

QColor sidebarColour(const QPalette &palette) {
    return mixed(palette.color(QPalette::Window), palette.color(QPalette::WindowText), isDark(palette) ? 0.05 : 0.03);
}

QColor selectionColour(const QPalette &palette) { return mixed(sidebarColour(palette), accentColour(palette), 0.16); }

QString linkText(const QPalette &palette, const QString &target, const QString &text) {
    return QStringLiteral("<a href=\"%1\" style=\"color:%2\">%3</a>")
        .arg(target.toHtmlEscaped(), accentColour(palette).name(), text.toHtmlEscaped());
}

QFont titleFont(const QFont &base) {
    QFont font = base;
    font.setPointSizeF(base.pointSizeF() * 1.7);
    font.setWeight(QFont::DemiBold);
    return font;
}

QFont headingFont(const QFont &base) {
    QFont font = base;
    font.setWeight(QFont::DemiBold);
    return font;
}

QIcon actionIcon(const QString &name) {
    return QIcon(new TintedIcon(name, [](const QPalette &palette) { return palette.color(QPalette::ButtonText); }));
}

QIcon accentIcon(const QString &name) { return QIcon(new TintedIcon(name, onAccentColour)); }

QIcon troubleIcon(const QString &name) { return QIcon(new TintedIcon(name, troubleColour)); }

QIcon pictureIcon(const QString &name) {
    QIcon icon;
    for (const int size : {16, 22, 24, 32, 44, 48, 64, 128, 256}) {
        const QString path = QStringLiteral(":/icons/png/%1-%2.png").arg(name).arg(size);
        if (QFile::exists(path)) icon.addFile(path);
    }
    return icon;
}

void makeMuted(QWidget &label) { new PaletteKeeper(label, applyMuted); }

// By itself a label goes by the direction of its words.
void alignToReading(QLabel &label) {
    const Qt::Alignment side = label.isRightToLeft() ? Qt::AlignRight : Qt::AlignLeft;
    label.setAlignment(side | Qt::AlignAbsolute | Qt::AlignVCenter);
}

void makeField(QWidget &field) { new PaletteKeeper(field, applyField); }

void makeCardSurface(QWidget &view) { new PaletteKeeper(view, applyCardSurface); }

void makeTrouble(QWidget &label) { new PaletteKeeper(label, applyTrouble); }

}  // namespace meerkat::ui
