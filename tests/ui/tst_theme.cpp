#include "ui/theme.h"

#include <QApplication>
#include <QLabel>
#include <QLineEdit>
#include <QScopeGuard>
#include <QTest>
#include <QVBoxLayout>

using namespace meerkat::ui;

class ThemeTest : public QObject {
    Q_OBJECT
  private slots:
    void canBeReadOnEveryTheme_data();
    void canBeReadOnEveryTheme();
    void measuresContrastAsWcagDoes();
    void paintsLinksAndFocusedFieldsInTheAccent_data() { canBeReadOnEveryTheme_data(); }
    void paintsLinksAndFocusedFieldsInTheAccent();
    void outlinesFieldsWhereItIsDark();
    void tintsAnIconWithTheTextColour();
    void findsEveryIconThatTheWindowUses_data();
    void findsEveryIconThatTheWindowUses();
};

namespace {

QPalette paletteOf(const QColor &window, const QColor &base, const QColor &text) {
    QPalette palette(window);
    palette.setColor(QPalette::Window, window);
    palette.setColor(QPalette::Base, base);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) palette.setColor(role, text);
    return palette;
}

}  // namespace

void ThemeTest::canBeReadOnEveryTheme_data() {
    QTest::addColumn<QPalette>("palette");
    QTest::newRow("light of Fusion") << paletteOf(QColor(0xef, 0xef, 0xef), Qt::white, Qt::black);
    QTest::newRow("light of Breeze") << paletteOf(QColor(0xef, 0xf0, 0xf1), QColor(0xfc, 0xfc, 0xfc), QColor(0x23, 0x26, 0x29));
    QTest::newRow("dark of Breeze") << paletteOf(QColor(0x2a, 0x2e, 0x32), QColor(0x1b, 0x1e, 0x20), QColor(0xfc, 0xfc, 0xfc));
    QTest::newRow("dark of Adwaita") << paletteOf(QColor(0x35, 0x35, 0x35), QColor(0x2d, 0x2d, 0x2d), QColor(0xee, 0xee, 0xec));
    QTest::newRow("black and white") << paletteOf(Qt::black, Qt::black, Qt::white);
}

void ThemeTest::canBeReadOnEveryTheme() {
    QFETCH(QPalette, palette);
    for (const QColor &surface : {palette.color(QPalette::Window), palette.color(QPalette::Base), cardColour(palette)}) {
        QVERIFY(contrast(accentColour(palette), surface) >= 4.4);
        QVERIFY(contrast(troubleColour(palette), surface) >= 4.4);
        QVERIFY(contrast(mutedTextColour(palette), surface) >= 4.4);
    }
    for (const QColor &surface : {palette.color(QPalette::Window), palette.color(QPalette::Base)})
        QVERIFY(contrast(accentColour(palette), surface) >= 4.5);
    QVERIFY(contrast(mutedTextColour(palette), sidebarColour(palette)) >= 4.5);
    QVERIFY(contrast(mutedTextColour(palette), selectionColour(palette)) >= 4.5);
    QVERIFY(contrast(troubleColour(palette), selectionColour(palette)) >= 4.5);
    QVERIFY(contrast(onAccentColour(palette), accentColour(palette)) >= 4.5);
}

void ThemeTest::measuresContrastAsWcagDoes() {
    QCOMPARE(qRound(contrast(Qt::black, Qt::white)), 21);
    QCOMPARE(contrast(Qt::red, Qt::red), 1.0);
    QCOMPARE(qRound(contrast(QColor(0x77, 0x77, 0x77), Qt::white) * 100), 448);
}

