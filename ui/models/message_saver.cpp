#include "ui/models/message_saver.h"

#include "ui/models/message_model.h"

#include <QElapsedTimer>

namespace meerkat::ui {

namespace {

constexpr qint64 kSliceMs = 3;
constexpr std::size_t kMostWaiting = 8 * 1024 * 1024;
constexpr int kWaitMs = 5;

}  // namespace

// The numbers, not the rows: those move when the log forgets.
MessageSaver::MessageSaver(const MessageModel &model, const QString &path, QObject *parent)
    : QObject(parent), m_log(model.log()), m_writer(path, MessageWriter::Mode::Whole) {
    const int rows = model.rowCount();
    m_numbers.reserve(static_cast<std::size_t>(rows));
    for (int row = 0; row < rows; ++row) m_numbers.push_back(model.numberOf(row));
    connect(&m_timer, &QTimer::timeout, this, &MessageSaver::goOn);
    connect(&m_writer, &MessageWriter::ended, this, [this](const QString &trouble) {
        m_timer.stop();
        emit ended(trouble, m_saved);
    });
    m_timer.start(0);
}

void MessageSaver::goOn() {
    if (m_writer.waitingBytes() > kMostWaiting) return m_timer.setInterval(kWaitMs);
    m_timer.setInterval(0);
    QElapsedTimer clock;
    clock.start();
    std::vector<app::MessageRecord> batch;
    while (m_next < m_numbers.size() && clock.elapsed() < kSliceMs) {
        const auto message = m_log ? m_log->find(m_numbers[m_next]) : std::nullopt;
        ++m_next;
        if (message) batch.push_back(message->record());
    }
    m_saved += static_cast<int>(batch.size());
    m_writer.write(std::move(batch));
    if (!m_numbers.empty()) emit progressed(static_cast<int>(100 * m_next / m_numbers.size()));
    if (m_next < m_numbers.size()) return;
    m_timer.stop();
    m_writer.finish();
}

void MessageSaver::cancel() {
    m_timer.stop();
    m_saved = -1;
    m_writer.finish(false);
}

}  // namespace meerkat::ui
