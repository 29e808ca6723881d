// Station: tests of uploads that come in pieces over real sockets: what has come stays when a connection is cut, nobody sees it, and who goes on with it
// gets the file whole.
#include "support/upload_site.h"

#include <QTest>

#include <memory>

using namespace meerkat::test;

namespace {

constexpr char kId[] = "Upload-Id: abcdefgh-1_2\r\n";

QByteArray range(const QByteArray &bytes, const QByteArray &id = kId) { return "Content-Range: bytes " + bytes + "\r\n" + id; }

}  // namespace

class TestUploadPieces : public QObject {
    Q_OBJECT

  private slots:
    void init() { m_site = std::make_unique<UploadSite>("new"); }
    void putsPiecesTogether_data();
    void putsPiecesTogether();
    void replacesAFileWhenItIsWhole();
    void keepsWhatCameBeforeACut();
    void goesOnWhileTheOldConnectionHangs();
    void goesOnAfterAnotherServer();
    void givesAFileItsNameThatWasWholeBeforeAKill();
    void saysWhatBecameOfAFileThatIsDone();
    void beginsAnewWithAnotherTotal();
    void givesUp();
    void showsNothingOfIt();
    void removesWhatRestsForADay();
    void clearsAwayWhatAKilledServerLeft();
    void keepsNoMoreThanAFew();
    void refusesPiecesThatAreNone_data();
    void refusesPiecesThatAreNone();
    void refusesTakenNames();

  private:
    Answer put(const QByteArray &target, const QByteArray &fields, const QByteArray &body = {}) {
        return m_site->say("PUT", target, fields, body);
    }
    QByteArray offset(const QByteArray &target, const QByteArray &total, const QByteArray &id = kId) {
        const Answer answer = put(target, range("*/" + total, id));
        return answer.status == 202 ? answer.field("Upload-Offset") : QByteArray::number(answer.status);
    }
    QString hidden() const {
        for (const QString &name : m_site->names())
            if (name.startsWith(".meerkat-upload-")) return name;
        return {};
    }

    std::unique_ptr<UploadSite> m_site;
};

void TestUploadPieces::putsPiecesTogether_data() {
    QTest::addColumn<QByteArray>("id");
    QTest::newRow("with an id") << QByteArray(kId);
    QTest::newRow("without one") << QByteArray();
}

void TestUploadPieces::putsPiecesTogether() {
    QFETCH(QByteArray, id);
    QCOMPARE(offset("/folder/a%20b", "10", id), QByteArray("0"));
    const Answer first = put("/folder/a%20b", range("0-3/10", id), "0123");
    QCOMPARE(first.status, 202);
    QCOMPARE(first.field("Upload-Offset"), QByteArray("4"));
    QCOMPARE(offset("/folder/a%20b", "10", id), QByteArray("4"));
    QCOMPARE(put("/folder/a%20b", range("4-8/10", id), "45678").status, 202);
    const Answer gap = put("/folder/a%20b", range("4-8/10", id), "45678");
    QCOMPARE(gap.status, 409);
    QCOMPARE(gap.field("Upload-Offset"), QByteArray("9"));
    QCOMPARE(put("/folder/a%20b", range("9-9/10", id), "9").status, 201);
    QCOMPARE(m_site->read("folder/a b"), QByteArray("0123456789"));
    QCOMPARE(m_site->names("folder"), (QStringList{"a b", "in.txt"}));
    // All at once.
    QCOMPARE(put("/one", range("0-2/3", id), "all").status, 201);
    QCOMPARE(m_site->read("one"), QByteArray("all"));
}

