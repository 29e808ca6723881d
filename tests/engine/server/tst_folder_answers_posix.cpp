// Station: tests of files/folder_answers over real sockets: search, JSON, archives and the README of a folder, and what none of them may show.
#include "support/digest_client.h"
#include "support/scripted_peer.h"
#include "support/temporary_site.h"
#include "support/without_privileges_posix.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTest>

using namespace meerkat::test;

class TestFolderAnswers : public QObject {
    Q_OBJECT

  private slots:
    void init();
    void givesAListAsJson();
    void givesAPageUnlessJsonIsPreferred_data();
    void givesAPageUnlessJsonIsPreferred();
    void listsALargeFolderWhileItIsRead();
    void findsBelowTheFolder_data();
    void findsBelowTheFolder();
    void saysThatNothingWasFound();
    void findsForProgramsToo();
    void endsASearchThatFindsTooMuch();
    void writesAWholeFolder();
    void writesWhatWasPicked();
    void writesForAnOldClient();
    void writesLargeFilesAsTheyAre();
    void forgetsTheChecksumOfAChangedFile();
    void namesWhatItLeavesOut();
    void answersHeadWithoutABody();
    void showsAReadme();
    void hidesWhatIsHidden_data();
    void hidesWhatIsHidden();
    void showsNothingThatAsksForAPassword();
    void leavesAnIndexPageItsQuery();
    void servesOthersDuringASearch();

  private:
    Answer get(const QByteArray &target, const QByteArray &fields = {}) {
        return ask(*m_server, "GET " + target + " HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n");
    }
    // name -> content, by Python's zipfile.
    QMap<QString, QByteArray> archive(const QByteArray &target);

    std::unique_ptr<TemporarySite> m_site;
    std::unique_ptr<TestServer> m_server;
};

void TestFolderAnswers::init() {
    m_site = std::make_unique<TemporarySite>();
    m_server = std::make_unique<TestServer>();
    m_site->write("docs/file2.txt", "two");
    m_site->write("docs/file10.txt", "ten");
    m_site->write("docs/B\xc3\xbc"
                  "cher/Caf\xc3\xa9.txt",
                  "coffee");
    m_site->write("docs/deep/er/file3.txt", "three");
    m_server->set("document_root", m_site->path().toUtf8());
}

QMap<QString, QByteArray> TestFolderAnswers::archive(const QByteArray &target) {
    const Answer got = get(target);
    if (got.status != 200) return {{"status", QByteArray::number(got.status)}};
    QFile file(m_site->path("../" + QFileInfo(m_site->path()).fileName() + ".zip"));
    if (!file.open(QIODevice::WriteOnly)) return {};
    file.write(got.body);
    file.close();
    QProcess python;
    python.start("python3", {"-c",
                             "import sys, json, zipfile\nz = zipfile.ZipFile(sys.argv[1])\nassert z.testzip() is None\n"
                             "print(json.dumps({i.filename: z.read(i).decode('latin1') for i in z.infolist()}))",
                             file.fileName()});
    python.waitForFinished();
    file.remove();
    QMap<QString, QByteArray> found;
    const QJsonObject all = QJsonDocument::fromJson(python.readAllStandardOutput()).object();
    for (auto each = all.begin(); each != all.end(); ++each) found[each.key()] = each.value().toString().toLatin1();
    return found;
}

void TestFolderAnswers::givesAListAsJson() {
    const Answer got = get("/docs/", "Accept: application/json\r\n");
    QCOMPARE(got.field("Content-Type"), QByteArray("application/json"));
    QCOMPARE(got.field("Vary"), QByteArray("Accept"));
    const QJsonObject list = QJsonDocument::fromJson(got.body).object();
    QCOMPARE(list["path"].toString(), "/docs/");
    QVERIFY(list["complete"].toBool());
    QStringList names;
    for (const QJsonValue entry : list["entries"].toArray()) names << entry.toObject()["name"].toString();
    QCOMPARE(names, (QStringList{QString::fromUtf8("B\xc3\xbc"
                                                   "cher"),
                                 "deep", "file2.txt", "file10.txt"}));
    const QJsonObject file = list["entries"].toArray()[2].toObject();
    QCOMPARE(file["type"].toString(), "file");
    QCOMPARE(file["size"].toInt(), 3);
    QVERIFY(file["contentType"].toString().startsWith("text/plain"));
    QVERIFY(QDateTime::fromString(file["modified"].toString(), Qt::ISODate).isValid());
    QVERIFY(!list["entries"].toArray()[0].toObject().contains("size"));
}

