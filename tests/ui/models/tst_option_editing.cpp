// The options of a folder without a display: asked of a real engine, kept, put back, written to a file and read again.
#include "app/engine_client.h"
#include "ui/models/option_editing.h"
#include "ui/models/option_words.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <functional>

using namespace meerkat;
using namespace meerkat::ui;

class OptionEditingTest : public QObject {
    Q_OBJECT
  private slots:
    void init();
    void knowsEveryOptionButTheFolderAndThePort();
    void keepsWhatTheEngineTakes_data();
    void keepsWhatTheEngineTakes();
    void tellsWhyAValueIsRefused();
    void tellsWhatCouldNotBeDone();
    void putsBackOneAndAll();
    void readsWhatItWrites();
    void takesTheGoodOnesOfAFile();
    void refusesAFileThatIsNone();
    void isFoundByItsWords();
    void runsNoScriptsUnlessItIsSaid();

  private:
    bool settles(const std::function<void()> &change) {
        QSignalSpy changed(&m_editing, &OptionEditing::changed);
        change();
        return changed.size() > 0 || changed.wait();
    }

    std::unique_ptr<QTemporaryDir> m_place;
    std::unique_ptr<app::EngineClient> m_client;
    OptionEditing m_editing;
};

void OptionEditingTest::init() {
    m_editing.setClient(nullptr);
    m_place = std::make_unique<QTemporaryDir>();
    m_client = std::make_unique<app::EngineClient>(app::ServerProfile::forFolder(m_place->path()));
    m_editing.setClient(m_client.get());
}

void OptionEditingTest::knowsEveryOptionButTheFolderAndThePort() {
    QStringList names;
    for (const app::OptionFact &fact : m_editing.facts()) {
        names << QString::fromStdString(fact.name);
        QVERIFY2(!fact.help.empty() && !fact.group.empty(), fact.name.c_str());
        QVERIFY2(optionLabel(names.back()) != names.back(), fact.name.c_str());
        QVERIFY2(fact.kind != app::OptionKind::Choice || fact.choices.size() > 1, fact.name.c_str());
    }
    QVERIFY(names.contains("hide_files_patterns"));
    QVERIFY(!names.contains("document_root") && !names.contains("listening_port"));
}

void OptionEditingTest::keepsWhatTheEngineTakes_data() {
    QTest::addColumn<bool>("isServing");
    QTest::newRow("stopped") << false;
    QTest::newRow("serving") << true;
}

void OptionEditingTest::keepsWhatTheEngineTakes() {
    QFETCH(bool, isServing);
    if (isServing) m_client->start();
    if (isServing) QTRY_COMPARE(m_client->state(), app::ServingState::Serving);
    QVERIFY(settles([this] { m_editing.set("index_files", "start.html"); }));
    QTRY_COMPARE(m_editing.value("index_files"), "start.html");
    QVERIFY(m_client->profile().options.contains("index_files"));
    QCOMPARE(m_editing.complaint("index_files"), QString());
    QCOMPARE(m_editing.changedNames(), QStringList("index_files"));
    // What it would be anyway is no change.
    const QString usual = m_editing.defaultValue("index_files");
    m_editing.set("index_files", usual);
    QTRY_VERIFY(!m_editing.isChanged("index_files"));
}

void OptionEditingTest::tellsWhyAValueIsRefused() {
    m_editing.set("idle_timeout_ms", "soon");
    QTRY_VERIFY(!m_editing.complaint("idle_timeout_ms").isEmpty());
    QVERIFY2(m_editing.complaint("idle_timeout_ms").contains("soon"), qPrintable(m_editing.complaint("idle_timeout_ms")));
    QVERIFY(m_editing.complaint("idle_timeout_ms").endsWith("."));
    QVERIFY(!m_editing.isChanged("idle_timeout_ms"));
    m_editing.set("idle_timeout_ms", "9000");
    QTRY_COMPARE(m_editing.value("idle_timeout_ms"), "9000");
    QCOMPARE(m_editing.complaint("idle_timeout_ms"), QString());
}