// What is seen, not what was asked for: the pixels of a focused field and of a link in a sentence of trouble.
void ThemeTest::paintsLinksAndFocusedFieldsInTheAccent() {
    QFETCH(QPalette, palette);
    const QPalette before = QGuiApplication::palette();
    const auto restore = qScopeGuard([before] { QGuiApplication::setPalette(before); });
    QApplication::setPalette(palette);
    QWidget window;
    auto *field = new QLineEdit(&window);
    makeField(*field);
    auto *link = new QLabel(linkText(palette, "1", QStringLiteral("\u2588\u2588\u2588\u2588")), &window);
    makeTrouble(*link);
    (new QVBoxLayout(&window))->addWidget(field);
    window.layout()->addWidget(link);
    window.show();
    field->setFocus();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    const int hue = accentColour(palette).hslHue();
    const auto isAccent = [hue](const QColor &colour) {
        const int away = std::abs(colour.hslHue() - hue);
        return colour.hslSaturation() > 60 && std::min(away, 360 - away) < 15;
    };
    const QImage fieldImage = field->grab().toImage();
    QColor frame;
    for (int y = 0; y < 4 && !isAccent(frame); ++y) frame = fieldImage.pixelColor(fieldImage.width() / 2, y);
    QVERIFY2(isAccent(frame), qPrintable(frame.name()));
    QVERIFY2(contrast(frame, palette.color(QPalette::Window)) >= 3, qPrintable(frame.name()));  // WCAG 1.4.11, a frame
    const QImage linkImage = link->grab().toImage();
    const QColor linkColour = linkImage.pixelColor(8, linkImage.height() / 2);
    QVERIFY2(isAccent(linkColour), qPrintable(linkColour.name()));
    QVERIFY(contrast(linkColour, palette.color(QPalette::Window)) >= 4.4);
    QVERIFY(contrast(linkColour, cardColour(palette)) >= 4.4);
}

// WCAG 2, 1.4.11: what can be typed into is seen before it has the focus.
void ThemeTest::outlinesFieldsWhereItIsDark() {
    const QPalette before = QGuiApplication::palette();
    const auto restore = qScopeGuard([before] { QGuiApplication::setPalette(before); });
    const QPalette dark = paletteOf(QColor(0x2a, 0x2e, 0x32), QColor(0x1b, 0x1e, 0x20), QColor(0xfc, 0xfc, 0xfc));
    QApplication::setPalette(dark);
    QLineEdit field;
    makeField(field);
    const QImage image = field.grab().toImage();
    double most = 0;
    for (int y = 0; y < 4; ++y)
        most = std::max(most, contrast(image.pixelColor(image.width() / 2, y), dark.color(QPalette::Base)));
    QVERIFY2(most >= 3, qPrintable(QString::number(most)));
}

void ThemeTest::tintsAnIconWithTheTextColour() {
    const QPalette before = QGuiApplication::palette();
    QPalette palette = before;
    palette.setColor(QPalette::ButtonText, QColor(0x12, 0x34, 0x56));
    QGuiApplication::setPalette(palette);
    const QImage image = actionIcon("folder").pixmap(16).toImage().convertToFormat(QImage::Format_ARGB32);
    QGuiApplication::setPalette(before);
    int solid = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            if (image.pixelColor(x, y).alpha() < 255) continue;
            ++solid;
            QCOMPARE(image.pixelColor(x, y).rgb(), QColor(0x12, 0x34, 0x56).rgb());
        }
    }
    QVERIFY(solid > 10);
}

void ThemeTest::findsEveryIconThatTheWindowUses_data() {
    QTest::addColumn<QString>("name");
    for (const char *name : {"folder", "add", "play", "stop", "copy", "open", "network", "computer", "warning", "info",
                             "settings", "close", "search"})
        QTest::newRow(name) << name;
}

void ThemeTest::findsEveryIconThatTheWindowUses() {
    QFETCH(QString, name);
    QVERIFY(!actionIcon(name).pixmap(16).isNull());
    for (const char *state : {"serving", "stopped", "trouble"})
        for (const char *style : {"", "-symbolic"})
            QVERIFY(!pictureIcon(QStringLiteral("meerkat-%1%2").arg(state, style)).availableSizes().isEmpty());
}

QTEST_MAIN(ThemeTest)
#include "tst_theme.moc"