void TestFolderAnswers::givesAPageUnlessJsonIsPreferred_data() {
    QTest::addColumn<QByteArray>("accept");
    QTest::addColumn<bool>("isJson");
    QTest::newRow("anything") << QByteArray("*/*") << false;
    QTest::newRow("a browser") << QByteArray("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8") << false;
    QTest::newRow("both") << QByteArray("application/json, text/html") << false;
    QTest::newRow("JSON first") << QByteArray("application/json, text/html;q=0.5") << true;
    QTest::newRow("JSON not at all") << QByteArray("application/json;q=0") << false;
    QTest::newRow("in capitals") << QByteArray("Application/JSON") << true;
}

void TestFolderAnswers::givesAPageUnlessJsonIsPreferred() {
    QFETCH(QByteArray, accept);
    QFETCH(bool, isJson);
    QCOMPARE(get("/docs/", "Accept: " + accept + "\r\n").field("Content-Type").startsWith("application/json"), isJson);
}

void TestFolderAnswers::listsALargeFolderWhileItIsRead() {
    for (int i = 0; i < 5000; ++i) m_site->write("many/file " + QString::number(i), "1");
    m_site->makeFolder("many/folder");
    m_site->write("many/README.md", "# Many");
    m_server->set("hide_files_patterns", "**4999$");
    const Answer got = get("/many/?sort=name&order=desc");
    QVERIFY(got.head.contains("Transfer-Encoding: chunked"));
    QByteArrayList names;
    const QRegularExpression row("<bdi>(file [0-9]+|folder|README.md)</bdi>");
    for (auto found = row.globalMatch(QString::fromUtf8(got.body)); found.hasNext();) names << found.next().captured(1).toUtf8();
    QCOMPARE(names.size(), 5001);
    QCOMPARE(names[0], QByteArray("folder"));
    QCOMPARE(names[1], QByteArray("README.md"));
    for (int i = 0; i < 4999; ++i) QCOMPARE(names[i + 2], "file " + QByteArray::number(4998 - i));
    QVERIFY(got.body.contains("<p id=\"found\">1 folder, 5,000 files, 5.0"));
    QVERIFY(got.body.contains("<h2>Many</h2>"));
    QVERIFY(!got.body.contains('\x01') && got.body.trimmed().endsWith("</html>"));
    const QJsonObject list = QJsonDocument::fromJson(get("/many/", "Accept: application/json\r\n").body).object();
    QCOMPARE(list["entries"].toArray().size(), 5001);
    QCOMPARE(list["entries"].toArray()[1].toObject()["name"].toString(), "file 0");
    QVERIFY(list["complete"].toBool());
}

void TestFolderAnswers::findsBelowTheFolder_data() {
    QTest::addColumn<QByteArray>("words");
    QTest::addColumn<QByteArrayList>("links");
    QTest::newRow("a part of a name") << QByteArray("file3") << QByteArrayList{"./deep/er/file3.txt"};
    QTest::newRow("in any case") << QByteArray("FILE10") << QByteArrayList{"./file10.txt"};
    QTest::newRow("without its accent") << QByteArray("cafe") << QByteArrayList{"./B%C3%BCcher/Caf%C3%A9.txt"};
    QTest::newRow("with its accent") << QByteArray("caf%C3%89") << QByteArrayList{"./B%C3%BCcher/Caf%C3%A9.txt"};
    QTest::newRow("two words") << QByteArray("txt+file") << QByteArrayList{"./deep/er/file3.txt", "./file2.txt", "./file10.txt"};
    QTest::newRow("a folder") << QByteArray("deep") << QByteArrayList{"./deep/"};
}

void TestFolderAnswers::findsBelowTheFolder() {
    QFETCH(QByteArray, words);
    const Answer got = get("/docs/?search=" + words);
    QCOMPARE(got.status, 200);
    QByteArrayList links;
    QRegularExpression row("<li><a class=\"[a-z]+\" href=\"([^\"]+)\"");
    for (auto found = row.globalMatch(QString::fromUtf8(got.body)); found.hasNext();) links << found.next().captured(1).toUtf8();
    QTEST(links, "links");
    QVERIFY(got.body.trimmed().endsWith("</html>"));
}

void TestFolderAnswers::saysThatNothingWasFound() {
    const QByteArray page = get("/docs/?search=%3Cb%3E").body;
    QVERIFY(page.contains("Nothing here has such a name."));
    QVERIFY(page.contains("Search for “&lt;b&gt;”"));
    QVERIFY(!page.contains("<b>"));
}

void TestFolderAnswers::findsForProgramsToo() {
    const Answer got = get("/?search=file2", "Accept: application/json\r\n");
    const QJsonObject found = QJsonDocument::fromJson(got.body).object();
    QCOMPARE(found["entries"].toArray().size(), 1);
    QCOMPARE(found["entries"].toArray()[0].toObject()["name"].toString(), "docs/file2.txt");
    QVERIFY(found["complete"].toBool());
}

