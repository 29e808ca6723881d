// Station: tests of meerkatd that is killed in the middle of changes: whenever that comes, a file is at one of its two names with what belongs to it, and a
// property has its old value or its new one.
#include "support/console_program.h"
#include "support/dav_client.h"

#include <QRandomGenerator>

using namespace meerkat::test;

class TestDavKilled : public QObject {
    Q_OBJECT

  private slots:
    void keepsOneOfTwo();
};

namespace {

// The value that is set in turn: which one it is, and whether it is whole, can be seen.
QByteArray valueOf(int turn) { return QByteArray(2000, static_cast<char>('a' + turn % 26)); }

QByteArray patch(int turn) {
    return "<D:propertyupdate xmlns:D='DAV:' xmlns:u='u:'><D:set><D:prop><u:p>" + valueOf(turn) +
           "</u:p></D:prop></D:set></D:propertyupdate>";
}

QByteArray request(DigestClient &digest, unsigned count, const QByteArray &method, const QByteArray &target,
                   const QByteArray &fields, const QByteArray &body) {
    return method + ' ' + target + " HTTP/1.1\r\nHost: a\r\nAuthorization: " + digest.answer(target, count, method) +
           "\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n" + fields + "\r\n" + body;
}

// All that changes a file and a folder to and fro, as one piece.
QByteArray manyChanges(DigestClient &digest) {
    QByteArray all;
    unsigned count = 1;
    for (int turn = 0; turn < 60; ++turn) {
        const bool isThere = turn % 2 == 0;
        const QByteArray from = isThere ? "/a/f.txt" : "/b/g.txt", to = isThere ? "/b/g.txt" : "/a/f.txt";
        all += request(digest, ++count, "PROPPATCH", from, {}, patch(turn));
        all += request(digest, ++count, "MOVE", from, "Destination: " + to + "\r\n", {});
        all += request(digest, ++count, "COPY", "/tree", "Destination: /tree2\r\n", {});
    }
    return all;
}

}  // namespace

void TestDavKilled::keepsOneOfTwo() {
    TemporarySite keys;
    keys.write("dav", passwordLine("ana", "home", "secret"));
    DavSite site;
    site.files().write("a/f.txt", "content");
    site.files().makeFolder("b");
    for (int i = 0; i < 20; ++i) site.files().write(QString("tree/%1").arg(i), "x");
    DavClient reader(site.server());
    reader.setProperty("/a/f.txt", "p", valueOf(0));
    int moved = 0;
    for (int round = 0; round < 12; ++round) {
        // Begun from the same state, ended wherever the kill comes.
        if (site.names("b").contains("g.txt")) {
            ++moved;
            QCOMPARE(reader.status("MOVE", "/b/g.txt", "Destination: /a/f.txt\r\n"), 201);
        }
        Program program(site.files().path(), {"-listening_port", "127.0.0.1:0", "-auth_domain", "home", "-dav_auth_file",
                                              keys.path("dav"), "-document_root", site.files().path()});
        const quint16 port = portOf(program.startLine());
        QVERIFY(port != 0);
        QTcpSocket socket;
        socket.connectToHost(QHostAddress::LocalHost, port);
        QVERIFY(socket.waitForConnected());
        socket.write("DELETE / HTTP/1.1\r\nHost: a\r\n\r\n");
        QByteArray answer;
        QVERIFY(QTest::qWaitFor([&] { return (answer += socket.readAll()).contains("\r\n\r\n"); }));
        DigestClient digest;
        const qsizetype at = answer.indexOf("WWW-Authenticate: ");
        digest.read(answer.mid(at, answer.indexOf("\r\n", at) - at));
        answer.clear();
        socket.write(manyChanges(digest));
        const int enough = 1 + QRandomGenerator::global()->bounded(100);
        QVERIFY(QTest::qWaitFor([&] { return (answer += socket.readAll()).count("HTTP/1.1 2") >= enough; }, 20000));
        program.process().kill();
        QVERIFY(program.ends());
        // ---- what is there now ----
        const bool isAtFirst = site.read("a/f.txt") == "content", isAtSecond = site.read("b/g.txt") == "content";
        QVERIFY(isAtFirst != isAtSecond);
        const QByteArray value = reader.property(isAtFirst ? "/a/f.txt" : "/b/g.txt", "p");
        QVERIFY2(value.size() == 2000 && value.count(value[0]) == 2000, value);
        const QStringList copied = site.names("tree2");
        QVERIFY2(!site.names().contains("tree2") || copied.size() == 20, qPrintable(copied.join(' ')));
        // Nobody sees what a kill left behind.
        for (const QString &href : reader.hrefs("/", "infinity")) QVERIFY2(!href.contains("meerkat"), qPrintable(href));
    }
    qInfo("%d of 12 rounds ended at the other name", moved);
}

QTEST_GUILESS_MAIN(TestDavKilled)
#include "tst_dav_killed_linux.moc"
