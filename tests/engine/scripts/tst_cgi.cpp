// Station: tests of scripts/cgi_head and request_variables: what a script may say, and what it is told.
#include "scripts/cgi_head.h"
#include "scripts/request_variables.h"

#include <QTest>

using namespace meerkat;
using namespace meerkat::scripts;

namespace {

os::Endpoint endpoint(const char *ip, std::uint16_t port) {
    os::Endpoint made = *os::parseIp(ip);
    made.port = port;
    return made;
}

QByteArray said(const CgiHead &head) {
    QByteArray text = QByteArray::number(head.status);
    if (head.contentLength) text += " length=" + QByteArray::number(qulonglong(*head.contentLength));
    for (const CgiField &field : head.fields)
        text +=
            '|' + QByteArray::fromStdString(std::string(field.name)) + '=' + QByteArray::fromStdString(std::string(field.value));
    return text;
}

}  // namespace

class TestCgi : public QObject {
    Q_OBJECT

  private slots:
    void acceptsAHeadSplitAnywhere_data();
    void acceptsAHeadSplitAnywhere();
    void refusesWhatIsNoHead_data();
    void refusesWhatIsNoHead();
    void refusesAHeadWithoutEnd();
    void tellsOfTheRequest();
    void keepsSecretsAndTricksFromScripts();
    void joinsFieldsOfOneName();
    void namesTheServerWhereTheClientDoesNot();
    void tellsOfTheScript();
    void saysNothingTwice();

  private:
    RequestVariables variablesOf(const QByteArray &request, const std::string &user = {}, bool isTls = false) {
        http::RequestHead head;
        if (http::parseRequestHead({request.constData(), std::size_t(request.size())}, {}, head).state !=
            http::ParseState::Complete)
            qFatal("no request");
        return requestVariables({head, endpoint("192.0.2.7", 50000), endpoint("::1", 8080), isTls, user});
    }
};

void TestCgi::acceptsAHeadSplitAnywhere_data() {
    QTest::addColumn<QByteArray>("head");
    QTest::addColumn<QByteArray>("meaning");
    QTest::newRow("a type") << QByteArray("Content-Type: text/plain\r\n\r\n") << QByteArray("200|Content-Type=text/plain");
    QTest::newRow("bare line feeds") << QByteArray("Content-Type:text/plain\nX-A: b \n\n")
                                     << QByteArray("200|Content-Type=text/plain|X-A=b");
    QTest::newRow("a status") << QByteArray("Status: 404 Not Found\r\n\r\n") << QByteArray("404");
    QTest::newRow("a status without words") << QByteArray("status:  503\n\n") << QByteArray("503");
    QTest::newRow("a place elsewhere") << QByteArray("Location: http://other.test/\r\n\r\n")
                                       << QByteArray("302|Location=http://other.test/");
    QTest::newRow("a place here") << QByteArray("Location: /a?b\n\n") << QByteArray("302|Location=/a?b");
    QTest::newRow("a place with a status") << QByteArray("Location: /a\nStatus: 303 See Other\n\n")
                                           << QByteArray("303|Location=/a");
    QTest::newRow("a length") << QByteArray("Content-Type: a/b\nContent-Length: 12\n\n")
                              << QByteArray("200 length=12|Content-Type=a/b");
    QTest::newRow("cookies") << QByteArray("Content-Type: a/b\nSet-Cookie: a=1\nSet-Cookie: b=2\n\n")
                             << QByteArray("200|Content-Type=a/b|Set-Cookie=a=1|Set-Cookie=b=2");
    QTest::newRow("an empty value") << QByteArray("Content-Type: a/b\nX-Empty:\n\n")
                                    << QByteArray("200|Content-Type=a/b|X-Empty=");
    QTest::newRow("what is between us and the client")
        << QByteArray(
               "Content-Type: a/b\nConnection: upgrade\nTransfer-Encoding: chunked\nUpgrade: x\nKeep-Alive: 5\nTrailer: a\n\n")
        << QByteArray("200|Content-Type=a/b");
}

