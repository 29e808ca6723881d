#include "ui/models/message_recorder.h"

#include "ui/models/message_writer.h"

namespace meerkat::ui {

namespace {

constexpr std::size_t kMostWaiting = 64 * 1024 * 1024;

}  // namespace

MessageRecorder::MessageRecorder(QObject *parent) : QObject(parent) {}

MessageRecorder::~MessageRecorder() = default;

void MessageRecorder::start(const QString &path) {
    m_writer = std::make_unique<MessageWriter>(path, MessageWriter::Mode::AsItComes);
    connect(m_writer.get(), &MessageWriter::ended, this, [this](const QString &trouble) {
        if (trouble.isEmpty()) return;
        m_isRecording = false;
        emit changed();
        emit failed(trouble);
    });
    m_path = path;
    m_count = 0;
    m_isRecording = true;
    emit changed();
}

void MessageRecorder::stop() {
    if (!m_isRecording) return;
    m_isRecording = false;
    m_writer->finish();
    emit changed();
}

void MessageRecorder::take(const std::vector<app::MessageRecord> &messages) {
    if (!m_isRecording) return;
    if (m_writer->waitingBytes() > kMostWaiting) {
        stop();
        return emit failed(tr("The disk is too slow for these messages: the recording has ended."));
    }
    m_writer->write(messages);
    m_count += static_cast<int>(messages.size());
    emit changed();
}

}  // namespace meerkat::ui
