// Station: tests of passwords over real sockets: folders with .htpasswd, the options that name files, MG_AUTH and mg_authorize_digest, guessing, what is told.
#include "support/digest_client.h"
#include "support/scripted_peer.h"
#include "support/temporary_site.h"

#include <QTest>

using namespace meerkat::test;

namespace {

QByteArray get(const QByteArray &target, const QByteArray &method = "GET") {
    return method + ' ' + target + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
}

QByteArray lineOf(const QByteArray &user, const QByteArray &password, bool isSha256 = false) {
    return passwordLine(user, "home", password, isSha256);
}

}  // namespace

class TestPasswords : public QObject {
    Q_OBJECT

  private slots:
    void init();
    void asksAndLetsIn_data();
    void asksAndLetsIn();
    void keepsOthersOut_data();
    void keepsOthersOut();
    void neverShowsThePasswordFile();
    void asksForEachFolderOfABatch();
    void noticesAnEditAtTheNextRequest();
    void asksTheGlobalFileForEverything();
    void refusesOptionsThatNameNoFile_data();
    void refusesOptionsThatNameNoFile();
    void asksBeforeItChangesAnything();
    void countsEachAnswerOfAClientOnce();
    void refusesAnAnswerToAnotherRequest();
    void slowsGuessingAndTellsTheObserver();
    void tellsNoWrongPasswordOfWhoIsInTheSecondList();
    void writesTheUserIntoTheLog();
    void keepsFilesShutWhereAHandlerSaysYesToAll();
    void keepsFilesShutInAReplacedRoot();
    void letsAHandlerCheckItsOwnFile_data();
    void letsAHandlerCheckItsOwnFile();
    void checksTwoFilesForOneRequest();
    void checksBeforeTheBodyComes();
    void checksNothingOutsideOfARequest();

  private:
    // What a client gets that reads the challenge and answers it.
    Answer login(TestServer &server, const QByteArray &target, const QByteArray &user, const QByteArray &password,
                 const QByteArray &method = "GET") {
        const Answer asked = ask(server, get(target, method));
        if (asked.status != 401) return asked;
        DigestClient client;
        client.user = user;
        client.password = password;
        client.read(asked.field("WWW-Authenticate"));
        QByteArray request = client.request(target, 1, method);
        return ask(server, request.replace("Host: a", "Host: a\r\nConnection: close"));
    }
    Answer login(const QByteArray &target, const QByteArray &user, const QByteArray &password, const QByteArray &method = "GET") {
        return login(*m_server, target, user, password, method);
    }
    void begin(TestServer::Handler handler = {}) {
        m_server = std::make_unique<TestServer>(std::move(handler));
        m_server->set("document_root", m_site->path().toUtf8());
        m_server->set("auth_domain", "home");
    }
    QByteArray pathOf(const QString &name) const { return m_site->path(name).toUtf8(); }

    std::unique_ptr<TemporarySite> m_site;
    std::unique_ptr<TestServer> m_server;
};

void TestPasswords::init() {
    m_site = std::make_unique<TemporarySite>();
    m_site->write("file", "open");
    m_site->write("private/.htpasswd", lineOf("ana", "secret"));
    m_site->write("private/file", "private");
    m_site->write("private/deep/er/file", "deep");
    m_site->write("private/other/.htpasswd", lineOf("bob", "word", true));
    m_site->write("private/other/file", "other");
    m_site->write("private/both/.htpasswd", lineOf("ana", "secret") + lineOf("bob", "word", true));
    m_site->write("private/both/file", "both");
    begin();
}

void TestPasswords::asksAndLetsIn_data() {
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("user");
    QTest::addColumn<QByteArray>("password");
    QTest::addColumn<QByteArray>("body");
    const auto row = [](const char *title, const char *target, const char *user, const char *password, const char *body) {
        QTest::newRow(title) << QByteArray(target) << QByteArray(user) << QByteArray(password) << QByteArray(body);
    };
    row("beside the password file", "/private/file", "ana", "secret", "private");
    row("below it", "/private/deep/er/file", "ana", "secret", "deep");
    row("with a query", "/private/file?a=b", "ana", "secret", "private");
    row("with an escaped path", "/pri%76ate/file", "ana", "secret", "private");
    row("by SHA-256", "/private/other/file", "bob", "word", "other");
    row("by SHA-256 beside MD5", "/private/both/file", "bob", "word", "both");
}

void TestPasswords::asksAndLetsIn() {
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, user);
    QFETCH(QByteArray, password);
    const Answer asked = ask(*m_server, get(target));
    QCOMPARE(asked.status, 401);
    QVERIFY(asked.field("WWW-Authenticate").startsWith("Digest realm=\"home\", qop=\"auth\", algorithm="));
    const Answer answer = login(target, user, password);
    QCOMPARE(answer.status, 200);
    QTEST(answer.body, "body");
}

