// Station: tests of recorded sessions: message_writer, message_reader, message_recorder, message_saver and message_replay. Real files, real threads.
#include "ui/models/message_model.h"
#include "ui/models/message_reader.h"
#include "ui/models/message_recorder.h"
#include "ui/models/message_replay.h"
#include "ui/models/message_saver.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace meerkat;
using namespace meerkat::ui;

namespace {

app::MessageRecord record(const std::string &payload, qint64 atMs = 1'700'000'000'000,
                          app::MessageKind kind = app::MessageKind::Text) {
    app::MessageRecord record;
    record.atMs = atMs;
    record.connectionId = 3;
    record.kind = kind;
    record.payload = payload;
    record.payloadBytes = payload.size();
    record.wireBytes = payload.size() + 2;
    return record;
}

std::vector<app::MessageRecord> many(int count) {
    std::vector<app::MessageRecord> records;
    for (int i = 0; i < count; ++i) records.push_back(record("message " + std::to_string(i)));
    return records;
}

struct Read {
    std::vector<app::MessageRecord> messages;
    QString trouble;
    int skipped = -1;
    bool hasEnded = false;
};

void readFile(const QString &path, Read &read) {
    MessageReader reader(path);
    QObject::connect(&reader, &MessageReader::came,
                     [&](const auto &some, int) { read.messages.insert(read.messages.end(), some.begin(), some.end()); });
    QObject::connect(&reader, &MessageReader::ended, [&](const QString &trouble, int skipped) {
        read.trouble = trouble;
        read.skipped = skipped;
        read.hasEnded = true;
    });
    QTRY_VERIFY_WITH_TIMEOUT(read.hasEnded, 30000);
}

}  // namespace

class TestMessageFiles : public QObject {
    Q_OBJECT

  private slots:
    void init() { m_place = std::make_unique<QTemporaryDir>(); }
    void recordsAndReadsASession();
    void keepsWhatWasRecordedWhenItGoes();
    void saysWhyItCannotRecord();
    void savesWhatTheFilterLeaves();
    void savesNothingWhenItIsCancelled();
    void saysWhyItCannotSave();
    void skipsLinesThatAreNoMessages();
    void saysWhenAFileHoldsNoMessages();
    void saysWhyAFileCannotBeRead();
    void stopsReadingInTheMiddle();
    void sendsAgainInOrderAndTime();
    void leavesOutWhatCannotBeSent();
    void stopsSending();

  private:
    QString path(const char *name) const { return m_place->filePath(QString::fromLatin1(name)); }

    std::unique_ptr<QTemporaryDir> m_place;
};

void TestMessageFiles::recordsAndReadsASession() {
    const auto messages = many(5000);
    MessageRecorder recorder;
    QSignalSpy failures(&recorder, &MessageRecorder::failed);
    recorder.take({record("before")});
    recorder.start(path("a.jsonl"));
    QVERIFY(recorder.isRecording());
    recorder.take({messages.begin(), messages.begin() + 2000});
    recorder.take({messages.begin() + 2000, messages.end()});
    QCOMPARE(recorder.count(), 5000);
    recorder.stop();
    recorder.take({record("after")});
    const auto isWhole = [&] {
        QFile file(path("a.jsonl"));
        return file.open(QIODevice::ReadOnly) && file.readAll().count('\n') == 5000;
    };
    QTRY_VERIFY_WITH_TIMEOUT(isWhole(), 30000);
    Read read;
    readFile(path("a.jsonl"), read);
    QCOMPARE(read.messages.size(), std::size_t(5000));
    QCOMPARE(read.messages[4999].payload, messages[4999].payload);
    QCOMPARE(read.messages[0].atMs, messages[0].atMs);
    QCOMPARE(read.skipped, 0);
    QCOMPARE(failures.size(), 0);
}

void TestMessageFiles::keepsWhatWasRecordedWhenItGoes() {
    {
        MessageRecorder recorder;
        recorder.start(path("a.jsonl"));
        recorder.take(many(3000));
    }
    Read read;
    readFile(path("a.jsonl"), read);
    QCOMPARE(read.messages.size(), std::size_t(3000));
}

void TestMessageFiles::saysWhyItCannotRecord() {
    MessageRecorder recorder;
    QSignalSpy failures(&recorder, &MessageRecorder::failed);
    recorder.start(path("no/such/folder.jsonl"));
    QTRY_COMPARE(failures.size(), 1);
    QVERIFY(failures[0][0].toString().contains("folder.jsonl"));
    QVERIFY(!recorder.isRecording());
}

void TestMessageFiles::savesWhatTheFilterLeaves() {
    MessageLog log;
    log.append(many(3000));
    MessageModel model;
    model.setLog(&log);
    model.setFilter({"99", {}, {}, 0});
    QTRY_VERIFY(!model.isLooking());
    MessageSaver saver(model, path("saved.jsonl"));
    QSignalSpy ended(&saver, &MessageSaver::ended);
    // What comes meanwhile is not part of it, and what goes is left out.
    log.append({record("message 99 again")});
    QVERIFY(ended.wait(20000));
    QCOMPARE(ended[0][0].toString(), QString());
    Read read;
    readFile(path("saved.jsonl"), read);
    QCOMPARE(static_cast<int>(read.messages.size()), ended[0][1].toInt());
    QCOMPARE(read.messages.size(), std::size_t(57));
    for (const auto &message : read.messages) QVERIFY(message.payload.find("99") != std::string::npos);
}

