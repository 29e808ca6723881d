// Station: tests of net/local_authority: the files, the certificates as openssl sees them, two makers at once.
#include "net/local_authority.h"

#include "support/certificates.h"
#include "support/temporary_site.h"

#include <QFileInfo>
#include <QTest>

#include <thread>

using namespace meerkat;
using namespace meerkat::test;
using net::LocalAuthority;

namespace {

constexpr std::int64_t kDay = 24 * 60 * 60;

std::int64_t now() { return QDateTime::currentSecsSinceEpoch(); }

QByteArray bytes(const std::string &text) { return QByteArray::fromStdString(text); }

net::LocalNames someNames() {
    return net::localNamesFrom("Desk.example", {*os::parseIp("192.168.7.9"), *os::parseIp("fe80::1"), *os::parseIp("127.0.0.1")});
}

}  // namespace

class TestLocalAuthority : public QObject {
    Q_OBJECT

  private slots:
    void init() { m_site = std::make_unique<TemporarySite>(); }
    void namesTheMachine_data();
    void namesTheMachine();
    void namesThisMachine();
    void makesTheAuthorityOnce();
    void keepsTheKeyForItsUserAlone();
    void isAnAuthorityForLeavesAlone();
    void issuesWhatOpensslAccepts();
    void issuesForNoLongerThanBrowsersTake();
    void isOneAuthorityForTwoMakersAtOnce();
    void replacesAnAuthorityPastItsEnd();
    void refusesADamagedFile();
    void refusesAFolderThatCannotBeMade();

  private:
    std::string folder() const { return m_site->path("config/tls").toStdString(); }
    QByteArray textOf(const QByteArray &pem) { return openssl({"x509", "-noout", "-text"}, pem); }

    std::unique_ptr<TemporarySite> m_site;
};

void TestLocalAuthority::namesTheMachine_data() {
    QTest::addColumn<QString>("host");
    QTest::addColumn<QStringList>("names");
    QTest::newRow("a plain name") << "desk" << QStringList{"desk", "desk.local", "localhost"};
    QTest::newRow("with its domain") << "Desk.Example" << QStringList{"desk.example", "desk.local", "localhost"};
    QTest::newRow("in .local") << "desk.local" << QStringList{"desk.local", "localhost"};
    QTest::newRow("none") << "" << QStringList{"localhost"};
    QTest::newRow("localhost") << "localhost" << QStringList{"localhost"};
    QTest::newRow("what would forge another name") << "a,DNS:bank.example" << QStringList{"localhost"};
    QTest::newRow("letters that no DNS knows") << QString::fromUtf8("büro") << QStringList{"localhost"};
}

void TestLocalAuthority::namesTheMachine() {
    QFETCH(QString, host);
    QStringList got;
    const auto found = net::localNamesFrom(host.toStdString(), {});
    for (const auto &name : found.names) got << QString::fromStdString(name);
    QTEST(got, "names");
    QVERIFY((found.addresses == std::vector<std::string>{"127.0.0.1", "::1"}));
}

void TestLocalAuthority::namesThisMachine() {
    const auto found = net::localNames();
    QVERIFY(std::find(found.names.begin(), found.names.end(), "localhost") != found.names.end());
    QVERIFY(std::find(found.addresses.begin(), found.addresses.end(), "127.0.0.1") != found.addresses.end());
    QVERIFY(found == net::localNames());
}

