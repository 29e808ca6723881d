#include "ui/models/message_reader.h"

#include "ui/models/message_line.h"

#include <QDir>
#include <QFile>
#include <QThread>

namespace meerkat::ui {

namespace {

constexpr std::size_t kBatch = 1024;
constexpr std::size_t kBatchBytes = 1024 * 1024;
// The longest line that a message of kMostMessageBytes makes, and then some.
constexpr qint64 kMostLine = 8 * 1024 * 1024;

}  // namespace

MessageReader::MessageReader(const QString &path, QObject *parent)
    : QObject(parent), m_thread(QThread::create([this, path] { read(path); })) {
    m_thread->setParent(this);
    m_thread->start();
}

MessageReader::~MessageReader() {
    m_mustEnd = true;
    m_room.release(1);
    m_thread->wait();
}

void MessageReader::read(const QString &path) {
    QFile file(path);
    QString trouble;
    int skipped = 0;
    int taken = 0;
    if (file.open(QIODevice::ReadOnly)) {
        auto batch = std::make_shared<std::vector<app::MessageRecord>>();
        std::size_t bytes = 0;
        std::vector<char> room(kMostLine);  // one for all lines
        while (!file.atEnd() && !m_mustEnd) {
            const qint64 length = file.readLine(room.data(), kMostLine);
            if (length <= 0) break;
            const auto line = QByteArray::fromRawData(room.data(), length);
            auto record = messageOfLine(line);
            if (record) {
                bytes += record->payload.size();
                batch->push_back(std::move(*record));
                ++taken;
            } else if (!line.trimmed().isEmpty()) {
                ++skipped;
            }
            if (batch->size() < kBatch && bytes < kBatchBytes) continue;
            hand(std::exchange(batch, std::make_shared<std::vector<app::MessageRecord>>()),
                 file.size() > 0 ? static_cast<int>(100 * file.pos() / file.size()) : 0);
            bytes = 0;
        }
        hand(std::move(batch), 100);
    }
    if (file.error() != QFileDevice::NoError)
        trouble = tr("“%1” can't be read: %2").arg(QDir::toNativeSeparators(path), file.errorString());
    else if (taken == 0)
        trouble = tr("“%1” holds no recorded messages.").arg(QDir::toNativeSeparators(path));
    QMetaObject::invokeMethod(this, [this, trouble, skipped] { emit ended(trouble, skipped); });
}

void MessageReader::hand(Batch batch, int percent) {
    m_room.acquire();
    if (m_mustEnd || batch->empty()) return m_room.release();
    QMetaObject::invokeMethod(this, [this, batch, percent] {
        m_room.release();
        emit came(*batch, percent);
    });
}

}  // namespace meerkat::ui
