// Station: tests of who is let in: right and wrong answers, nonces, both kinds of hash, guessing.
#include "access/authenticator.h"

#include "support/digest_client.h"
#include "support/fake_clock.h"

#include <QTest>

using namespace meerkat;
using access::AuthOutcome;
using access::AuthState;
using access::HashKinds;
using access::PasswordList;
using test::DigestClient;

class TestAuthenticator : public QObject {
    Q_OBJECT

  private slots:
    void init();
    void letsInWhoKnowsThePassword_data();
    void letsInWhoKnowsThePassword();
    void asksWhoSendsNothing();
    void refusesWhoDoesNot_data();
    void refusesWhoDoesNot();
    void answersUnknownUsersAsWrongPasswords();
    void asksAgainForAnOldNonce();
    void asksAgainForAReplay();
    void looksAtNoPasswordForAnOldNonce();
    void leavesTheCountWhereItWasTaken();
    void refusesAnAnswerToAnotherRequest();
    void askUsersOfTheOtherKindForTheirs();
    void slowsWhoGuesses();
    void letsWhoCameInBeforeComeInMeanwhile();
    void takesBackWhatAnotherListFoundWrong();
    void takesThePasswordItselfWhereItMay_data();
    void takesThePasswordItselfWhereItMay();
    void slowsWhoGuessesThePasswordItself();

  private:
    AuthOutcome check(const QByteArray &request, bool isCounted = false) {
        m_bytes = request.toStdString();
        http::parseRequestHead(m_bytes, {}, m_head);
        return m_authenticator->check({m_head, m_peer, "home", isCounted, 0}, *m_list);
    }
    void setList(const QByteArray &text) { m_list = std::make_unique<PasswordList>(text.toStdString(), "home"); }
    // A client that has a fresh challenge.
    DigestClient client(const QByteArray &user = "ana", const QByteArray &password = "secret", bool isSha256 = false) {
        DigestClient client;
        client.user = user;
        client.password = password;
        const auto fields = m_authenticator->challenge("home", {!isSha256, isSha256}, false);
        client.read(QByteArray::fromStdString(fields));
        return client;
    }

    test::FakeClock m_clock;
    std::string m_bytes;
    http::RequestHead m_head;
    os::Endpoint m_peer;
    std::unique_ptr<PasswordList> m_list;
    std::unique_ptr<access::Authenticator> m_authenticator;
};

void TestAuthenticator::init() {
    m_peer = *os::parseIp("10.0.0.1");
    m_authenticator = std::make_unique<access::Authenticator>(m_clock);
    setList(test::passwordLine("ana", "home", "secret") + test::passwordLine("bob", "home", "word"));
}

void TestAuthenticator::letsInWhoKnowsThePassword_data() {
    QTest::addColumn<QByteArray>("user");
    QTest::addColumn<bool>("isSha256");
    QTest::newRow("MD5") << QByteArray("ana") << false;
    QTest::newRow("SHA-256") << QByteArray("ana") << true;
    QTest::newRow("a name in UTF-8") << QByteArray("\xC3\xA4na b") << false;
}

void TestAuthenticator::letsInWhoKnowsThePassword() {
    QFETCH(QByteArray, user);
    QFETCH(bool, isSha256);
    setList(test::passwordLine(user, "home", "secret", isSha256));
    const DigestClient known = client(user, "secret", isSha256);
    for (unsigned count = 1; count < 4; ++count) {
        const AuthOutcome outcome = check(known.request("/a?b", count));
        QVERIFY(outcome.state == AuthState::Granted);
        QCOMPARE(QByteArray::fromStdString(outcome.user), user);
    }
    QVERIFY(check(known.request("/a?b", 4, "HEAD")).state == AuthState::Granted);
}

