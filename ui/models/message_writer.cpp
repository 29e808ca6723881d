#include "ui/models/message_writer.h"

#include "ui/models/message_line.h"

#include <QDir>
#include <QFile>
#include <QSaveFile>

#include <memory>

namespace meerkat::ui {

namespace {

std::size_t bytesOf(const std::vector<app::MessageRecord> &batch) {
    std::size_t bytes = 0;
    for (const auto &record : batch) bytes += sizeof record + record.payload.size();
    return bytes;
}

}  // namespace

// Everything but its making happens in the writer's thread.
class MessageWriter::File : public QObject {
  public:
    File(MessageWriter &writer, const QString &path, Mode mode) : m_writer(writer), m_path(path), m_mode(mode) {}

    void open() {
        if (m_mode == Mode::Whole)
            m_file = std::make_unique<QSaveFile>(m_path);
        else
            m_file = std::make_unique<QFile>(m_path);
        if (!m_file->open(QIODevice::WriteOnly)) fail();
    }
    void write(const std::vector<app::MessageRecord> &batch) {
        QByteArray lines;
        for (const auto &record : batch) lines += lineOf(record);
        if (!m_hasEnded && (m_file->write(lines) != lines.size() || !m_file->flush())) fail();
        m_writer.m_waiting -= bytesOf(batch);
    }
    void finish(bool keep) {
        if (m_hasEnded) return;
        auto *whole = qobject_cast<QSaveFile *>(m_file.get());
        if (whole && keep && !whole->commit()) return fail();
        if (whole && !keep) whole->cancelWriting();
        m_file.reset();
        m_hasEnded = true;
        emit m_writer.ended({});
    }

  private:
    void fail() {
        m_hasEnded = true;
        emit m_writer.ended(
            MessageWriter::tr("“%1” can't be written: %2").arg(QDir::toNativeSeparators(m_path), m_file->errorString()));
    }

    MessageWriter &m_writer;
    const QString m_path;
    const Mode m_mode;
    std::unique_ptr<QFileDevice> m_file;
    bool m_hasEnded = false;
};

MessageWriter::MessageWriter(const QString &path, Mode mode, QObject *parent)
    : QObject(parent), m_mode(mode), m_file(new File(*this, path, mode)) {
    m_file->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_file, &QObject::deleteLater);
    m_thread.start();
    QMetaObject::invokeMethod(m_file, [file = m_file] { file->open(); });
}

MessageWriter::~MessageWriter() {
    finish(m_mode == Mode::AsItComes);
    // Behind what was given.
    QMetaObject::invokeMethod(m_file, [this] { m_thread.quit(); });
    m_thread.wait();
}

void MessageWriter::write(std::vector<app::MessageRecord> batch) {
    if (m_isFinished || batch.empty()) return;
    m_waiting += bytesOf(batch);
    QMetaObject::invokeMethod(m_file, [file = m_file, some = std::move(batch)] { file->write(some); });
}

void MessageWriter::finish(bool keep) {
    if (std::exchange(m_isFinished, true)) return;
    QMetaObject::invokeMethod(m_file, [file = m_file, keep] { file->finish(keep); });
}

}  // namespace meerkat::ui
