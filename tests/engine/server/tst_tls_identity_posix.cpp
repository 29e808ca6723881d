// Station: tests of server/tls_identity: what is taken, what a change on the disk or of an address brings, and when.
#include "server/tls_identity.h"

#include "support/certificates.h"
#include "support/fake_clock.h"
#include "support/temporary_site.h"

#include <QTest>

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

using namespace meerkat;
using namespace meerkat::test;
using server::TlsIdentity;

class TestTlsIdentity : public QObject {
    Q_OBJECT

  private slots:
    void init();
    void isPlainUntilItIsSet();
    void takesAFile();
    void keepsTheOldOneWhenAFileIsRefused();
    void takesAChangedFileWithinASecond();
    void takesAFileThatWasReplaced();
    void looksOnceASecondAtMost();
    void keepsTheOldOneWhenTheFileIsSpoiled();
    void keepsTheOldOneWhileTheFileIsAway();
    void issuesACertificateForEveryAddress();
    void renewsItWhenAnAddressChanges();
    void renewsItNearItsEnd();
    void isPlainAgainWhenUnset();
    void goesFromAutoToAFileAndBack();

  private:
    std::string path() const { return m_site->path("both.pem").toStdString(); }
    std::string folder() const { return m_site->path("tls").toStdString(); }
    X509 *certificate() { return SSL_CTX_get0_certificate(m_identity->current()->native()); }
    bool isFor(const char *address) { return X509_check_ip_asc(certificate(), address, 0) == 1; }
    void setAddresses(std::vector<std::string_view> texts) {
        m_addresses.clear();
        for (const auto text : texts) m_addresses.push_back(*os::parseIp(text));
    }

    FakeClock m_clock;
    std::unique_ptr<TemporarySite> m_site;
    std::vector<os::Endpoint> m_addresses;
    int m_asked = 0;
    std::unique_ptr<TlsIdentity> m_identity;
};

void TestTlsIdentity::init() {
    m_clock.setWallSeconds(QDateTime::currentSecsSinceEpoch());
    m_site = std::make_unique<TemporarySite>();
    m_site->write("both.pem", newIdentity());
    m_asked = 0;
    setAddresses({"192.168.1.2"});
    m_identity = std::make_unique<TlsIdentity>(m_clock, [this] {
        ++m_asked;
        return net::localNamesFrom("desk", m_addresses);
    });
}

void TestTlsIdentity::isPlainUntilItIsSet() {
    QVERIFY(m_identity->current() == nullptr);
    QVERIFY(m_identity->authorityPem().empty());
}

void TestTlsIdentity::takesAFile() {
    QCOMPARE(m_identity->set(path(), ""), std::string());
    QVERIFY(m_identity->current() != nullptr);
    QCOMPARE(m_identity->takeTrouble(), std::string());
}

void TestTlsIdentity::keepsTheOldOneWhenAFileIsRefused() {
    QCOMPARE(m_identity->set(path(), ""), std::string());
    const auto *before = m_identity->current();
    m_site->write("bad.pem", "nothing");
    QVERIFY(!m_identity->set(m_site->path("bad.pem").toStdString(), "").empty());
    QCOMPARE(m_identity->current(), before);
    // It is still the old file that is watched.
    m_site->write("both.pem", newIdentity());
    m_clock.advanceMs(1000);
    QVERIFY(m_identity->current() != before);
}

void TestTlsIdentity::takesAChangedFileWithinASecond() {
    QCOMPARE(m_identity->set(path(), ""), std::string());
    const auto *before = certificate();
    m_site->write("both.pem", newIdentity());
    m_clock.advanceMs(999);
    QCOMPARE(certificate(), before);
    m_clock.advanceMs(1);
    QVERIFY(certificate() != before);
}

void TestTlsIdentity::takesAFileThatWasReplaced() {
    QCOMPARE(m_identity->set(path(), ""), std::string());
    const QByteArray before(m_identity->current()->warning().c_str());
    m_site->write("new.pem", newIdentity() + "\n");
    const auto *old = m_identity->current();
    QVERIFY(std::rename(m_site->path("new.pem").toLocal8Bit(), path().c_str()) == 0);
    m_clock.advanceMs(1000);
    QVERIFY(m_identity->current() != old);
}