void TestAuthenticator::asksWhoSendsNothing() {
    const AuthOutcome outcome = check("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    QVERIFY(outcome.state == AuthState::Asked && !outcome.isStale && !outcome.isWrong);
    QVERIFY(outcome.kinds == (HashKinds{true, false}));
}

void TestAuthenticator::refusesWhoDoesNot_data() {
    QTest::addColumn<QByteArray>("user");
    QTest::addColumn<QByteArray>("password");
    QTest::addColumn<QByteArray>("realm");
    QTest::addColumn<bool>("isWrong");
    QTest::newRow("a wrong password") << QByteArray("ana") << QByteArray("secre") << QByteArray("home") << true;
    QTest::newRow("another's password") << QByteArray("ana") << QByteArray("word") << QByteArray("home") << true;
    QTest::newRow("no password") << QByteArray("ana") << QByteArray() << QByteArray("home") << true;
    QTest::newRow("an unknown user") << QByteArray("eve") << QByteArray("secret") << QByteArray("home") << true;
    QTest::newRow("no user") << QByteArray() << QByteArray() << QByteArray("home") << true;
    QTest::newRow("another realm") << QByteArray("ana") << QByteArray("secret") << QByteArray("work") << false;
}

void TestAuthenticator::refusesWhoDoesNot() {
    QFETCH(QByteArray, user);
    QFETCH(QByteArray, password);
    QFETCH(QByteArray, realm);
    DigestClient wrong = client(user, password);
    wrong.realm = realm;
    const AuthOutcome outcome = check(wrong.request("/"));
    QVERIFY(outcome.state == AuthState::Asked && !outcome.isStale);
    QTEST(outcome.isWrong, "isWrong");
    if (outcome.isWrong) QCOMPARE(QByteArray::fromStdString(outcome.user), user);
}

// Nothing in the outcome tells which of the two it was.
void TestAuthenticator::answersUnknownUsersAsWrongPasswords() {
    const AuthOutcome unknown = check(client("eve", "x").request("/")), wrong = check(client("ana", "x").request("/"));
    QVERIFY(unknown.state == wrong.state && unknown.kinds == wrong.kinds);
    QCOMPARE(unknown.isStale, wrong.isStale);
    QCOMPARE(unknown.isWrong, wrong.isWrong);
    QCOMPARE(unknown.waitSeconds, wrong.waitSeconds);
}

void TestAuthenticator::asksAgainForAnOldNonce() {
    const DigestClient known = client();
    QVERIFY(check(known.request("/", 1)).state == AuthState::Granted);
    m_clock.advanceMs(access::NonceStore::kLifetimeUs / 1000 + 1);
    const AuthOutcome outcome = check(known.request("/", 2));
    QVERIFY(outcome.state == AuthState::Asked && outcome.isStale && !outcome.isWrong);
    QVERIFY(check(client().request("/")).state == AuthState::Granted);
}

void TestAuthenticator::asksAgainForAReplay() {
    const DigestClient known = client();
    QVERIFY(check(known.request("/", 1)).state == AuthState::Granted);
    const AuthOutcome outcome = check(known.request("/", 1));
    QVERIFY(outcome.state == AuthState::Asked && outcome.isStale && !outcome.isWrong);
    QVERIFY(check(known.request("/", 2)).state == AuthState::Granted);
}

// Otherwise an old nonce would tell whether a password is right.
void TestAuthenticator::looksAtNoPasswordForAnOldNonce() {
    DigestClient right = client(), wrong = client("ana", "x");
    right.nonce = wrong.nonce = QByteArray(64, '0');
    for (const DigestClient &one : {right, wrong}) {
        const AuthOutcome outcome = check(one.request("/"));
        QVERIFY(outcome.state == AuthState::Asked && outcome.isStale && !outcome.isWrong);
    }
}

void TestAuthenticator::leavesTheCountWhereItWasTaken() {
    const QByteArray request = client().request("/");
    QVERIFY(check(request).state == AuthState::Granted);
    QVERIFY(check(request, true).state == AuthState::Granted);
    QVERIFY(check(request).state == AuthState::Asked);
}

void TestAuthenticator::refusesAnAnswerToAnotherRequest() {
    const QByteArray request = client().request("/a");
    QVERIFY(check(QByteArray(request).replace("GET /a ", "GET /b ")).state == AuthState::Mismatched);
    const AuthOutcome otherMethod = check(QByteArray(request).replace("GET /a ", "HEAD /a "));
    QVERIFY(otherMethod.state == AuthState::Asked && otherMethod.isWrong);
    QVERIFY(check(QByteArray(request).replace("GET /a ", "GET http://a/a ")).state == AuthState::Granted);
}

void TestAuthenticator::askUsersOfTheOtherKindForTheirs() {
    setList(test::passwordLine("ana", "home", "secret") + test::passwordLine("bob", "home", "word", true));
    QVERIFY(check("GET / HTTP/1.1\r\nHost: a\r\n\r\n").kinds == (HashKinds{true, true}));
    const AuthOutcome outcome = check(client("ana", "secret", true).request("/"));
    QVERIFY(outcome.state == AuthState::Asked && outcome.isStale && !outcome.isWrong);
    QVERIFY(outcome.kinds == (HashKinds{true, false}));
    QVERIFY(check(client("ana", "secret", false).request("/")).state == AuthState::Granted);
    QVERIFY(check(client("bob", "word", true).request("/")).state == AuthState::Granted);
    QVERIFY(check(client("bob", "wrong", true).request("/")).isWrong);
    QVERIFY(check(client("bob", "word", false).request("/")).isWrong);
}

void TestAuthenticator::slowsWhoGuesses() {
    for (int i = 0; i < 10; ++i) QVERIFY(check(client(i % 2 ? "ana" : "eve", QByteArray::number(i)).request("/")).isWrong);
    // A right answer is not looked at either: it would tell that it is.
    for (const char *password : {"wrong", "secret"}) {
        const AuthOutcome outcome = check(client("ana", password).request("/"));
        QVERIFY(outcome.state == AuthState::Slowed && !outcome.isWrong);
        QCOMPARE(outcome.waitSeconds, 6);
    }
    QVERIFY(check("GET / HTTP/1.1\r\nHost: a\r\n\r\n").state == AuthState::Asked);
    m_peer = *os::parseIp("10.0.0.2");
    QVERIFY(check(client().request("/")).state == AuthState::Granted);
    m_peer = *os::parseIp("10.0.0.1");
    m_clock.advanceMs(6000);
    QVERIFY(check(client().request("/")).state == AuthState::Granted);
}

void TestAuthenticator::letsWhoCameInBeforeComeInMeanwhile() {
    DigestClient known = client();
    QVERIFY(check(known.request("/", 1)).state == AuthState::Granted);
    for (int i = 0; i < 10; ++i) check(client("ana", "x").request("/"));
    QVERIFY(check(client().request("/")).state == AuthState::Slowed);
    QVERIFY(check(known.request("/", 2)).state == AuthState::Granted);
    // That nonce is no place to guess another's password from.
    known.user = "bob";
    QVERIFY(check(known.request("/", 3)).state == AuthState::Slowed);
}

// A program with several files asks one after the other.
void TestAuthenticator::takesBackWhatAnotherListFoundWrong() {
    const PasswordList other(test::passwordLine("eve", "home", "x").toStdString(), "home");
    for (int i = 0; i < 30; ++i) {
        m_bytes = client().request("/").toStdString();
        http::parseRequestHead(m_bytes, {}, m_head);
        QVERIFY(m_authenticator->check({m_head, m_peer, "home", false, 0}, other).isWrong);
        QVERIFY(m_authenticator->check({m_head, m_peer, "home", false, 1}, *m_list).state == AuthState::Granted);
    }
}

void TestAuthenticator::takesThePasswordItselfWhereItMay_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("takesBasic");
    QTest::addColumn<bool>("isGranted");
    QTest::newRow("right") << QByteArray("ana:secret") << true << true;
    QTest::newRow("right, by the other kind of hash") << QByteArray("ben:se:cret") << true << true;
    QTest::newRow("right, where others can read it") << QByteArray("ana:secret") << false << false;
    QTest::newRow("wrong") << QByteArray("ana:secre") << true << false;
    QTest::newRow("nobody") << QByteArray("zoe:secret") << true << false;
    QTest::newRow("no password") << QByteArray("ana") << true << false;
    QTest::newRow("the hash") << QByteArray("ana:") + test::passwordLine("ana", "home", "secret").mid(9).trimmed() << true
                              << false;
}

