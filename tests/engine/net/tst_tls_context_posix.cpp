// Station: tests of net/tls_context and net/credentials: which PEM files are taken, and what is said of the others.
#include "net/tls_context.h"

#include "net/local_authority.h"
#include "support/certificates.h"
#include "support/fake_clock.h"
#include "support/temporary_site.h"

#include <QTest>

using namespace meerkat;
using namespace meerkat::test;
using net::TlsContext;

class TestTlsContext : public QObject {
    Q_OBJECT

  private slots:
    void initTestCase();
    void accepts_data();
    void accepts();
    void acceptsAnExpiredCertificateWithAWarning();
    void refuses_data();
    void refuses();
    void refusesAFileThatIsNotThere();
    void refusesEveryBeginningOfAFile();
    void trustsAFile();
    void trustsTheSystem();
    void refusesATrustFile_data();
    void refusesATrustFile();

  private:
    QString failureOf(const QByteArray &pem) {
        auto context = TlsContext::forServer({pem.constData(), std::size_t(pem.size())}, "The file 'x.pem'", m_keys);
        return context ? QString() : QString::fromStdString(context.failure().text);
    }

    FakeClock m_clock;
    net::TicketKeys m_keys{m_clock};
    TemporarySite m_site;
    QByteArray m_key;
    QByteArray m_certificate;
};

void TestTlsContext::initTestCase() {
    m_key = newKey();
    m_certificate = newCertificate(m_key);
}

void TestTlsContext::accepts_data() {
    QTest::addColumn<QByteArray>("pem");
    const QByteArray other = newCertificate(newKey());
    const QByteArray rsa = newKey({"-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"});
    const QByteArray edwards = newKey({"-algorithm", "ED25519"});
    const QByteArray p384 = newKey({"-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"});
    QTest::newRow("key, then certificate") << m_key + m_certificate;
    QTest::newRow("certificate, then key") << m_certificate + m_key;
    QTest::newRow("with a chain behind it") << m_key + m_certificate + other;
    QTest::newRow("with the chain in front of it") << other + m_certificate + m_key;
    QTest::newRow("with words between") << "Bag Attributes\n  name: x\n" + m_key + "\nsubject=x\n" + m_certificate + "bye\n";
    QTest::newRow("with the line ends of Windows") << QByteArray(m_key + m_certificate).replace("\n", "\r\n");
    QTest::newRow("with parameters and traditional key")
        << openssl({"ecparam", "-name", "prime256v1"}) + openssl({"ec"}, m_key) + m_certificate;
    QTest::newRow("a second key that belongs to none") << newKey() + m_key + m_certificate;
    QTest::newRow("RSA") << rsa + newCertificate(rsa);
    QTest::newRow("traditional RSA") << openssl({"rsa", "-traditional"}, rsa) + newCertificate(rsa);
    QTest::newRow("Ed25519") << edwards + newCertificate(edwards);
    QTest::newRow("P-384") << p384 + newCertificate(p384);
}

void TestTlsContext::accepts() {
    QFETCH(QByteArray, pem);
    QCOMPARE(failureOf(pem), QString());
}

void TestTlsContext::acceptsAnExpiredCertificateWithAWarning() {
    const std::int64_t before = QDateTime::currentSecsSinceEpoch() - 400 * std::int64_t{24 * 60 * 60};
    const auto authority = std::move(*net::LocalAuthority::open(m_site.path("tls").toStdString(), before));
    m_site.write("old.pem", QByteArray::fromStdString(*authority->issue(net::localNames(), before)));
    auto context = TlsContext::forServerFile(m_site.path("old.pem").toStdString(), m_keys);
    QVERIFY(context);
    QVERIFY2((*context)->warning().find("expired on 20") != std::string::npos, (*context)->warning().c_str());
}