void TestTlsIdentity::looksOnceASecondAtMost() {
    QCOMPARE(m_identity->set("auto", folder()), std::string());
    QCOMPARE(m_asked, 1);
    for (int i = 0; i < 1000; ++i) m_identity->current();
    QCOMPARE(m_asked, 1);
    m_clock.advanceMs(1000);
    for (int i = 0; i < 1000; ++i) m_identity->current();
    QCOMPARE(m_asked, 2);
}

void TestTlsIdentity::keepsTheOldOneWhenTheFileIsSpoiled() {
    QCOMPARE(m_identity->set(path(), ""), std::string());
    const auto *before = m_identity->current();
    m_site->write("both.pem", "spoiled");
    m_clock.advanceMs(1000);
    QCOMPARE(m_identity->current(), before);
    const std::string trouble = m_identity->takeTrouble();
    QVERIFY2(trouble.find("holds no PEM text") != std::string::npos && trouble.ends_with("stays in use"), trouble.c_str());
    // Said once, not every second.
    m_clock.advanceMs(1000);
    QCOMPARE(m_identity->current(), before);
    QCOMPARE(m_identity->takeTrouble(), std::string());
    m_site->write("both.pem", newIdentity());
    m_clock.advanceMs(1000);
    QVERIFY(m_identity->current() != before);
}

void TestTlsIdentity::keepsTheOldOneWhileTheFileIsAway() {
    QCOMPARE(m_identity->set(path(), ""), std::string());
    const auto *before = m_identity->current();
    m_site->remove("both.pem");
    m_clock.advanceMs(1000);
    QCOMPARE(m_identity->current(), before);
    QCOMPARE(m_identity->takeTrouble(), std::string());
}

void TestTlsIdentity::issuesACertificateForEveryAddress() {
    setAddresses({"192.168.1.2", "10.0.0.9", "2001:db8::7"});
    QCOMPARE(m_identity->set("auto", folder()), std::string());
    for (const char *address : {"192.168.1.2", "10.0.0.9", "2001:db8::7", "127.0.0.1", "::1"}) QVERIFY2(isFor(address), address);
    QVERIFY(!isFor("192.168.1.3"));
    QVERIFY(m_identity->authorityPem().starts_with("-----BEGIN CERTIFICATE"));
}

void TestTlsIdentity::renewsItWhenAnAddressChanges() {
    QCOMPARE(m_identity->set("auto", folder()), std::string());
    const std::string authority(m_identity->authorityPem());
    m_clock.advanceMs(1000);
    const auto *before = m_identity->current();
    setAddresses({"192.168.77.1"});
    QCOMPARE(m_identity->current(), before);
    m_clock.advanceMs(1000);
    QVERIFY(isFor("192.168.77.1") && !isFor("192.168.1.2"));
    QCOMPARE(std::string(m_identity->authorityPem()), authority);
}

void TestTlsIdentity::renewsItNearItsEnd() {
    constexpr std::int64_t kDayMs = 24ll * 60 * 60 * 1000;
    QCOMPARE(m_identity->set("auto", folder()), std::string());
    const auto *before = m_identity->current();
    m_clock.advanceMs(360 * kDayMs);
    QCOMPARE(m_identity->current(), before);
    m_clock.advanceMs(8 * kDayMs);
    const auto *end = X509_get0_notAfter(certificate());
    time_t later = static_cast<time_t>(m_clock.wallSeconds() + 390 * kDayMs / 1000);
    QCOMPARE(X509_cmp_time(end, &later), 1);
}

void TestTlsIdentity::isPlainAgainWhenUnset() {
    QCOMPARE(m_identity->set("auto", folder()), std::string());
    QCOMPARE(m_identity->set("", ""), std::string());
    QVERIFY(m_identity->current() == nullptr);
    m_clock.advanceMs(5000);
    QVERIFY(m_identity->current() == nullptr);
    QVERIFY(m_identity->authorityPem().empty());
}

void TestTlsIdentity::goesFromAutoToAFileAndBack() {
    QCOMPARE(m_identity->set("auto", folder()), std::string());
    const std::string authority(m_identity->authorityPem());
    QCOMPARE(m_identity->set(path(), ""), std::string());
    QVERIFY(!m_identity->isAuto() && !isFor("192.168.1.2"));
    m_clock.advanceMs(1000);
    QVERIFY(!isFor("192.168.1.2"));
    QCOMPARE(m_identity->set("auto", folder()), std::string());
    QVERIFY(isFor("192.168.1.2"));
    QCOMPARE(std::string(m_identity->authorityPem()), authority);
}

QTEST_GUILESS_MAIN(TestTlsIdentity)
#include "tst_tls_identity_posix.moc"