void TestFolderAnswers::endsASearchThatFindsTooMuch() {
    for (int i = 0; i < 1100; ++i) m_site->write("many/n" + QString::number(i), "");
    const Answer got = get("/many/?search=n", "Accept: application/json\r\n");
    const QJsonObject found = QJsonDocument::fromJson(got.body).object();
    QCOMPARE(found["entries"].toArray().size(), 1000);
    QVERIFY(!found["complete"].toBool());
}

void TestFolderAnswers::writesAWholeFolder() {
    const auto files = archive("/docs/?zip");
    QCOMPARE(files.keys(), (QStringList{"docs/B\u00fccher/", "docs/B\u00fccher/Caf\u00e9.txt", "docs/deep/", "docs/deep/er/",
                                        "docs/deep/er/file3.txt", "docs/file10.txt", "docs/file2.txt"}));
    QCOMPARE(files["docs/deep/er/file3.txt"], QByteArray("three"));
    const Answer got = get("/docs/?zip");
    QCOMPARE(got.field("Content-Type"), QByteArray("application/zip"));
    QVERIFY(got.field("Content-Disposition").contains("filename=\"docs.zip\""));
}

void TestFolderAnswers::writesWhatWasPicked() {
    const auto files = archive("/docs/?zip&name=file2.txt&name=deep&name=..&name=nowhere");
    QCOMPARE(files.keys(), (QStringList{"deep/", "deep/er/", "deep/er/file3.txt", "file2.txt"}));
}

void TestFolderAnswers::writesForAnOldClient() {
    const Answer got = ask(*m_server, "GET /docs/?zip HTTP/1.0\r\n\r\n");
    QCOMPARE(got.status, 200);
    QVERIFY(got.body.startsWith("PK\x03\x04"));
    QVERIFY(!got.head.contains("chunked"));
}