void TestPasswords::keepsOthersOut_data() {
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("user");
    QTest::addColumn<QByteArray>("password");
    QTest::addColumn<int>("status");
    const auto row = [](const char *title, const char *target, const char *user, const char *password, int status) {
        QTest::newRow(title) << QByteArray(target) << QByteArray(user) << QByteArray(password) << status;
    };
    row("a wrong password", "/private/file", "ana", "wrong", 401);
    row("an unknown user", "/private/file", "eve", "secret", 401);
    row("a user of the folder above", "/private/other/file", "ana", "secret", 401);
    row("a user of the folder below", "/private/file", "bob", "word", 401);
    row("a file that is not there", "/private/none", "ana", "wrong", 401);
    row("the folder's page", "/private/", "ana", "wrong", 401);
    row("by dots", "/file/../private/file", "ana", "wrong", 401);
    row("by escaped dots", "/x/%2e%2e/private/file", "ana", "wrong", 401);
    row("by doubled slashes", "//private///file", "ana", "wrong", 401);
    row("the password file itself, to who may", "/private/.htpasswd", "ana", "secret", 404);
}

void TestPasswords::keepsOthersOut() {
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, user);
    QFETCH(QByteArray, password);
    QTEST(login(target, user, password).status, "status");
}

void TestPasswords::neverShowsThePasswordFile() {
    QCOMPARE(ask(*m_server, get("/private/.htpasswd")).status, 404);
    QCOMPARE(login("/private/.HTPASSWD", "ana", "secret").status, 404);
    // What an edit leaves that was killed.
    m_site->write("private/.htpasswd.Ab3dE6", lineOf("ana", "secret"));
    QCOMPARE(login("/private/.htpasswd.Ab3dE6", "ana", "secret").status, 404);
    const Answer page = login("/private/", "ana", "secret");
    QVERIFY(page.status == 200 && page.body.contains("file") && !page.body.contains("htpasswd"));
}

// All in one read: what is known of one target is not taken for another, however that is written.
void TestPasswords::asksForEachFolderOfABatch() {
    TemporarySite site;
    site.write("open.txt", "open");
    site.write("shut/.htpasswd", lineOf("ana", "secret"));
    site.write("shut/inside.txt", "inside");
    TestServer server;
    server.set("document_root", site.path().toUtf8());
    QByteArray batch;
    const QByteArrayList targets{"/open.txt",          "/open.txt?a=/shut/", "/shut/inside.txt", "/shut%2Finside.txt",
                                 "/x%2F..%2Fshut%2F.", "/./shut/inside.txt", "/open.txt",        "/shut/../open.txt"};
    for (const QByteArray &target : targets) batch += "GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n";
    ScriptedPeer peer(server);
    peer.send(batch);
    QList<int> statuses;
    for (qsizetype i = 0; i < targets.size(); ++i) statuses.append(peer.readAnswer().status);
    QCOMPARE(statuses, (QList<int>{200, 200, 401, 401, 401, 401, 200, 200}));
}

void TestPasswords::noticesAnEditAtTheNextRequest() {
    QCOMPARE(login("/private/file", "ana", "secret").status, 200);
    QCOMPARE(mg_modify_passwords_file(pathOf("private/.htpasswd"), "home", "ana", "other"), 1);
    QCOMPARE(login("/private/file", "ana", "secret").status, 401);
    QCOMPARE(login("/private/file", "ana", "other").status, 200);
    // In place and of the same length, within one tick of the file system's clock.
    m_site->write("private/.htpasswd", lineOf("ana", "third"));
    QCOMPARE(login("/private/file", "ana", "third").status, 200);
    QCOMPARE(mg_modify_passwords_file(pathOf("private/.htpasswd"), "home", "ana", nullptr), 1);
    QCOMPARE(login("/private/file", "ana", "third").status, 401);
    QVERIFY(m_site->remove("private/.htpasswd"));
    QCOMPARE(ask(*m_server, get("/private/file")).status, 200);
    m_server->set("auth_domain", "elsewhere");
    m_site->write("private/.htpasswd", lineOf("ana", "secret"));
    QCOMPARE(login("/private/file", "ana", "secret").status, 401);
}

