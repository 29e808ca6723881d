// What a front end asks of a server: applied whole or not at all. The server is real, nobody polls it.
#include "app/serving_settings.h"

#include <mongoose.h>

#include <QNetworkInterface>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QtTest>

using namespace meerkat::app;

class TestServingSettings : public QObject {
    Q_OBJECT

  private slots:
    void appliesOptionsAndListens();
    void staysWhereItIsWhenNothingChanges();
    void goesBackToDefaultsNoLongerOverridden();
    void closesWhoCameFromElsewhereWhenTheReachNarrows();
    void stopsListening();
    void writesListeningValues();
    void readsListeningValues_data();
    void readsListeningValues();
    void tellsAMissingFolder_data();
    void tellsAMissingFolder();
    void tellsAFileInTheFoldersPlace();
    void tellsARefusedOption();
    void tellsAPortThatIsNone();
    void tellsTheFirstOfSeveralTakenPorts();
    void leavesEverythingAsItWasWhenTheFolderIsMissing();
    void undoesOptionsWhenALaterOneIsRefused();
    void undoesOptionsWhenThePortIsTaken();

    void init();
    void cleanup();

  private:
    StartServing wanted(const QString &folder = {}, std::vector<std::uint16_t> ports = {0}) const;
    Started applied(const StartServing &command);
    Failed refused(const StartServing &command);
    std::string option(const char *name) const { return mg_get_option(m_server, name); }

    std::unique_ptr<QTemporaryDir> m_folder;
    mg_server *m_server = nullptr;
    std::unique_ptr<ServingSettings> m_settings;
};

