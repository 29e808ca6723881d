// Station: tests of http/accepted_codings and http/compressor: what a client takes by its Accept-Encoding, and that what is made can be read again.
#include "http/accepted_codings.h"
#include "http/compressor.h"

#include <QProcess>
#include <QTest>

using namespace meerkat::http;

namespace {

QByteArray bytes(std::string_view text) { return QByteArray(text.data(), qsizetype(text.size())); }

// By the program of that coding.
QByteArray decoded(Coding coding, const QByteArray &coded) {
    QProcess process;
    if (coding == Coding::Gzip)
        process.start("gzip", {"-dc"});
    else
        process.start("brotli", {"-dc"});
    process.write(coded);
    process.closeWriteChannel();
    return process.waitForFinished() && process.exitCode() == 0 ? process.readAllStandardOutput() : QByteArray("(not decoded)");
}

QByteArray text(qsizetype size) {
    QByteArray made;
    for (qint64 i = 0; made.size() < size; ++i) made += "Line " + QByteArray::number(i * i) + " of a text that repeats itself.\n";
    return made.left(size);
}

}  // namespace

class TestAcceptedCodings : public QObject {
    Q_OBJECT

  private slots:
    void readsWeights_data();
    void readsWeights();
    void namesWhatIsWantedAlikeAlike();
    void readsEveryPartOfAList();
    void makesWhatCanBeReadAgain_data();
    void makesWhatCanBeReadAgain();
    void makesNothingLonger();
};

void TestAcceptedCodings::readsWeights_data() {
    QTest::addColumn<QByteArray>("list");
    QTest::addColumn<int>("brotli");
    QTest::addColumn<int>("zstd");
    QTest::addColumn<int>("gzip");
    const auto row = [](const char *words, const char *list, int brotli, int zstd, int gzip) {
        QTest::newRow(words) << QByteArray(list) << brotli << zstd << gzip;
    };
    row("nothing", "", 0, 0, 0);
    row("a browser's", "gzip, deflate, br, zstd", 1000, 1000, 1000);
    row("one", "gzip", 0, 0, 1000);
    row("another case", "GZIP;Q=0.5,Br ; q=1.000", 1000, 0, 500);
    row("an old name", "x-gzip", 0, 0, 1000);
    row("refused", "gzip;q=0, br;q=0.0, zstd;q=0.000", 0, 0, 0);
    row("anything", "*", 1000, 1000, 1000);
    row("anything but one", "*;q=0.3, gzip;q=0", 300, 300, 0);
    row("nothing but one", "*;q=0, br", 1000, 0, 0);
    row("rather as it is", "gzip;q=0.5, identity;q=0.8, br;q=0.9", 900, 0, 0);
    row("never as it is", "gzip;q=0.1, identity;q=0", 0, 0, 100);
    row("no weights", "gzip;q=2, br;q=1.001, zstd;q=0.1234", 0, 0, 0);
    row("no numbers", "gzip;q=, br;q=x, zstd;level=3", 0, 0, 0);
    row("unknown ones", "deflate, compress, gzip2, sdch", 0, 0, 0);
    row("the last of a name counts", "gzip;q=0.2, gzip;q=0.7", 0, 0, 700);
}

void TestAcceptedCodings::readsWeights() {
    QFETCH(QByteArray, list);
    const AcceptedCodings accepted = AcceptedCodings::parse(list.toStdString());
    QTEST(accepted.weight(Coding::Brotli), "brotli");
    QTEST(accepted.weight(Coding::Zstd), "zstd");
    QTEST(accepted.weight(Coding::Gzip), "gzip");
    QCOMPARE(accepted.weight(Coding::Identity), 0);
    QCOMPARE(accepted.areNone(), accepted.key().empty());
}

void TestAcceptedCodings::namesWhatIsWantedAlikeAlike() {
    const auto key = [](const char *list) { return bytes(AcceptedCodings::parse(list).key()); };
    QCOMPARE(key("gzip, br"), key("br;q=0.5,gzip;q=0.5"));
    QVERIFY(key("gzip, br") != key("br;q=0.5,gzip"));
    QVERIFY(key("gzip") != key("br"));
    QCOMPARE(key("gzip;q=0"), QByteArray());
}

void TestAcceptedCodings::readsEveryPartOfAList() {
    const QByteArray list = "gzip;q=0.5, *;q=0, identity; q=0.001 ,br";
    for (qsizetype i = 0; i <= list.size(); ++i)
        for (const char c : {'\0', ';', ',', '=', 'q', '.', '\xff'}) {
            const AcceptedCodings accepted = AcceptedCodings::parse((list.left(i) + c + list.mid(i + 1)).toStdString());
            for (const Coding coding : {Coding::Brotli, Coding::Zstd, Coding::Gzip})
                QVERIFY(accepted.weight(coding) >= 0 && accepted.weight(coding) <= 1000);
        }
}

void TestAcceptedCodings::makesWhatCanBeReadAgain_data() {
    QTest::addColumn<int>("coding");
    QTest::addColumn<int>("size");
    for (const int size : {100, 5000, 300'000}) {
        QTest::addRow("gzip %d", size) << int(Coding::Gzip) << size;
        QTest::addRow("brotli %d", size) << int(Coding::Brotli) << size;
    }
}

void TestAcceptedCodings::makesWhatCanBeReadAgain() {
    QFETCH(int, coding);
    QFETCH(int, size);
    const Coding kind = static_cast<Coding>(coding);
    const QByteArray original = text(size);
    const std::string_view view(original.constData(), std::size_t(size));
    Compressor compressor;
    const QByteArray whole = bytes(compressor.compressed(kind, view));
    QVERIFY(whole.size() < size);
    QVERIFY(decoded(kind, whole) == original);
    QVERIFY(bytes(compressor.compressed(kind, view)) == whole);
    const auto stream = CompressionStream::begin(kind);
    std::string pieces;
    for (std::size_t at = 0; at < view.size(); at += 7001)
        QVERIFY(stream->add(view.substr(at, 7001), at + 7001 >= view.size(), pieces));
    QVERIFY(decoded(kind, bytes(pieces)) == original);
}

void TestAcceptedCodings::makesNothingLonger() {
    Compressor compressor;
    for (const Coding coding : {Coding::Gzip, Coding::Brotli, Coding::Zstd, Coding::Identity}) {
        QCOMPARE(bytes(compressor.compressed(coding, "a")), QByteArray());
        QCOMPARE(bytes(compressor.compressed(coding, "")), QByteArray());
    }
    QVERIFY(!CompressionStream::begin(Coding::Zstd) && !CompressionStream::begin(Coding::Identity));
}

QTEST_GUILESS_MAIN(TestAcceptedCodings)
#include "tst_accepted_codings_posix.moc"