void TestPasswords::asksTheGlobalFileForEverything() {
    m_site->write("users", lineOf("joe", "pass"));
    m_server->set("global_auth_file", pathOf("users"));
    QCOMPARE(login("/file", "joe", "pass").body, QByteArray("open"));
    QCOMPARE(login("/private/other/file", "joe", "pass").body, QByteArray("other"));
    QCOMPARE(login("/private/file", "ana", "secret").status, 401);
    QVERIFY(m_site->remove("users"));
    QCOMPARE(ask(*m_server, get("/file")).status, 403);
    m_server->set("global_auth_file", "");
    QCOMPARE(ask(*m_server, get("/file")).status, 200);
}

void TestPasswords::refusesOptionsThatNameNoFile_data() {
    QTest::addColumn<QByteArray>("option");
    QTest::newRow("global_auth_file") << QByteArray("global_auth_file");
    QTest::newRow("dav_auth_file") << QByteArray("dav_auth_file");
}

void TestPasswords::refusesOptionsThatNameNoFile() {
    QFETCH(QByteArray, option);
    m_site->write("users", lineOf("joe", "pass"));
    m_server->set(option, pathOf("users"));
    const QByteArray none = pathOf("none");
    const QByteArray refusal = mg_set_option(m_server->get(), option, none);
    QVERIFY(refusal.contains(none));
    QVERIFY(mg_set_option(m_server->get(), option, pathOf("private")));
    QCOMPARE(mg_get_option(m_server->get(), option), pathOf("users"));
}

void TestPasswords::asksBeforeItChangesAnything() {
    QCOMPARE(ask(*m_server, get("/file", "DELETE")).status, 405);
    m_site->write("users", lineOf("joe", "pass"));
    m_server->set("dav_auth_file", pathOf("users"));
    QCOMPARE(ask(*m_server, get("/file", "DELETE")).status, 401);
    QCOMPARE(ask(*m_server, get("/file")).status, 200);
    QCOMPARE(login("/file", "joe", "pass", "DELETE").status, 204);
    QCOMPARE(ask(*m_server, get("/file")).status, 404);
}

void TestPasswords::countsEachAnswerOfAClientOnce() {
    ScriptedPeer peer(*m_server);
    DigestClient client;
    client.read(peer.send("GET /private/file HTTP/1.1\r\nHost: a\r\n\r\n").readAnswer().field("WWW-Authenticate"));
    QVERIFY(!client.isStale);
    // Several at once, and not in order.
    peer.send(client.request("/private/file", 2) + client.request("/private/file", 1) + client.request("/private/file", 3));
    for (int i = 0; i < 3; ++i) QCOMPARE(peer.readAnswer().status, 200);
    const Answer replayed = peer.send(client.request("/private/file", 2)).readAnswer();
    QCOMPARE(replayed.status, 401);
    client.read(replayed.field("WWW-Authenticate"));
    QVERIFY(client.isStale);
    QCOMPARE(peer.send(client.request("/private/file", 1)).readAnswer().status, 200);
    client.nonce[5] = client.nonce[5] == '0' ? '1' : '0';
    client.read(peer.send(client.request("/private/file", 2)).readAnswer().field("WWW-Authenticate"));
    QVERIFY(client.isStale);
}

void TestPasswords::refusesAnAnswerToAnotherRequest() {
    ScriptedPeer peer(*m_server);
    DigestClient client;
    client.read(peer.send("GET /private/file HTTP/1.1\r\nHost: a\r\n\r\n").readAnswer().field("WWW-Authenticate"));
    QByteArray request = client.request("/private/none");
    QCOMPARE(peer.send(request.replace("GET /private/none", "GET /private/file")).readAnswer().status, 400);
}

void TestPasswords::slowsGuessingAndTellsTheObserver() {
    QByteArrayList wrong;
    const auto note = [](void *param, const mg_observation *what) {
        if (what->kind == MG_OBSERVED_WRONG_PASSWORD)
            static_cast<QByteArrayList *>(param)->append(QByteArray(what->user) + " " + what->remote_ip);
    };
    const mg_observer observer{note, &wrong};
    mg_set_observer(m_server->get(), &observer);
    for (int i = 0; i < 10; ++i) QCOMPARE(login("/private/file", i ? "ana" : "eve", "guess").status, 401);
    QCOMPARE(wrong.size(), 10);
    QCOMPARE(wrong.first(), QByteArray("eve 127.0.0.1"));
    QCOMPARE(wrong.last(), QByteArray("ana 127.0.0.1"));
    const Answer slowed = login("/private/file", "ana", "secret");
    QCOMPARE(slowed.status, 429);
    const int wait = slowed.field("Retry-After").toInt();
    QVERIFY(wait >= 1 && wait <= 6);
    QCOMPARE(ask(*m_server, get("/file")).status, 200);
    QCOMPARE(wrong.size(), 10);
    mg_set_observer(m_server->get(), nullptr);
}