void TestCgi::acceptsAHeadSplitAnywhere() {
    QFETCH(QByteArray, head);
    QFETCH(QByteArray, meaning);
    for (qsizetype size = 0; size < head.size(); ++size) {
        CgiHead part;
        const std::string bytes = head.left(size).toStdString();
        QCOMPARE(parseCgiHead(bytes, part).state, CgiHeadState::NeedMore);
    }
    CgiHead whole;
    const std::string bytes = (head + "body: not\n\n").toStdString();
    const auto outcome = parseCgiHead(bytes, whole);
    QCOMPARE(outcome.state, CgiHeadState::Complete);
    QCOMPARE(qsizetype(outcome.consumed), head.size());
    QCOMPARE(said(whole), meaning);
}

void TestCgi::refusesWhatIsNoHead_data() {
    QTest::addColumn<QByteArray>("head");
    for (const char *head : {"\n",
                             "\r\n\r\n",
                             "Hello\n\n",
                             "X-A: b\n\n",
                             "HTTP/1.1 200 OK\nContent-Type: a/b\n\n",
                             ": a\nContent-Type: a/b\n\n",
                             "Content Type: a/b\n\n",
                             "Content-Type : a/b\n\n",
                             "Content-Type: a/b\n folded\n\n",
                             "Status: 99\n\n",
                             "Status: 100 Continue\n\n",
                             "Status: 600\n\n",
                             "Status: 20\n\n",
                             "Status: 0200\n\n",
                             "Status: OK\n\n",
                             "Status:\n\n",
                             "Status: 200\nStatus: 200\n\n",
                             "Location: /a\nLocation: /b\n\n",
                             "Location:\n\n",
                             "Content-Type: a/b\nContent-Length: -1\n\n",
                             "Content-Type: a/b\nContent-Length: 1\nContent-Length: 1\n\n",
                             "Content-Type: a/b\nContent-Length: 99999999999999999999\n\n",
                             "Content-Type: a\x01\n\n",
                             "Content-Type: a\rb\n\n",
                             "<?php echo 1;\n\n"})
        QTest::newRow(QByteArray(head).toPercentEncoding(" :/").constData()) << QByteArray(head);
    QTest::newRow("a NUL") << QByteArray("Content-Type: a\0b\n\n", 19);
    QTest::newRow("too many fields") << QByteArray("Content-Type: a/b\n") + QByteArray("X: y\n").repeated(100) + "\n";
    QTest::newRow("a long one") << QByteArray("Content-Type: ") + QByteArray(kLongestCgiHead, 'a') + "\n\n";
}

void TestCgi::refusesWhatIsNoHead() {
    QFETCH(QByteArray, head);
    CgiHead read;
    const std::string bytes = head.toStdString();
    const auto outcome = parseCgiHead(bytes, read);
    QCOMPARE(outcome.state, CgiHeadState::Refused);
    QCOMPARE(outcome.consumed, std::size_t{0});
}

void TestCgi::refusesAHeadWithoutEnd() {
    CgiHead read;
    QCOMPARE(parseCgiHead(std::string(kLongestCgiHead - 1, 'a'), read).state, CgiHeadState::NeedMore);
    QCOMPARE(parseCgiHead(std::string(kLongestCgiHead, 'a'), read).state, CgiHeadState::Refused);
}

void TestCgi::tellsOfTheRequest() {
    const auto variables = variablesOf("POST /a.php/b%20c?d=e&f HTTP/1.1\r\nHost: meerkat.test:81\r\nContent-Type: text/plain\r\n"
                                       "Content-Length: 3\r\nX-Nick-Name: Ana\r\n\r\n",
                                       "ana", true);
    const RequestVariables expected{{"AUTH_TYPE", "Digest"},
                                    {"CONTENT_TYPE", "text/plain"},
                                    {"HTTPS", "on"},
                                    {"HTTP_CONTENT_LENGTH", "3"},
                                    {"HTTP_CONTENT_TYPE", "text/plain"},
                                    {"HTTP_HOST", "meerkat.test:81"},
                                    {"HTTP_X_NICK_NAME", "Ana"},
                                    {"QUERY_STRING", "d=e&f"},
                                    {"REMOTE_ADDR", "192.0.2.7"},
                                    {"REMOTE_PORT", "50000"},
                                    {"REMOTE_USER", "ana"},
                                    {"REQUEST_METHOD", "POST"},
                                    {"REQUEST_URI", "/a.php/b%20c?d=e&f"},
                                    {"SERVER_NAME", "meerkat.test"},
                                    {"SERVER_PORT", "8080"},
                                    {"SERVER_PROTOCOL", "HTTP/1.1"},
                                    {"SERVER_SOFTWARE", "Meerkat"}};
    QVERIFY(variables == expected);
}