void TestUploadPieces::replacesAFileWhenItIsWhole() {
    m_site->server().set("upload", "replace");
    QFile::setPermissions(m_site->files().path("old.txt"), QFile::ReadOwner | QFile::WriteOwner | QFile::ReadOther);
    QCOMPARE(put("/old.txt", range("0-1/4"), "ne").status, 202);
    QCOMPARE(m_site->say("GET", "/old.txt").body, QByteArray("old"));
    QCOMPARE(put("/old.txt", range("2-3/4"), "w!").status, 204);
    QCOMPARE(m_site->say("GET", "/old.txt").body, QByteArray("new!"));
    QVERIFY(!(QFile::permissions(m_site->files().path("old.txt")) & QFile::ReadGroup));
}

void TestUploadPieces::keepsWhatCameBeforeACut() {
    const QByteArray body(100'000, 'x');
    {
        ScriptedPeer peer(m_site->server());
        peer.send(m_site->request("PUT", "/cut", range("0-99999/200000"), body).chopped(40'000)).readUntilQuiet();
        QCOMPARE(offset("/cut", "200000"), QByteArray("60000"));
    }
    QVERIFY(m_site->server().pollUntil([&] { return m_site->server().counters().connections_open == 0; }));
    QCOMPARE(offset("/cut", "200000"), QByteArray("60000"));
    QCOMPARE(put("/cut", range("60000-199999/200000"), QByteArray(140'000, 'x')).status, 201);
    QCOMPARE(m_site->read("cut"), QByteArray(200'000, 'x'));
}

// A telephone changes its network: the server does not see yet that the old connection is dead.
void TestUploadPieces::goesOnWhileTheOldConnectionHangs() {
    ScriptedPeer old(m_site->server());
    old.send(m_site->request("PUT", "/a", range("0-9/10"), "0123456789").chopped(6)).readUntilQuiet();
    QCOMPARE(put("/a", range("4-6/10"), "456").status, 202);
    // What the old one still sends is not mixed in.
    QCOMPARE(old.send("xxxxxx").readAnswer().status, 409);
    QCOMPARE(put("/a", range("7-9/10"), "789").status, 201);
    QCOMPARE(m_site->read("a"), QByteArray("0123456789"));
}

void TestUploadPieces::goesOnAfterAnotherServer() {
    QCOMPARE(put("/a", range("0-4/10"), "01234").status, 202);
    TestServer other;
    other.set("document_root", m_site->files().path().toUtf8());
    other.set("upload", "new");
    const Answer answer = ask(other, m_site->request("PUT", "/a", range("5-9/10"), "56789"));
    QCOMPARE(answer.status, 201);
    QCOMPARE(m_site->read("a"), QByteArray("0123456789"));
}

void TestUploadPieces::givesAFileItsNameThatWasWholeBeforeAKill() {
    QCOMPARE(put("/a", range("0-4/10"), "01234").status, 202);
    QFile file(m_site->files().path(hidden()));
    QVERIFY(file.open(QIODevice::Append) && file.write("56789") == 5);
    file.close();
    QCOMPARE(offset("/a", "10"), QByteArray("201"));
    QCOMPARE(m_site->read("a"), QByteArray("0123456789"));
}

void TestUploadPieces::saysWhatBecameOfAFileThatIsDone() {
    QCOMPARE(put("/a", range("0-2/3"), "abc").status, 201);
    QCOMPARE(offset("/a", "3"), QByteArray("201"));
    // Another file of that name is another matter.
    QCOMPARE(offset("/a", "4"), QByteArray("409"));
    QCOMPARE(offset("/a", "3", "Upload-Id: another-one\r\n"), QByteArray("409"));
}

void TestUploadPieces::beginsAnewWithAnotherTotal() {
    QCOMPARE(put("/a", range("0-4/10"), "01234").status, 202);
    QCOMPARE(put("/a", range("0-2/6"), "abc").status, 202);
    QCOMPARE(put("/a", range("3-5/6"), "def").status, 201);
    QCOMPARE(m_site->read("a"), QByteArray("abcdef"));
}

void TestUploadPieces::givesUp() {
    m_site->server().set("upload", "replace");
    QCOMPARE(put("/old.txt", range("0-4/10"), "01234").status, 202);
    QCOMPARE(m_site->status("DELETE", "/old.txt", "Upload-Id: some-other\r\n"), 204);
    QCOMPARE(offset("/old.txt", "10"), QByteArray("5"));
    QCOMPARE(m_site->status("DELETE", "/old.txt", kId), 204);
    QCOMPARE(offset("/old.txt", "10"), QByteArray("0"));
    QCOMPARE(m_site->names(), (QStringList{"folder", "old.txt"}));
    QCOMPARE(m_site->read("old.txt"), QByteArray("old"));
    // One that is being written, too.
    ScriptedPeer peer(m_site->server());
    peer.send(m_site->request("PUT", "/a", range("0-9/10"), "0123456789").chopped(6)).readUntilQuiet();
    QCOMPARE(m_site->status("DELETE", "/a", kId), 204);
    QCOMPARE(peer.send("456789").readAnswer().status, 409);
    QCOMPARE(m_site->status("DELETE", "/a", "Upload-Id: short\r\n"), 400);
    QCOMPARE(m_site->names(), (QStringList{"folder", "old.txt"}));
}

void TestUploadPieces::showsNothingOfIt() {
    QCOMPARE(put("/a", range("0-4/10"), "01234").status, 202);
    const QByteArray name = hidden().toUtf8();
    QVERIFY(!name.isEmpty());
    QCOMPARE(m_site->status("GET", "/" + name), 404);
    QCOMPARE(m_site->status("GET", "/a"), 404);
    for (const char *target : {"/", "/?search=meerkat", "/?zip"}) {
        QVERIFY(!m_site->say("GET", target).body.contains("upload-p"));
        QVERIFY(!m_site->say("GET", target, "Accept: application/json\r\n").body.contains("upload-p"));
    }
    QVERIFY(!m_site->say("PROPFIND", "/", "Depth: 1\r\n").body.contains("upload-p"));
    QCOMPARE(m_site->status("PUT", "/" + name, {}, "x"), 404);
    m_site->server().set("upload", "replace");
    QCOMPARE(m_site->status("DELETE", "/" + name), 404);
    QCOMPARE(m_site->status("MOVE", "/" + name, "Destination: /stolen\r\n"), 404);
}

void TestUploadPieces::removesWhatRestsForADay() {
    QCOMPARE(put("/old-one", range("0-4/10"), "01234").status, 202);
    m_site->files().setModified(hidden(), QDateTime::currentDateTimeUtc().addSecs(-25 * 3600));
    const QString old = hidden();
    // Another server, which has not seen it come.
    TestServer other;
    other.set("document_root", m_site->files().path().toUtf8());
    other.set("upload", "new");
    ask(other, m_site->request("GET", "/"));
    QVERIFY(other.pollUntil([&] { return !m_site->names().contains(old); }));
}

// A file that is being written is locked; one that nobody has open was left behind.
void TestUploadPieces::clearsAwayWhatAKilledServerLeft() {
    ScriptedPeer peer(m_site->server());
    peer.send(m_site->request("PUT", "/slow", {}, "0123456789").chopped(6)).readUntilQuiet();
    const QString living = hidden();
    QVERIFY(living.startsWith(".meerkat-upload-w"));
    m_site->files().write(".meerkat-upload-w0123456789abcdef", "left behind");
    m_site->files().write("folder/.meerkat-upload-w0123456789abcdef", "left behind");
    // Those that have a hidden name for a moment may be all there is of a file.
    m_site->files().write(".meerkat-upload-0123456789abcdef", "aside");
    m_site->files().write(".meerkat-upload-p0123", "a piece of today");
    TestServer other;
    other.set("document_root", m_site->files().path().toUtf8());
    other.set("upload", "new");
    ask(other, m_site->request("GET", "/"));
    const QStringList left{".meerkat-upload-0123456789abcdef", ".meerkat-upload-p0123", living, "folder", "old.txt"};
    QVERIFY(other.pollUntil([&] { return m_site->names() == left; }));
    // A folder that something is put into is looked through, too.
    ask(other, m_site->request("PUT", "/folder/new", {}, "x"));
    QVERIFY(other.pollUntil([&] { return m_site->names("folder") == QStringList({"in.txt", "new"}); }));
    QCOMPARE(peer.send("456789").readAnswer().status, 201);
    QCOMPARE(m_site->read("slow"), QByteArray("0123456789"));
}

void TestUploadPieces::keepsNoMoreThanAFew() {
    constexpr int kMost = 4096;
    ScriptedPeer peer(m_site->server());
    for (int i = 0; i < kMost + 10; ++i) {
        const QByteArray head = "PUT /a HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n" +
                                range("0-0/9", "Upload-Id: number-" + QByteArray::number(i) + "\r\n") + "\r\nx";
        peer.send(head);
        QCOMPARE(peer.readAnswer().status, 202);
    }
    QCOMPARE(m_site->names().filter(".meerkat-upload-p").size(), kMost);
}

void TestUploadPieces::refusesPiecesThatAreNone_data() {
    QTest::addColumn<QByteArray>("fields");
    QTest::addColumn<QByteArray>("body");
    const auto row = [](const char *title, const QByteArray &fields, const char *body) {
        QTest::newRow(title) << fields << QByteArray(body);
    };
    row("no range", "Content-Range: bytes\r\n", "abc");
    row("an unknown total", range("0-2/*"), "abc");
    row("fewer bytes than announced", range("0-2/9"), "ab");
    row("more bytes than announced", range("0-2/9"), "abcd");
    row("a question with a body", range("*/9"), "abc");
    row("a total that it exceeds", range("0-2/2"), "abc");
    row("two ranges", range("0-2/9") + "Content-Range: bytes 0-2/9\r\n", "abc");
    row("two ids", range("0-2/9") + kId, "abc");
    row("a short id", range("0-2/9", "Upload-Id: abcdefg\r\n"), "abc");
    row("a long id", range("0-2/9", "Upload-Id: " + QByteArray(65, 'a') + "\r\n"), "abc");
    row("a path for an id", range("0-2/9", "Upload-Id: ../../../../x\r\n"), "abc");
}

void TestUploadPieces::refusesPiecesThatAreNone() {
    QFETCH(QByteArray, fields);
    QFETCH(QByteArray, body);
    QCOMPARE(put("/a", fields, body).status, 400);
    QCOMPARE(m_site->names(), (QStringList{"folder", "old.txt"}));
    // In chunks the length shows at the end.
    ScriptedPeer peer(m_site->server());
    peer.send("PUT /b HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n" + range("0-2/9") + "\r\n4\r\nabcd\r\n0\r\n\r\n");
    QCOMPARE(peer.readAnswer().status, 400);
}

void TestUploadPieces::refusesTakenNames() {
    QCOMPARE(offset("/old.txt", "9"), QByteArray("409"));
    QCOMPARE(put("/old.txt", range("0-2/9"), "abc").status, 409);
    QCOMPARE(put("/none/a", range("0-2/9"), "abc").status, 409);
    QCOMPARE(put("/folder/", range("0-2/9"), "abc").status, 405);
    // Taken while the pieces came.
    QCOMPARE(put("/a", range("0-2/6"), "abc").status, 202);
    m_site->files().write("a", "quicker");
    QCOMPARE(put("/a", range("3-5/6"), "def").status, 409);
    QCOMPARE(m_site->read("a"), QByteArray("quicker"));
    m_site->server().set("upload", "replace");
    QCOMPARE(put("/a", range("0-2/6") + "If-None-Match: *\r\n", "abc").status, 412);
}

QTEST_GUILESS_MAIN(TestUploadPieces)
#include "tst_upload_pieces.moc"
