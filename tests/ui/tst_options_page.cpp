// The page of options as a person uses it, with a real engine below it.
#include "app/engine_client.h"
#include "support/window_program.h"
#include "ui/options_page.h"
#include "ui/server_page.h"

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QRegularExpression>
#include <QTemporaryDir>

using namespace meerkat;
using namespace meerkat::ui;
using app::ServingState;

class OptionsPageTest : public QObject {
    Q_OBJECT
  private slots:
    void init();
    void hasAnEditorForEachOption();
    void takesWhatIsTyped();
    void saysInPlaceWhyAValueIsRefused();
    void marksAndPutsBack();
    void findsByWords();
    void writesAndReadsAFile();
    void showsTheOptionsOfTheFolderThatIsChosen();

  private:
    template <typename Type>
    Type *part(const char *name) const {
        return m_program->part<Type>(name);
    }
    void type(const char *name, const QString &text) {
        auto *field = part<QLineEdit>(name);
        field->setFocus();
        field->selectAll();
        QTest::keyClicks(field, text);
        QTest::keyClick(field, Qt::Key_Return);
    }
    const app::ServerProfile &profile(int row = 0) const { return m_program->servers.client(row)->profile(); }

    QString chosen(const char *name) const {
        const auto &options = profile().options;
        const auto found = options.find(QString::fromLatin1(name));
        return found == options.end() ? QString() : found->second;
    }

    std::unique_ptr<QTemporaryDir> m_place;
    std::unique_ptr<Program> m_program;
};

void OptionsPageTest::init() {
    m_program.reset();
    m_place = std::make_unique<QTemporaryDir>();
    for (const char *name : {"a", "b"}) QDir(m_place->path()).mkpath(name);
    m_program = std::make_unique<Program>(m_place->filePath("c.json"));
    m_program->window->serveFolders({m_place->filePath("a")});
    QTRY_COMPARE(m_program->servers.client(0)->state(), ServingState::Serving);
    m_program->window->findChild<ServerPage *>()->showTab("optionsPage");
    QTRY_VERIFY(part<QWidget>("option_websocket_events"));
}

void OptionsPageTest::hasAnEditorForEachOption() {
    const OptionEditing editing;
    QTRY_COMPARE(part<QWidget>("optionsScroll")->findChildren<QWidget *>(QRegularExpression("^optionRow_")).size(),
                 qsizetype(editing.facts().size()));
    for (const app::OptionFact &fact : editing.facts()) {
        auto *editor = part<QWidget>(("option_" + fact.name).c_str());
        QVERIFY2(editor && !editor->accessibleName().isEmpty(), fact.name.c_str());
        const bool hasBrowse = fact.kind == app::OptionKind::File || fact.kind == app::OptionKind::Folder;
        QCOMPARE(part<QWidget>(("optionBrowse_" + fact.name).c_str()) != nullptr, hasBrowse);
    }
    QVERIFY(part<QCheckBox>("option_compression")->isChecked());
}

void OptionsPageTest::takesWhatIsTyped() {
    type("option_index_files", "start.html");
    QTRY_VERIFY(profile().options.contains("index_files"));
    part<QCheckBox>("option_enable_directory_listing")->click();
    QTRY_COMPARE(chosen("enable_directory_listing"), "no");
    part<QComboBox>("option_clean_urls")->setCurrentText("redirect");
    QTRY_COMPARE(chosen("clean_urls"), "redirect");
    QTRY_COMPARE(part<QLabel>("optionCount")->text(), "3 changed");
    QCOMPARE(m_program->servers.client(0)->state(), ServingState::Serving);
}

void OptionsPageTest::saysInPlaceWhyAValueIsRefused() {
    auto *complaint = part<QLabel>("optionComplaint_idle_timeout_ms");
    type("option_idle_timeout_ms", "soon");
    QTRY_VERIFY(complaint->isVisible());
    QVERIFY2(complaint->text().contains("soon") && complaint->text().contains("30000"), qPrintable(complaint->text()));
    QCOMPARE(part<QLineEdit>("option_idle_timeout_ms")->text(), "soon");  // to be mended
    QTest::mouseClick(part<QWidget>("optionReset_idle_timeout_ms"), Qt::LeftButton);
    QTRY_VERIFY(!complaint->isVisible());
    QCOMPARE(part<QLineEdit>("option_idle_timeout_ms")->text(), "30000");
}

void OptionsPageTest::marksAndPutsBack() {
    auto *reset = part<QWidget>("optionReset_index_files");
    QVERIFY(!reset->isVisible());
    type("option_index_files", "start.html");
    QTRY_VERIFY(reset->isVisible());
    QTest::mouseClick(reset, Qt::LeftButton);
    QTRY_VERIFY(!reset->isVisible());
    QVERIFY(profile().options.empty());
    part<QCheckBox>("option_compression")->click();
    QTRY_COMPARE(profile().options.size(), 1u);
    part<QAction>("optionsResetAll")->trigger();
    QTRY_VERIFY(part<QCheckBox>("option_compression")->isChecked());
    QVERIFY(profile().options.empty());
}

void OptionsPageTest::findsByWords() {
    QVERIFY(m_program->isActive);
    QTest::keyClick(m_program->window.get(), Qt::Key_F, Qt::ControlModifier);
    QCOMPARE(QApplication::focusWidget(), part<QWidget>("optionFilter"));
    part<QLineEdit>("optionFilter")->setText("hidden files");
    QTRY_VERIFY(part<QWidget>("option_hide_files_patterns")->isVisible());
    QVERIFY(!part<QWidget>("option_compression")->isVisible());
    part<QLineEdit>("optionFilter")->setText("zebra");
    QVERIFY(part<QWidget>("optionsEmpty")->isVisible());
}

void OptionsPageTest::writesAndReadsAFile() {
    auto *page = part<OptionsPage>("optionsPage");
    QStringList said;
    connect(page, &ServerTab::noticeTold, this, [&said](const QString &sentence) { said << sentence; });
    type("option_index_files", "start.html");
    QTRY_VERIFY(profile().options.contains("index_files"));
    page->exportTo(m_place->filePath("x.conf"));
    QCOMPARE(said.size(), 1);
    part<QAction>("optionsResetAll")->trigger();
    page->importFrom(m_place->filePath("x.conf"));
    QTRY_COMPARE(said.size(), 2);
    QCOMPARE(part<QLineEdit>("option_index_files")->text(), "start.html");
    page->importFrom(m_place->filePath("nowhere.conf"));
    QCOMPARE(said.size(), 3);
    page->exportTo(m_place->filePath("nowhere/x.conf"));
    QCOMPARE(said.size(), 4);
    QVERIFY2(said[3].contains("not written"), qPrintable(said[3]));
}

void OptionsPageTest::showsTheOptionsOfTheFolderThatIsChosen() {
    type("option_index_files", "start.html");
    QTRY_VERIFY(profile().options.contains("index_files"));
    m_program->window->serveFolders({m_place->filePath("b")});
    QVERIFY(part<QLineEdit>("option_index_files")->text() != "start.html");
    QVERIFY(profile(1).options.empty());
}

QTEST_MAIN(OptionsPageTest)
#include "tst_options_page.moc"