// Read for its checksum in several steps, then known; behind it small ones, one of no bytes, and one that is the last.
void TestFolderAnswers::writesLargeFilesAsTheyAre() {
    const QByteArray large = QByteArray("0123456789abcde\n").repeated(150'000) + "end";
    for (const char *name : {"docs/big.bin", "docs/file3.bin", "docs/z.bin"}) m_site->write(name, large);
    m_site->write("docs/empty", "");
    const QDateTime before = QDateTime::currentDateTime().addSecs(-100);
    QFile file(m_site->path("docs/z.bin"));
    QVERIFY(file.open(QIODevice::ReadWrite) && file.setFileTime(before, QFileDevice::FileModificationTime));
    for (int time = 0; time < 2; ++time) {
        const auto files = archive("/docs/?zip");
        QCOMPARE(files.size(), 11);
        for (const char *name : {"docs/big.bin", "docs/file3.bin", "docs/z.bin"}) QVERIFY(files[name] == large);
        QCOMPARE(files["docs/file10.txt"], QByteArray("ten"));
    }
    const QByteArray old = ask(*m_server, "GET /docs/?zip HTTP/1.0\r\n\r\n").body;
    QVERIFY(old.contains(large) && old.size() > 3 * large.size());
}

void TestFolderAnswers::forgetsTheChecksumOfAChangedFile() {
    const QByteArray size(200'000, 'a');
    m_site->write("docs/big.bin", size);
    const QString name = m_site->path("docs/big.bin");
    const auto setTime = [&name](const QDateTime &time) {
        QFile file(name);
        return file.open(QIODevice::ReadWrite) && file.setFileTime(time, QFileDevice::FileModificationTime);
    };
    const QDateTime before = QDateTime::currentDateTime().addSecs(-1000);
    QVERIFY(setTime(before));
    // Until it is calm for long enough to be kept: nobody can put that time back.
    QTRY_VERIFY_WITH_TIMEOUT(QFileInfo(name).metadataChangeTime().secsTo(QDateTime::currentDateTime()) >= 4, 10'000);
    QVERIFY(archive("/docs/?zip")["docs/big.bin"] == size);
    // Of the same size, and its time put back.
    QFile file(name);
    QVERIFY(file.open(QIODevice::ReadWrite) && file.write("b") == 1);
    file.close();
    QVERIFY(setTime(before));
    QVERIFY(archive("/docs/?zip")["docs/big.bin"] == "b" + size.mid(1));
}

void TestFolderAnswers::namesWhatItLeavesOut() {
    m_site->write("docs/secret.txt", "x");
    QFile::setPermissions(m_site->path("docs/secret.txt"), QFile::Permissions());
    const auto everybody =
        QFile::ReadOwner | QFile::ExeOwner | QFile::ReadGroup | QFile::ExeGroup | QFile::ReadOther | QFile::ExeOther;
    QVERIFY(QFile::setPermissions(m_site->path(), everybody));
    const WithoutPrivileges ordinary;
    // Nothing in it is compressed.
    const QByteArray bytes = get("/docs/?zip").body;
    QVERIFY2(!bytes.contains("docs/secret.txt"), bytes.constData());
    QVERIFY2(bytes.contains("docs/Left out.txt"), bytes.left(300).toPercentEncoding().constData());
    QVERIFY(bytes.contains("not in this archive:\r\n\r\nsecret.txt\r\n"));
}

void TestFolderAnswers::answersHeadWithoutABody() {
    ScriptedPeer peer(*m_server);
    for (const char *target : {"/docs/?zip", "/docs/?search=a"}) {
        const Answer got = peer.send(QByteArray("HEAD ") + target + " HTTP/1.1\r\nHost: a\r\n\r\n").readAnswer(true);
        QCOMPARE(got.status, 200);
        QVERIFY(got.body.isEmpty());
    }
}

void TestFolderAnswers::showsAReadme() {
    m_site->write("docs/readme.md", "# Hello\n\n<script>x</script> [all](./)");
    const QByteArray page = get("/docs/").body;
    QVERIFY(page.contains("<section id=\"readme\""));
    QVERIFY(page.contains("<h2>Hello</h2>"));
    QVERIFY(!page.contains("<script>"));
    m_site->write("deep/README.txt", "a < b");
    QVERIFY(get("/deep/").body.contains("<pre class=\"plain\">a &lt; b</pre>"));
}

void TestFolderAnswers::hidesWhatIsHidden_data() {
    QTest::addColumn<QByteArray>("target");
    QTest::newRow("search") << QByteArray("/?search=hidden");
    QTest::newRow("search for the password file") << QByteArray("/?search=htpasswd");
    QTest::newRow("archive") << QByteArray("/?zip");
    QTest::newRow("a picked one") << QByteArray("/?zip&name=hidden.txt&name=.htpasswd&name=out&name=page.shtml");
}

void TestFolderAnswers::hidesWhatIsHidden() {
    QFETCH(QByteArray, target);
    QTemporaryDir outside;
    QFile secret(outside.filePath("hidden-outside.txt"));
    QVERIFY(secret.open(QIODevice::WriteOnly));
    secret.write("marker-of-a-secret");
    secret.close();
    m_site->write("hidden.txt", "marker-of-a-secret");
    m_site->write("deep/hidden.txt", "marker-of-a-secret");
    m_site->write("page.shtml", "marker-of-a-secret");
    m_site->write("deep/.htpasswd~", "marker-of-a-secret");
    QFile::link(outside.path(), m_site->path("out"));
    QFile::link(secret.fileName(), m_site->path("hidden-link"));
    QFile::link(m_site->path("docs"), m_site->path("docs/circle"));
    m_server->set("hide_files_patterns", "**hidden.txt$");
    const QByteArray body = get(target).body;
    QVERIFY(!body.isEmpty());
    for (const char *sign : {"marker-of-a-secret", "hidden.txt\"", "hidden-outside", ".htpasswd~", "circle/circle"})
        QVERIFY2(!body.contains(sign), sign);
}

void TestFolderAnswers::showsNothingThatAsksForAPassword() {
    m_site->write("docs/private/.htpasswd", "me:mydomain.com:0123456789abcdef0123456789abcdef\n");
    m_site->write("docs/private/diary.txt", "marker-of-a-secret");
    QVERIFY(!get("/docs/?zip").body.contains("marker-of-a-secret"));
    QVERIFY(!get("/docs/?search=diary").body.contains("diary.txt"));
    QCOMPARE(get("/docs/private/?zip").status, 401);
}

void TestFolderAnswers::leavesAnIndexPageItsQuery() {
    m_site->write("app/index.html", "an application");
    for (const char *query : {"?zip", "?search=a"}) QCOMPARE(get(QByteArray("/app/") + query).body, QByteArray("an application"));
    m_server->set("enable_directory_listing", "no");
    for (const char *query : {"?zip", "?search=a"}) QCOMPARE(get(QByteArray("/docs/") + query).status, 403);
}

void TestFolderAnswers::servesOthersDuringASearch() {
    for (int i = 0; i < 3000; ++i) m_site->write("many/" + QString::number(i % 60) + "/" + QString::number(i), "");
    ScriptedPeer searching(*m_server), other(*m_server);
    searching.sendUnseen("GET /?search=nowhere HTTP/1.1\r\nHost: a\r\n\r\n");
    QCOMPARE(other.send("GET /docs/file2.txt HTTP/1.1\r\nHost: a\r\n\r\n").readAnswer().body, QByteArray("two"));
    QVERIFY(searching.readAnswer().body.contains("Nothing here has such a name."));
}

QTEST_GUILESS_MAIN(TestFolderAnswers)
#include "tst_folder_answers_posix.moc"