void TestServingSettings::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
    QVERIFY(QDir(m_folder->path()).mkpath("other"));
    QFile file(m_folder->filePath("file"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    m_server = mg_create_server(nullptr, nullptr);
    QVERIFY(m_server);
    m_settings = std::make_unique<ServingSettings>(m_server);
}

void TestServingSettings::cleanup() {
    m_settings.reset();
    mg_destroy_server(&m_server);
}

StartServing TestServingSettings::wanted(const QString &folder, std::vector<std::uint16_t> ports) const {
    StartServing command;
    command.address = "127.0.0.1";
    command.ports = std::move(ports);
    command.options = {{"document_root", (folder.isEmpty() ? m_folder->path() : folder).toStdString()}};
    return command;
}

// A port of 0 stands for "it was refused".
Started TestServingSettings::applied(const StartServing &command) {
    const auto outcome = m_settings->apply(command);
    const auto *started = std::get_if<Started>(&outcome);
    return started ? *started : Started{};
}

// The text "applied" stands for "it was not refused".
Failed TestServingSettings::refused(const StartServing &command) {
    const auto outcome = m_settings->apply(command);
    const auto *failed = std::get_if<Failed>(&outcome);
    return failed ? *failed : Failed{TroubleKind::Other, "", "applied"};
}

void TestServingSettings::appliesOptionsAndListens() {
    StartServing command = wanted();
    command.options.emplace_back("index_files", "start.html");
    const Started started = applied(command);
    QVERIFY(started.port != 0);
    QVERIFY(m_settings->isServing());
    QCOMPARE(m_settings->folder(), m_folder->path().toStdString());
    QCOMPARE(option("index_files"), std::string("start.html"));
    QTcpSocket visitor;
    visitor.connectToHost(QHostAddress::LocalHost, started.port);
    QVERIFY(visitor.waitForConnected());
}

void TestServingSettings::staysWhereItIsWhenNothingChanges() {
    const std::uint16_t port = applied(wanted()).port;
    QCOMPARE(applied(wanted({}, {0, port})).port, port);
    QCOMPARE(applied(wanted({}, {port, 0})).port, port);
}

void TestServingSettings::goesBackToDefaultsNoLongerOverridden() {
    StartServing command = wanted();
    command.options.emplace_back("enable_directory_listing", "no");
    const std::uint16_t port = applied(command).port;
    QCOMPARE(option("enable_directory_listing"), std::string("no"));
    QCOMPARE(applied(wanted({}, {port})).port, port);
    QCOMPARE(option("enable_directory_listing"), std::string("yes"));
}

// Whoever is connected already sees no more than whoever comes later.
void TestServingSettings::closesWhoCameFromElsewhereWhenTheReachNarrows() {
    QHostAddress elsewhere;
    for (const QHostAddress &address : QNetworkInterface::allAddresses())
        if (address.protocol() == QAbstractSocket::IPv4Protocol && !address.isLoopback()) elsewhere = address;
    if (elsewhere.isNull()) QSKIP("this machine is in no network");
    StartServing command = wanted();
    command.address = "";
    const std::uint16_t port = applied(command).port;
    QTcpSocket far, near;
    far.connectToHost(elsewhere, port);
    near.connectToHost(QHostAddress::LocalHost, port);
    QVERIFY(far.waitForConnected() && near.waitForConnected());
    QTRY_COMPARE(mg_poll_server(m_server, 10), 2);
    command = wanted({}, {port});
    command.options.emplace_back("index_files", "start.html");
    QCOMPARE(applied(command).port, port);
    QTRY_COMPARE((mg_poll_server(m_server, 10), far.state()), QAbstractSocket::UnconnectedState);
    QCOMPARE(near.state(), QAbstractSocket::ConnectedState);
}

void TestServingSettings::stopsListening() {
    const std::uint16_t port = applied(wanted()).port;
    m_settings->stop();
    QVERIFY(!m_settings->isServing());
    QTcpServer next;
    QVERIFY(next.listen(QHostAddress::LocalHost, port));
}

void TestServingSettings::writesListeningValues() {
    QCOMPARE(listeningValue("", 8080), std::string("8080"));
    QCOMPARE(listeningValue("127.0.0.1", 0), std::string("127.0.0.1:0"));
    QCOMPARE(listeningValue("::1", 65535), std::string("[::1]:65535"));
}

void TestServingSettings::readsListeningValues_data() {
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("host");
    QTest::addColumn<int>("port");
    QTest::addColumn<bool>("isOpenToNetwork");
    QTest::newRow("a port") << "8080"
                            << "127.0.0.1" << 8080 << true;
    QTest::newRow("this computer") << "127.0.0.1:80"
                                   << "127.0.0.1" << 80 << false;
    QTest::newRow("another loopback address") << "127.0.0.9:80"
                                              << "127.0.0.9" << 80 << false;
    QTest::newRow("this computer, IPv6") << "[::1]:80"
                                         << "[::1]" << 80 << false;
    QTest::newRow("an address") << "192.168.1.7:65535"
                                << "192.168.1.7" << 65535 << true;
    QTest::newRow("an address, IPv6") << "[fd00::7]:80"
                                      << "[fd00::7]" << 80 << true;
    QTest::newRow("every IPv4 address") << "0.0.0.0:80"
                                        << "127.0.0.1" << 80 << true;
    QTest::newRow("every IPv6 address") << "[::]:80"
                                        << "127.0.0.1" << 80 << true;
    QTest::newRow("none") << ""
                          << "127.0.0.1" << 0 << true;
}

void TestServingSettings::readsListeningValues() {
    QFETCH(QString, value);
    const ListeningPlace place = listeningPlace(value.toStdString());
    QTEST(QString::fromStdString(place.host), "host");
    QTEST(static_cast<int>(place.port), "port");
    QTEST(place.isOpenToNetwork, "isOpenToNetwork");
}

void TestServingSettings::tellsAMissingFolder_data() {
    QTest::addColumn<QString>("name");
    QTest::newRow("nothing there") << "nowhere";
    QTest::newRow("nothing there, two levels") << "nowhere/at/all";
    QTest::newRow("below a file") << "file/x";
}

void TestServingSettings::tellsAMissingFolder() {
    QFETCH(QString, name);
    const Failed failed = refused(wanted(m_folder->filePath(name)));
    QCOMPARE(failed.kind, TroubleKind::FolderMissing);
    QCOMPARE(failed.option, std::string("document_root"));
    QVERIFY(failed.text.find(name.toStdString()) != std::string::npos);
    QVERIFY(!failed.keptServing);
    QVERIFY(!m_settings->isServing());
}

void TestServingSettings::tellsAFileInTheFoldersPlace() {
    const Failed failed = refused(wanted(m_folder->filePath("file")));
    QCOMPARE(failed.kind, TroubleKind::FolderIsFile);
    QCOMPARE(failed.option, std::string("document_root"));
    QVERIFY(failed.text.find("file") != std::string::npos);
}

void TestServingSettings::tellsARefusedOption() {
    StartServing command = wanted();
    command.options.emplace_back("idle_timeout_ms", "soon");
    const Failed failed = refused(command);
    QCOMPARE(failed.kind, TroubleKind::OptionRefused);
    QCOMPARE(failed.option, std::string("idle_timeout_ms"));
    QVERIFY(failed.text.find("soon") != std::string::npos);
}

void TestServingSettings::tellsAPortThatIsNone() {
    QCOMPARE(refused(wanted({}, {})).kind, TroubleKind::Other);
    StartServing nonsense = wanted();
    nonsense.address = "not an address";
    QCOMPARE(refused(nonsense).kind, TroubleKind::OptionRefused);
}

void TestServingSettings::tellsTheFirstOfSeveralTakenPorts() {
    QTcpServer first, second;
    QVERIFY(first.listen(QHostAddress::LocalHost) && second.listen(QHostAddress::LocalHost));
    const Failed failed = refused(wanted({}, {first.serverPort(), second.serverPort()}));
    QCOMPARE(failed.kind, TroubleKind::PortTaken);
    QCOMPARE(failed.port, first.serverPort());
}

void TestServingSettings::leavesEverythingAsItWasWhenTheFolderIsMissing() {
    const std::uint16_t port = applied(wanted()).port;
    const Failed failed = refused(wanted(m_folder->filePath("nowhere"), {port}));
    QVERIFY(failed.keptServing);
    QCOMPARE(option("document_root"), m_folder->path().toStdString());
    QCOMPARE(m_settings->folder(), m_folder->path().toStdString());
}

void TestServingSettings::undoesOptionsWhenALaterOneIsRefused() {
    const std::uint16_t port = applied(wanted()).port;
    StartServing command = wanted(m_folder->filePath("other"), {port});
    command.options.emplace_back("enable_directory_listing", "no");
    command.options.emplace_back("no_such_option", "1");
    const Failed failed = refused(command);
    QVERIFY(failed.keptServing);
    QCOMPARE(failed.option, std::string("no_such_option"));
    QCOMPARE(option("document_root"), m_folder->path().toStdString());
    QCOMPARE(option("enable_directory_listing"), std::string("yes"));
}

void TestServingSettings::undoesOptionsWhenThePortIsTaken() {
    QTcpServer taken;
    QVERIFY(taken.listen(QHostAddress::LocalHost));
    const std::uint16_t port = applied(wanted()).port;
    const Failed failed = refused(wanted(m_folder->filePath("other"), {taken.serverPort()}));
    QVERIFY(failed.keptServing);
    QCOMPARE(failed.kind, TroubleKind::PortTaken);
    QCOMPARE(option("document_root"), m_folder->path().toStdString());
    QCOMPARE(option("listening_port"), listeningValue("127.0.0.1", port));
}

QTEST_GUILESS_MAIN(TestServingSettings)
#include "tst_serving_settings.moc"