// A program that has two lists: who stands in the second has not guessed, and one wrong word counts once.
void TestPasswords::tellsNoWrongPasswordOfWhoIsInTheSecondList() {
    m_site->write("admins", lineOf("root", "other"));
    m_site->write("users", lineOf("ana", "secret"));
    int wrong = 0;
    TestServer server([this](mg_connection *connection, mg_event event) {
        if (event != MG_AUTH) return event == MG_REQUEST ? mg_printf_data(connection, "in") > 0 : 0;
        int isIn = 0;
        for (const char *name : {"admins", "users"}) {
            FILE *file = std::fopen(pathOf(name).constData(), "r");
            isIn = isIn || mg_authorize_digest(connection, file);
            std::fclose(file);
        }
        return isIn;
    });
    server.set("auth_domain", "home");
    const mg_observer observer{
        [](void *count, const mg_observation *what) { *static_cast<int *>(count) += what->kind == MG_OBSERVED_WRONG_PASSWORD; },
        &wrong};
    mg_set_observer(server.get(), &observer);
    const auto loginWith = [&server](const QByteArray &password) {
        ScriptedPeer peer(server);
        DigestClient client;
        client.user = "ana";
        client.password = password;
        client.read(peer.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n").readAnswer().field("WWW-Authenticate"));
        return peer.send(client.request("/a")).readAnswer().status;
    };
    for (int i = 0; i < 12; ++i) QCOMPARE(loginWith("secret"), 200);
    QCOMPARE(wrong, 0);
    for (int i = 0; i < 9; ++i) QCOMPARE(loginWith("guess"), 401);
    QCOMPARE(wrong, 9);
    QCOMPARE(loginWith("secret"), 200);
    mg_set_observer(server.get(), nullptr);
}

void TestPasswords::writesTheUserIntoTheLog() {
    m_site->write("users", lineOf("a b\xC3\xA4", "pass"));
    m_server->set("global_auth_file", pathOf("users"));
    m_server->set("access_log_file", pathOf("log"));
    ScriptedPeer peer(*m_server);
    DigestClient client;
    client.user = "a b\xC3\xA4";
    client.password = "pass";
    client.read(peer.send("GET /file HTTP/1.1\r\nHost: a\r\n\r\n").readAnswer().field("WWW-Authenticate"));
    QCOMPARE(peer.send(client.request("/file")).readAnswer().status, 200);
    client.password = "wrong";
    QCOMPARE(peer.send(client.request("/file", 2)).readAnswer().status, 401);
    m_server->set("global_auth_file", "");
    QCOMPARE(peer.send("GET /file HTTP/1.1\r\nHost: a\r\n\r\n").readAnswer().status, 200);
    m_server->poll();
    QFile log(m_site->path("log"));
    QVERIFY(log.open(QIODevice::ReadOnly));
    const QByteArrayList lines = log.readAll().split('\n');
    QCOMPARE(lines.size(), 5);
    for (const int unknown : {0, 2, 3}) QVERIFY2(lines[unknown].startsWith("127.0.0.1 - - ["), lines[unknown].constData());
    QVERIFY2(lines[1].startsWith("127.0.0.1 - a\\x20b\\xc3\\xa4 ["), lines[1].constData());
}

void TestPasswords::keepsFilesShutWhereAHandlerSaysYesToAll() {
    begin([](mg_connection *connection, mg_event event) -> int {
        if (event == MG_AUTH) return MG_TRUE;
        if (event != MG_REQUEST || QByteArray(connection->uri) != "/private/api") return MG_FALSE;
        mg_printf_data(connection, "api");
        return MG_TRUE;
    });
    QCOMPARE(ask(*m_server, get("/private/file")).status, 401);
    QCOMPARE(login("/private/file", "ana", "secret").body, QByteArray("private"));
    QCOMPARE(ask(*m_server, get("/private/api")).body, QByteArray("api"));
    mg_set_event_mask(m_server->get(), MG_ALL_EVENTS & ~MG_EVENT_BIT(MG_AUTH));
    QCOMPARE(ask(*m_server, get("/private/file")).status, 401);
    QCOMPARE(login("/private/file", "ana", "secret").body, QByteArray("private"));
}

// The folder that answers is the one that is asked.
void TestPasswords::keepsFilesShutInAReplacedRoot() {
    m_site->write("root/file", "old");
    m_site->write("new/file", "new");
    m_site->write("new/.htpasswd", lineOf("ana", "secret"));
    m_server->set("document_root", pathOf("root"));
    QCOMPARE(ask(*m_server, get("/file")).body, QByteArray("old"));
    QVERIFY(QDir(m_site->path("root")).removeRecursively());
    QVERIFY(QDir().rename(m_site->path("new"), m_site->path("root")));
    QVERIFY(m_server->pollUntil([&] {
        const Answer answer = ask(*m_server, get("/file"));
        if (answer.body == "new") qFatal("served without a password");
        return answer.status == 401;
    }));
    QCOMPARE(login("/file", "ana", "secret").body, QByteArray("new"));
}

void TestPasswords::letsAHandlerCheckItsOwnFile_data() {
    QTest::addColumn<bool>("isSha256");
    QTest::newRow("MD5") << false;
    QTest::newRow("SHA-256") << true;
}

void TestPasswords::letsAHandlerCheckItsOwnFile() {
    QFETCH(bool, isSha256);
    m_site->write("mine", lineOf("joe", "pass", isSha256));
    begin([this](mg_connection *connection, mg_event event) -> int {
        if (event == MG_AUTH) {
            FILE *file = std::fopen(pathOf("mine"), "r");
            const int isIn = mg_authorize_digest(connection, file);
            std::fclose(file);
            return isIn;
        }
        if (event != MG_REQUEST) return MG_FALSE;
        mg_printf_data(connection, "in");
        return MG_TRUE;
    });
    QCOMPARE(login("/x", "joe", "pass").body, QByteArray("in"));
    QCOMPARE(login("/x", "joe", "wrong").status, 401);
    QCOMPARE(login("/x", "ana", "secret").status, 401);
    ScriptedPeer peer(*m_server);
    DigestClient client;
    client.user = "joe";
    client.password = "pass";
    client.read(peer.send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n").readAnswer().field("WWW-Authenticate"));
    QCOMPARE(peer.send(client.request("/x")).readAnswer().body, QByteArray("in"));
    client.read(peer.send(client.request("/x")).readAnswer().field("WWW-Authenticate"));
    QVERIFY(client.isStale);
}

// The first has no such user, the second has; then the folder's file is asked too. One answer, one count.
void TestPasswords::checksTwoFilesForOneRequest() {
    m_site->write("first", lineOf("eve", "x"));
    begin([this](mg_connection *connection, mg_event event) -> int {
        if (event != MG_AUTH) return MG_FALSE;
        int isIn = 0;
        for (const char *name : {"first", "private/.htpasswd", "private/.htpasswd"}) {
            FILE *file = std::fopen(pathOf(name), "r");
            isIn = mg_authorize_digest(connection, file);
            std::fclose(file);
        }
        return isIn;
    });
    QCOMPARE(login("/private/file", "ana", "secret").body, QByteArray("private"));
}

void TestPasswords::checksBeforeTheBodyComes() {
    begin([this](mg_connection *connection, mg_event event) -> int {
        FILE *file = event == MG_AUTH ? std::fopen(pathOf("private/.htpasswd"), "r") : nullptr;
        const int isIn = mg_authorize_digest(connection, file);
        if (file) std::fclose(file);
        if (event != MG_REQUEST) return isIn;
        mg_send_data(connection, connection->content, int(connection->content_len));
        return MG_TRUE;
    });
    const Answer asked = ask(*m_server, "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n");
    QCOMPARE(asked.status, 401);
    DigestClient client;
    client.read(asked.field("WWW-Authenticate"));
    QByteArray request = client.request("/x", 1, "POST");
    request.insert(request.size() - 2, "Content-Length: 4\r\nConnection: close\r\n");
    QCOMPARE(ask(*m_server, request + "body").body, QByteArray("body"));
}

void TestPasswords::checksNothingOutsideOfARequest() {
    int polled = 0, answered = 0;
    begin([&](mg_connection *connection, mg_event event) -> int {
        if (event == MG_AUTH) return MG_TRUE;
        if (event != MG_POLL && event != MG_CLOSE) return MG_FALSE;
        FILE *file = std::fopen(pathOf("private/.htpasswd"), "r");
        ++polled;
        answered += mg_authorize_digest(connection, file);
        std::fclose(file);
        return MG_FALSE;
    });
    ScriptedPeer peer(*m_server);
    peer.send("GET /file HTTP/1.1\r\nHost: a\r\n\r\n").readAnswer();
    peer.close();
    QVERIFY(m_server->pollUntil([&] { return m_server->counters().connections_open == 0; }));
    QVERIFY(polled > 0);
    QCOMPARE(answered, 0);
    QCOMPARE(mg_authorize_digest(nullptr, stdin), 0);
}

QTEST_GUILESS_MAIN(TestPasswords)
#include "tst_passwords.moc"