void TestCgi::keepsSecretsAndTricksFromScripts() {
    const auto variables =
        variablesOf("GET / HTTP/1.1\r\nHost: h\r\nProxy: evil\r\nAuthorization: secret\r\nProxy-Authorization: secret\r\n"
                    "X_Real_IP: evil\r\nX-Real.IP: evil\r\npROXY: evil\r\n\r\n");
    for (const auto &[name, value] : variables) {
        QVERIFY2(value.find("evil") == std::string::npos && value.find("secret") == std::string::npos, name.c_str());
    }
    QVERIFY(!variables.contains("AUTH_TYPE"));
    QVERIFY(!variables.contains("REMOTE_USER"));
    QCOMPARE(variables.at("HTTPS"), std::string("off"));
    QCOMPARE(variables.at("QUERY_STRING"), std::string());
}

void TestCgi::joinsFieldsOfOneName() {
    const auto variables =
        variablesOf("GET / HTTP/1.1\r\nHost: h\r\nAccept: a\r\nCookie: b=1\r\naccept: c\r\ncookie: d=2\r\n\r\n");
    QCOMPARE(variables.at("HTTP_ACCEPT"), std::string("a, c"));
    QCOMPARE(variables.at("HTTP_COOKIE"), std::string("b=1; d=2"));
}

void TestCgi::namesTheServerWhereTheClientDoesNot() {
    QCOMPARE(variablesOf("GET / HTTP/1.0\r\n\r\n").at("SERVER_NAME"), std::string("::1"));
    QCOMPARE(variablesOf("GET / HTTP/1.0\r\n\r\n").at("SERVER_PROTOCOL"), std::string("HTTP/1.0"));
    QCOMPARE(variablesOf("GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n").at("SERVER_NAME"), std::string("[::1]"));
    const auto absolute = variablesOf("GET http://h.test:81/a?b HTTP/1.1\r\nHost: h.test:81\r\n\r\n");
    QCOMPARE(absolute.at("REQUEST_URI"), std::string("/a?b"));
    QCOMPARE(absolute.at("SERVER_NAME"), std::string("h.test"));
}

void TestCgi::tellsOfTheScript() {
    ScriptPlace place{"/srv/site", "/srv/site/dir/a.php", "/dir/a.php", {}, {}};
    auto variables = scriptVariables({{"QUERY_STRING", ""}}, place);
    RequestVariables expected{
        {"DOCUMENT_ROOT", "/srv/site"}, {"GATEWAY_INTERFACE", "CGI/1.1"}, {"PATH_TRANSLATED", "/srv/site/dir/a.php"},
        {"QUERY_STRING", ""},           {"REDIRECT_STATUS", "200"},       {"SCRIPT_FILENAME", "/srv/site/dir/a.php"},
        {"SCRIPT_NAME", "/dir/a.php"},  {"SERVER_ROOT", "/srv/site"}};
    QVERIFY(variables == expected);
    place.pathInfo = "/more/path";
    place.contentLength = 0;
    variables = scriptVariables({}, place);
    QCOMPARE(variables.at("PATH_INFO"), std::string("/more/path"));
    QCOMPARE(variables.at("PATH_TRANSLATED"), std::string("/srv/site/more/path"));
    QCOMPARE(variables.at("CONTENT_LENGTH"), std::string("0"));
}

void TestCgi::saysNothingTwice() {
    const RequestVariables variables{{"", "a"}, {"A=B", "c"}, {"D", std::string("e\0f", 3)}, {"PATH", "evil"}, {"G", "h=i"}};
    const std::vector<std::string> expected{"PATH=/bin", "G=h=i"};
    QVERIFY(environmentOf(variables, {"PATH=/bin"}) == expected);
}

QTEST_GUILESS_MAIN(TestCgi)
#include "tst_cgi.moc"