void TestMessageFiles::savesNothingWhenItIsCancelled() {
    QFile former(path("saved.jsonl"));
    QVERIFY(former.open(QIODevice::WriteOnly) && former.write("former") == 6);
    former.close();
    MessageLog log;
    log.append(many(50'000));
    MessageModel model;
    model.setLog(&log);
    MessageSaver saver(model, path("saved.jsonl"));
    QSignalSpy ended(&saver, &MessageSaver::ended);
    QSignalSpy progress(&saver, &MessageSaver::progressed);
    QVERIFY(progress.wait());
    saver.cancel();
    QVERIFY(ended.wait(20000));
    QCOMPARE(ended[0][1].toInt(), -1);
    QVERIFY(former.open(QIODevice::ReadOnly));
    QCOMPARE(former.readAll(), QByteArray("former"));
}

void TestMessageFiles::saysWhyItCannotSave() {
    MessageLog log;
    log.append(many(3));
    MessageModel model;
    model.setLog(&log);
    MessageSaver saver(model, path("no/such/folder.jsonl"));
    QSignalSpy ended(&saver, &MessageSaver::ended);
    QVERIFY(ended.wait(20000));
    QVERIFY(ended[0][0].toString().contains("folder.jsonl"));
    QCOMPARE(ended.size(), 1);
}

void TestMessageFiles::skipsLinesThatAreNoMessages() {
    QFile file(path("a.jsonl"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("{\"time\":\"2026-01-01T00:00:00Z\",\"kind\":\"text\",\"text\":\"a\"}\n\nnonsense\n{\"a\":1}\n"
               "{\"time\":\"2026-01-01T00:00:01Z\",\"kind\":\"ping\",\"text\":\"b\"}");
    file.close();
    Read read;
    readFile(file.fileName(), read);
    QCOMPARE(read.messages.size(), std::size_t(2));
    QCOMPARE(read.skipped, 2);
    QCOMPARE(read.trouble, QString());
}

void TestMessageFiles::saysWhenAFileHoldsNoMessages() {
    QFile file(path("photo.jpg"));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(QByteArray(100'000, '\xff')) == 100'000);
    file.close();
    Read read;
    readFile(file.fileName(), read);
    QVERIFY(read.trouble.contains("photo.jpg") && read.messages.empty());
}

void TestMessageFiles::saysWhyAFileCannotBeRead() {
    Read read;
    readFile(path("absent.jsonl"), read);
    QVERIFY(read.trouble.contains("absent.jsonl"));
}

void TestMessageFiles::stopsReadingInTheMiddle() {
    {
        MessageRecorder recorder;
        recorder.start(path("a.jsonl"));
        recorder.take(many(30'000));
    }
    auto reader = std::make_unique<MessageReader>(path("a.jsonl"));
    QSignalSpy came(reader.get(), &MessageReader::ended);
    reader.reset();
    QCOMPARE(came.size(), 0);
}

void TestMessageFiles::sendsAgainInOrderAndTime() {
    MessageReplay replay;
    QStringList sent;
    QElapsedTimer clock;
    QList<qint64> times;
    connect(&replay, &MessageReplay::due, this, [&](const app::MessageRecord &message) {
        sent << QString::fromStdString(message.payload);
        times << clock.elapsed();
    });
    clock.start();
    replay.start({record("a", 1000), record("b", 1000), record("c", 1200)}, 1);
    QVERIFY(replay.isRunning());
    QCOMPARE(replay.total(), 3);
    QTRY_VERIFY(!replay.isRunning());
    QCOMPARE(sent, QStringList({"a", "b", "c"}));
    QVERIFY(times[2] >= 195);
    sent.clear();
    replay.start(many(500), 0);
    QTRY_COMPARE(sent.size(), 500);
    QCOMPARE(sent[499], QStringLiteral("message 499"));
}

void TestMessageFiles::leavesOutWhatCannotBeSent() {
    MessageReplay replay;
    auto cut = record("cut");
    cut.payloadBytes = 5000;
    replay.start({record("c", 1, app::MessageKind::Close), record("o", 1, app::MessageKind::Opened), cut,
                  record("p", 1, app::MessageKind::Ping)},
                 0);
    QCOMPARE(replay.total(), 1);
    replay.stop();
    replay.start({record("c", 1, app::MessageKind::Close)}, 0);
    QVERIFY(!replay.isRunning());
}

void TestMessageFiles::stopsSending() {
    MessageReplay replay;
    QSignalSpy due(&replay, &MessageReplay::due);
    replay.start({record("a", 0), record("b", 3'600'000)}, 1);
    QTRY_COMPARE(due.size(), 1);
    replay.stop();
    QVERIFY(!replay.isRunning());
    QCOMPARE(replay.total(), 0);
}

QTEST_GUILESS_MAIN(TestMessageFiles)
#include "tst_message_files.moc"
