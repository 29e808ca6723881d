#include "ui/widgets/copy_button.h"
#include "ui/widgets/link_label.h"
#include "ui/widgets/notice_bar.h"
#include "ui/widgets/port_field.h"
#include "ui/widgets/qr_code.h"
#include "ui/widgets/segmented_choice.h"
#include "ui/widgets/toggle_switch.h"

#include <QAccessible>
#include <QClipboard>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QRadioButton>
#include <QSignalSpy>
#include <QTest>
#include <QVBoxLayout>

using namespace meerkat::ui;

class ControlsTest : public QObject {
    Q_OBJECT
  private slots:
    void aSwitchIsACheckBoxForTheBlind();
    void aSwitchTurnsBySpaceAndByMouse();
    void aSwitchDoesNotGrowWithItsWord();
    void aChoiceIsOneOfItsRadioButtons();
    void aChoiceMovesByArrowKeys();
    void aQrCodeHasItsQuietZoneInTheDarkToo();
    void aQrCodeThatIsTooLongIsEmpty();
    void aLinkIsWholeWhereThereIsRoom();
    void copyingSaysSo();
    void aPortIsTakenWhenTypingEnds();
    void aBadPortStaysWithItsReasonAndTheOldOneServes();
    void aPortThatAnAssistiveToolWritesIsTaken();
    void aRefusalGoesWhenAnotherPortServes();
    void aPortIsNotOverwrittenWhileItIsTyped();
    void aNoticeHasAButtonOnlyWhereThereIsAWay();
};

void ControlsTest::aSwitchIsACheckBoxForTheBlind() {
    ToggleSwitch toggle;
    toggle.setAccessibleName("Serve this folder");
    QAccessibleInterface *face = QAccessible::queryAccessibleInterface(&toggle);
    QVERIFY(face);
    QCOMPARE(face->role(), QAccessible::CheckBox);
    QCOMPARE(face->text(QAccessible::Name), "Serve this folder");
    QVERIFY(!face->state().checked);
    toggle.setChecked(true);
    QVERIFY(face->state().checked);
}

void ControlsTest::aSwitchTurnsBySpaceAndByMouse() {
    ToggleSwitch toggle;
    toggle.setWords("Serving", "Stopped");
    QSignalSpy clicked(&toggle, &ToggleSwitch::clicked);
    QTest::keyClick(&toggle, Qt::Key_Space);
    QVERIFY(toggle.isChecked());
    QTest::mouseClick(&toggle, Qt::LeftButton, {}, QPoint(toggle.sizeHint().width() - 6, 8));
    QVERIFY(!toggle.isChecked());
    QCOMPARE(clicked.size(), 2);
}

void ControlsTest::aSwitchDoesNotGrowWithItsWord() {
    ToggleSwitch toggle;
    toggle.setWords("Serving", "Stopped");
    const QSize off = toggle.sizeHint();
    toggle.setChecked(true);
    QCOMPARE(toggle.sizeHint(), off);
    toggle.setBusyWord("Starting");
    QCOMPARE(toggle.sizeHint(), off);
}

void ControlsTest::aChoiceIsOneOfItsRadioButtons() {
    SegmentedChoice choice;
    choice.addChoice("one", "&One", "computer");
    choice.addChoice("two", "&Two", "network");
    choice.setCurrent(0);
    QSignalSpy chosen(&choice, &SegmentedChoice::chosen);
    auto *second = choice.findChild<QRadioButton *>("two");
    QCOMPARE(QAccessible::queryAccessibleInterface(second)->role(), QAccessible::RadioButton);
    second->click();
    QCOMPARE(choice.current(), 1);
    QCOMPARE(chosen.size(), 1);
    choice.setCurrent(0);
    QCOMPARE(chosen.size(), 1);
    QVERIFY(!second->isChecked());
}

void ControlsTest::aChoiceMovesByArrowKeys() {
    SegmentedChoice choice;
    choice.addChoice("one", "&One", {});
    choice.addChoice("two", "&Two", {});
    choice.setCurrent(0);
    choice.show();
    QVERIFY(QTest::qWaitForWindowActive(&choice));
    auto *first = choice.findChild<QRadioButton *>("one");
    first->setFocus();
    QSignalSpy chosen(&choice, &SegmentedChoice::chosen);
    QTest::keyClick(first, Qt::Key_Right);
    QCOMPARE(choice.current(), 1);
    QCOMPARE(chosen.size(), 1);
}

void ControlsTest::aQrCodeHasItsQuietZoneInTheDarkToo() {
    QrCode code;
    code.setPalette(QPalette(Qt::black));
    code.setModuleSize(3);
    code.setContent("http://192.168.1.7:8080/");
    code.resize(code.sizeHint());
    const QrModules modules = qrModules(code.content());
    QVERIFY(modules.side >= 21);
    QCOMPARE(code.sizeHint().width(), (modules.side + 8) * 3);
    const QImage image = code.grab().toImage();
    const qreal scale = code.devicePixelRatioF();
    const auto at = [&image, scale](int module) {
        return image.pixelColor(qRound((module * 3 + 1) * scale), qRound((module * 3 + 1) * scale));
    };
    for (int module = 1; module < 4; ++module) QCOMPARE(at(module), QColor(Qt::white));
    QCOMPARE(at(4), QColor(Qt::black));  // the corner of the finder pattern
}