void TestLocalAuthority::makesTheAuthorityOnce() {
    const auto first = LocalAuthority::open(folder(), now());
    QVERIFY2(first, first ? "" : first.failure().text.c_str());
    const auto second = LocalAuthority::open(folder(), now());
    QVERIFY(second);
    QCOMPARE((*first)->certificatePem(), (*second)->certificatePem());
    QFile file(m_site->path("config/tls/authority.crt"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll().toStdString(), (*first)->certificatePem());
}

void TestLocalAuthority::keepsTheKeyForItsUserAlone() {
    QVERIFY(LocalAuthority::open(folder(), now()));
    const auto mode = QFileInfo(m_site->path("config/tls/authority.pem")).permissions();
    const auto others =
        QFile::ReadGroup | QFile::WriteGroup | QFile::ExeGroup | QFile::ReadOther | QFile::WriteOther | QFile::ExeOther;
    QVERIFY(!(mode & others));
    QCOMPARE(QDir(m_site->path("config/tls")).entryList(QDir::Files, QDir::Name),
             (QStringList{"authority.crt", "authority.pem"}));
}

void TestLocalAuthority::isAnAuthorityForLeavesAlone() {
    const QByteArray text = textOf(bytes((*LocalAuthority::open(folder(), now()))->certificatePem()));
    for (const char *line : {"CA:TRUE, pathlen:0", "Certificate Sign", "prime256v1", "X509v3 Basic Constraints: critical",
                             "X509v3 Key Usage: critical", "X509v3 Subject Key Identifier", "ecdsa-with-SHA256", "Version: 3"})
        QVERIFY2(text.contains(line), line);
}

void TestLocalAuthority::issuesWhatOpensslAccepts() {
    const auto authority = std::move(*LocalAuthority::open(folder(), now()));
    const QByteArray leaf = bytes(*authority->issue(someNames(), now()));
    m_site->write("leaf.pem", leaf);
    const QString trust = m_site->path("config/tls/authority.crt");
    for (const QStringList &who : {QStringList{"-verify_hostname", "localhost"}, QStringList{"-verify_hostname", "desk.local"},
                                   QStringList{"-verify_hostname", "desk.example"}, QStringList{"-verify_ip", "192.168.7.9"},
                                   QStringList{"-verify_ip", "::1"}, QStringList{"-verify_ip", "fe80::1"}})
        QVERIFY(openssl(QStringList{"verify", "-x509_strict", "-purpose", "sslserver", "-CAfile", trust} + who +
                        QStringList{m_site->path("leaf.pem")})
                    .endsWith("OK\n"));
    const QByteArray text = textOf(leaf);
    for (const char *line :
         {"CA:FALSE", "TLS Web Server Authentication", "Digital Signature", "prime256v1", "IP Address:127.0.0.1"})
        QVERIFY2(text.contains(line), line);
}

void TestLocalAuthority::issuesForNoLongerThanBrowsersTake() {
    const auto authority = std::move(*LocalAuthority::open(folder(), now()));
    const QByteArray leaf = bytes(*authority->issue(someNames(), now()));
    const auto dateOf = [&](const char *which) {
        const QByteArray line = openssl({"x509", "-noout", which, "-dateopt", "iso_8601"}, leaf).trimmed();
        return QDateTime::fromString(QString(line.mid(line.indexOf('=') + 1)), "yyyy-MM-dd HH:mm:ss'Z'");
    };
    const qint64 seconds = dateOf("-startdate").secsTo(dateOf("-enddate"));
    QVERIFY2(seconds > 300 * kDay && seconds < 397 * kDay, qPrintable(QString::number(seconds)));
    QVERIFY(authority->issue(someNames(), now()) && *authority->issue(someNames(), now()) != leaf.toStdString());
}

void TestLocalAuthority::isOneAuthorityForTwoMakersAtOnce() {
    constexpr int kMakers = 8;
    std::array<std::string, kMakers> found;
    std::vector<std::thread> makers;
    for (int i = 0; i < kMakers; ++i)
        makers.emplace_back([&, i] {
            const auto authority = LocalAuthority::open(folder(), now());
            found[std::size_t(i)] = authority ? (*authority)->certificatePem() : authority.failure().text;
        });
    for (auto &maker : makers) maker.join();
    QVERIFY(found[0].starts_with("-----BEGIN CERTIFICATE"));
    for (const auto &each : found) QCOMPARE(each, found[0]);
    QCOMPARE(QDir(m_site->path("config/tls")).entryList(QDir::Files, QDir::Name),
             (QStringList{"authority.crt", "authority.pem"}));
}

void TestLocalAuthority::replacesAnAuthorityPastItsEnd() {
    const auto old = LocalAuthority::open(folder(), now() - LocalAuthority::kAuthorityDays * kDay);
    const auto replaced = LocalAuthority::open(folder(), now());
    QVERIFY(old && replaced);
    QVERIFY((*old)->certificatePem() != (*replaced)->certificatePem());
    QCOMPARE((*LocalAuthority::open(folder(), now()))->certificatePem(), (*replaced)->certificatePem());
}

void TestLocalAuthority::refusesADamagedFile() {
    m_site->write("config/tls/authority.pem", "what?");
    const auto authority = LocalAuthority::open(folder(), now());
    QVERIFY(!authority);
    QVERIFY2(authority.failure().text.find("authority.pem' holds no PEM text") != std::string::npos,
             authority.failure().text.c_str());
    QVERIFY(authority.failure().text.find("remove the file") != std::string::npos);
    QFile file(m_site->path("config/tls/authority.pem"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), QByteArray("what?"));
}

void TestLocalAuthority::refusesAFolderThatCannotBeMade() {
    m_site->write("config", "a file");
    const auto authority = LocalAuthority::open(folder(), now());
    QVERIFY(!authority);
    QVERIFY2(authority.failure().text.starts_with("The folder '"), authority.failure().text.c_str());
}

QTEST_GUILESS_MAIN(TestLocalAuthority)
#include "tst_local_authority_posix.moc"