void TestAuthenticator::takesThePasswordItselfWhereItMay() {
    QFETCH(QByteArray, text);
    QFETCH(bool, takesBasic);
    setList(test::passwordLine("ana", "home", "secret") + test::passwordLine("ben", "home", "se:cret", true));
    m_bytes = ("GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Basic " + text.toBase64() + "\r\n\r\n").toStdString();
    http::parseRequestHead(m_bytes, {}, m_head);
    const AuthOutcome outcome = m_authenticator->check({m_head, m_peer, "home", false, 0, takesBasic}, *m_list);
    QTEST(outcome.state == AuthState::Granted, "isGranted");
    if (outcome.state == AuthState::Granted) QCOMPARE(outcome.user, text.left(3).toStdString());
}

void TestAuthenticator::slowsWhoGuessesThePasswordItself() {
    setList(test::passwordLine("ana", "home", "secret"));
    const auto basic = [&](const QByteArray &text) {
        m_bytes = ("GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Basic " + text.toBase64() + "\r\n\r\n").toStdString();
        http::parseRequestHead(m_bytes, {}, m_head);
        return m_authenticator->check({m_head, m_peer, "home", false, 0, true}, *m_list);
    };
    for (int i = 0; i < 10; ++i) QVERIFY(basic("ana:guess").isWrong);
    QVERIFY(basic("ana:secret").state == AuthState::Slowed);
    m_clock.advanceMs(60'000);
    QVERIFY(basic("ana:secret").state == AuthState::Granted);
}

QTEST_GUILESS_MAIN(TestAuthenticator)
#include "tst_authenticator.moc"