// Right by itself, but the file can't be made: the old value goes on.
void OptionEditingTest::tellsWhatCouldNotBeDone() {
    m_client->start();
    QTRY_COMPARE(m_client->state(), app::ServingState::Serving);
    m_editing.set("access_log_file", m_place->filePath("nowhere/log"));
    QTRY_VERIFY(!m_editing.complaint("access_log_file").isEmpty());
    QVERIFY(!m_editing.isChanged("access_log_file"));
    QCOMPARE(m_client->state(), app::ServingState::Serving);
}

void OptionEditingTest::putsBackOneAndAll() {
    m_editing.set("index_files", "a.html");
    m_editing.set("compression", "no");
    m_editing.set("ssi_exec", "yes");
    QTRY_COMPARE(m_editing.changedNames().size(), 3);
    m_editing.reset("compression");
    QCOMPARE(m_editing.value("compression"), "yes");
    QCOMPARE(m_editing.changedNames().size(), 2);
    m_editing.resetAll();
    QCOMPARE(m_editing.changedNames(), QStringList());
    QVERIFY(m_client->profile().options.empty());
}

void OptionEditingTest::readsWhatItWrites() {
    m_editing.set("index_files", "a.html,b.html");
    m_editing.set("extra_headers", "/=X-Word: two words");
    QTRY_COMPARE(m_editing.changedNames().size(), 2);
    const QByteArray written = m_editing.exported();
    QVERIFY(written.contains("document_root " + m_place->path().toUtf8() + "\n"));
    m_editing.resetAll();
    QSignalSpy imported(&m_editing, &OptionEditing::imported);
    m_editing.import(written, m_place->filePath("mongoose.conf"));
    QVERIFY(imported.size() > 0 || imported.wait());
    QCOMPARE(m_editing.value("index_files"), "a.html,b.html");
    QCOMPARE(m_editing.value("extra_headers"), "/=X-Word: two words");
    QVERIFY2(imported[0][0].toString().contains("stay"), qPrintable(imported[0][0].toString()));
}

void OptionEditingTest::takesTheGoodOnesOfAFile() {
    QSignalSpy imported(&m_editing, &OptionEditing::imported);
    m_editing.import("compression no\nidle_timeout_ms never\n", m_place->filePath("x.conf"));
    QVERIFY(imported.size() > 0 || imported.wait());
    QCOMPARE(m_editing.value("compression"), "no");
    QVERIFY(!m_editing.isChanged("idle_timeout_ms"));
    QVERIFY2(imported[0][0].toString().contains("never"), qPrintable(imported[0][0].toString()));
}

void OptionEditingTest::refusesAFileThatIsNone() {
    QSignalSpy imported(&m_editing, &OptionEditing::imported);
    m_editing.import("no_such_option 1\ncompression no\n", m_place->filePath("x.conf"));
    QCOMPARE(imported.size(), 1);
    QVERIFY2(imported[0][0].toString().contains("no_such_option"), qPrintable(imported[0][0].toString()));
    QVERIFY(!m_editing.isChanged("compression"));
}

void OptionEditingTest::isFoundByItsWords() {
    const auto found = [this](const QString &words) {
        QStringList names;
        for (const app::OptionFact &fact : m_editing.facts())
            if (OptionEditing::isAbout(fact, words)) names << QString::fromStdString(fact.name);
        return names;
    };
    QVERIFY(found("password").contains("global_auth_file"));
    QVERIFY(found("auth_file").contains("global_auth_file"));
    QVERIFY(found("auth file").contains("global_auth_file"));
    QCOMPARE(found("no such words anywhere"), QStringList());
    QCOMPARE(found("").size(), qsizetype(m_editing.facts().size()));
}

void OptionEditingTest::runsNoScriptsUnlessItIsSaid() {
    QCOMPARE(m_editing.value("cgi_pattern"), "$");
    m_editing.set("cgi_pattern", "**.cgi$|**.pl$|**.php$");
    QTRY_VERIFY(m_editing.isChanged("cgi_pattern"));
}

QTEST_GUILESS_MAIN(OptionEditingTest)
#include "tst_option_editing.moc"