void ControlsTest::aQrCodeThatIsTooLongIsEmpty() { QCOMPARE(qrModules(QString(5000, 'x')).side, 0); }

void ControlsTest::aLinkIsWholeWhereThereIsRoom() {
    QWidget window;
    auto *link = new LinkLabel(&window);
    link->setText("http://192.168.178.123:8080/");
    auto *row = new QVBoxLayout(&window);
    row->addWidget(link, 0, Qt::AlignLeft);
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    QVERIFY(link->width() >= link->sizeHint().width());
    QVERIFY(link->minimumSizeHint().width() < link->sizeHint().width());
}

void ControlsTest::copyingSaysSo() {
    CopyButton button(ActionButton::Look::Plain);
    button.setContent("http://127.0.0.1:8080/");
    const QSize before = button.sizeHint();
    button.click();
    QCOMPARE(QGuiApplication::clipboard()->text(), "http://127.0.0.1:8080/");
    QCOMPARE(button.text(), "Copied");
    QCOMPARE(button.sizeHint(), before);
    QTRY_COMPARE(button.text(), "&Copy");
}

void ControlsTest::aPortIsTakenWhenTypingEnds() {
    PortField field;
    field.setPort(8080, false);
    QSignalSpy chosen(&field, &PortField::chosen);
    QSignalSpy forgotten(&field, &PortField::choiceForgotten);
    field.edit()->selectAll();
    QTest::keyClicks(field.edit(), "9000");
    QVERIFY(chosen.isEmpty());
    QTest::keyClick(field.edit(), Qt::Key_Return);
    QCOMPARE(chosen.size(), 1);
    QCOMPARE(chosen[0][0].value<quint16>(), quint16(9000));
    field.setPort(9000, true);
    field.edit()->selectAll();
    QTest::keyClick(field.edit(), Qt::Key_Delete);
    QTest::keyClick(field.edit(), Qt::Key_Return);
    QCOMPARE(forgotten.size(), 1);
}

void ControlsTest::aBadPortStaysWithItsReasonAndTheOldOneServes() {
    PortField field;
    field.setPort(8080, false);
    QSignalSpy chosen(&field, &PortField::chosen);
    field.edit()->selectAll();
    QTest::keyClicks(field.edit(), "99999");
    QTest::keyClick(field.edit(), Qt::Key_Return);
    QVERIFY(chosen.isEmpty());
    QCOMPARE(field.edit()->text(), "99999");
    QVERIFY(!field.reason()->isHidden());
    QVERIFY(field.reason()->text().contains("The port stays 8080."));
    field.setPort(8080, false);  // news of other things do not wipe it
    QCOMPARE(field.edit()->text(), "99999");
}

void ControlsTest::aPortThatAnAssistiveToolWritesIsTaken() {
    PortField field;
    field.setPort(8080, false);
    QSignalSpy chosen(&field, &PortField::chosen);
    field.edit()->setText("9000");  // as the accessibility bridge does
    QVERIFY(!field.edit()->isModified());
    QTest::keyClick(field.edit(), Qt::Key_Return);
    QCOMPARE(chosen.size(), 1);
    QTest::keyClick(field.edit(), Qt::Key_Return);
    QCOMPARE(chosen.size(), 1);
}

void ControlsTest::aRefusalGoesWhenAnotherPortServes() {
    PortField field;
    field.setPort(8080, false);
    field.refuse("Port 80 is for administrators.");
    field.setPort(8081, true);
    QVERIFY(field.reason()->isHidden());
    QCOMPARE(field.edit()->text(), "8081");
}

void ControlsTest::aPortIsNotOverwrittenWhileItIsTyped() {
    PortField field;
    field.show();
    QVERIFY(QTest::qWaitForWindowActive(&field));
    field.setPort(8080, false);
    field.edit()->setFocus();
    field.edit()->selectAll();
    QTest::keyClicks(field.edit(), "90");
    field.setPort(8081, false);
    QCOMPARE(field.edit()->text(), "90");
}

void ControlsTest::aNoticeHasAButtonOnlyWhereThereIsAWay() {
    NoticeBar bar(NoticeBar::Kind::Trouble);
    bar.say("Port 8080 is used by nginx.", "Use 8081", "Try again");
    QCOMPARE(bar.sentence(), "Port 8080 is used by nginx.");
    QVERIFY(!bar.findChild<QWidget *>("noticeAction")->isHidden());
    QSignalSpy taken(&bar, &NoticeBar::actionTaken);
    bar.findChild<QPushButton *>("noticeAction")->click();
    QCOMPARE(taken.size(), 1);
    bar.say("The disk is full.");
    QVERIFY(bar.findChild<QWidget *>("noticeAction")->isHidden());
    QVERIFY(bar.findChild<QWidget *>("noticeSecondAction")->isHidden());
}

QTEST_MAIN(ControlsTest)
#include "tst_controls.moc"