void TestTlsContext::refuses_data() {
    QTest::addColumn<QByteArray>("pem");
    QTest::addColumn<QString>("sentence");
    const QString authority = m_site.path("authority.pem");
    m_site.write("authority.pem", newIdentity());
    const QByteArray weak = newKey({"-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"});
    const QByteArray locked = openssl({"pkey", "-aes256", "-passout", "pass:x"}, m_key);
    const QByteArray lockedOld = openssl({"ec", "-aes256", "-passout", "pass:x"}, m_key);
    const auto damaged = [](QByteArray pem) {
        const qsizetype at = pem.indexOf('\n') + 3;
        return pem.replace(at, 4, pem[at] == 'A' ? "BBBB" : "AAAA");
    };
    QTest::newRow("nothing") << QByteArray() << "The file 'x.pem' holds no PEM text:*";
    QTest::newRow("another kind of file") << QByteArray("\x30\x82\x01\x0a\x00 DER", 10) << "The file 'x.pem' holds no PEM text:*";
    QTest::newRow("a certificate alone") << m_certificate << "The file 'x.pem' holds no private key: put the key into it*";
    QTest::newRow("a key alone") << m_key << "The file 'x.pem' holds no certificate: put the certificate into it*";
    QTest::newRow("a locked key") << locked + m_certificate << "*locked with a passphrase: unlock it once*";
    QTest::newRow("a locked key, the old way") << lockedOld + m_certificate << "*locked with a passphrase: unlock it once*";
    QTest::newRow("somebody else's certificate")
        << m_key + newCertificate(newKey()) << "*belongs to none of its certificates (key values mismatch): put together*";
    QTest::newRow("a key of another kind") << newKey({"-algorithm", "RSA"}) + m_certificate
                                           << "*belongs to none of its certificates (different key types)*";
    QTest::newRow("a weak key") << weak + newCertificate(weak) << "*too weak for TLS (ee key too small): make one*";
    QTest::newRow("a weak signature") << m_key + newCertificate(m_key, {"-CA", authority, "-CAkey", authority, "-sha1"})
                                      << "*too weak for TLS (ca md too weak): have it signed*";
    QTest::newRow("a certificate with a hole") << m_key + damaged(m_certificate) << "*holds a certificate that is damaged (*";
    QTest::newRow("a key with a hole") << damaged(m_key) + m_certificate << "*holds a private key that is damaged (*";
    QTest::newRow("a certificate without its end") << m_key + m_certificate.left(m_certificate.size() / 2)
                                                   << "*holds a PEM block that is damaged (*: copy it again, from BEGIN to END";
}

void TestTlsContext::refuses() {
    QFETCH(QByteArray, pem);
    QFETCH(QString, sentence);
    const auto pattern = QRegularExpression::fromWildcard(sentence);
    QVERIFY2(pattern.match(failureOf(pem)).hasMatch(), qPrintable(failureOf(pem)));
}

void TestTlsContext::refusesAFileThatIsNotThere() {
    for (const QString &name : {QString("none.pem"), QString()}) {
        const auto context = TlsContext::forServerFile(m_site.path(name).toStdString(), m_keys);
        QVERIFY(!context);
        const QString text = QString::fromStdString(context.failure().text);
        QVERIFY2(text.startsWith("The file '" + m_site.path(name) + "' cannot be read: "), qPrintable(text));
    }
}

// An editor may be seen half way. No beginning is taken for the whole, and none breaks anything.
void TestTlsContext::refusesEveryBeginningOfAFile() {
    const QByteArray pem = m_key + m_certificate;
    for (qsizetype size = 0; size < pem.trimmed().size(); ++size)
        QVERIFY2(!failureOf(pem.left(size)).isEmpty(), qPrintable(QString::number(size)));
}

void TestTlsContext::trustsAFile() {
    m_site.write("ca.pem", m_certificate + newCertificate(newKey()));
    QVERIFY(TlsContext::forClient(m_site.path("ca.pem").toStdString()));
}

void TestTlsContext::trustsTheSystem() { QVERIFY(TlsContext::forClient("")); }

void TestTlsContext::refusesATrustFile_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("part");
    QTest::newRow("empty") << QByteArray() << "holds no certificate";
    QTest::newRow("a key") << newKey() << "holds no certificate";
    QTest::newRow("cut") << newCertificate(newKey()).left(200) << "damaged";
}

void TestTlsContext::refusesATrustFile() {
    QFETCH(QByteArray, text);
    QFETCH(QString, part);
    m_site.write("trust.pem", text);
    const auto context = TlsContext::forClient(m_site.path("trust.pem").toStdString());
    QVERIFY(!context);
    QVERIFY2(QString::fromStdString(context.failure().text).contains(part), context.failure().text.c_str());
    QVERIFY(!TlsContext::forClient(m_site.path("none").toStdString()));
}

QTEST_GUILESS_MAIN(TestTlsContext)
#include "tst_tls_context_posix.moc"
