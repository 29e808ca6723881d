#include "ui/models/message_log.h"

#include <algorithm>

namespace meerkat::ui {

namespace {

constexpr std::size_t kBlockBytes = 256 * 1024;
// Of the limit, what goes at once where there is no room: a view hears of it now and then instead of with each message.
constexpr std::size_t kStep = 64;

}  // namespace

app::MessageRecord Message::record() const {
    app::MessageRecord record;
    record.atMs = atMs;
    record.connectionId = connectionId;
    record.kind = kind;
    record.isOutgoing = isOutgoing;
    record.closeCode = closeCode;
    record.payloadBytes = payloadBytes;
    record.wireBytes = wireBytes;
    record.payload = payload;
    return record;
}

void MessageLog::setLimit(std::size_t bytes) {
    m_limit = bytes;
    makeRoom(0);
}

void MessageLog::append(const std::vector<app::MessageRecord> &records) {
    // Of more than can be kept, the end.
    std::size_t bytes = 0;
    auto first = records.end();
    while (first != records.begin() && bytes + costOf(*(first - 1)) <= m_limit) bytes += costOf(*--first);
    const auto count = static_cast<int>(records.end() - first);
    makeRoom(bytes);
    m_firstNumber += m_entries.empty() ? static_cast<quint64>(first - records.begin()) : 0;
    if (count == 0) return;
    emit aboutToAppend(count);
    for (; first != records.end(); ++first) add(*first);
    emit appended();
}

void MessageLog::add(const app::MessageRecord &record) {
    const std::string &payload = record.payload;
    if (m_blocks.empty() || m_blocks.back().size() + payload.size() > m_blocks.back().capacity()) {
        m_blocks.emplace_back();
        m_blocks.back().reserve(std::max(kBlockBytes, payload.size()));
    }
    std::vector<char> &block = m_blocks.back();
    m_entries.push_back({record.atMs, record.connectionId, record.payloadBytes, record.wireBytes,
                         m_firstBlock + static_cast<quint32>(m_blocks.size() - 1), static_cast<quint32>(block.size()),
                         static_cast<quint32>(payload.size()), record.closeCode, record.kind, record.isOutgoing});
    block.insert(block.end(), payload.begin(), payload.end());
    m_bytes += costOf(record);
}

void MessageLog::makeRoom(std::size_t bytes) {
    if (m_bytes + bytes <= m_limit) return;
    const std::size_t wanted = bytes + m_limit / kStep;  // free in the end
    std::size_t freed = 0;
    std::size_t count = 0;
    for (; count < m_entries.size() && m_bytes - freed + wanted > m_limit; ++count)
        freed += sizeof(Entry) + m_entries[count].keptBytes;
    forget(static_cast<int>(count));
}

void MessageLog::forget(int count) {
    if (count == 0) return;
    emit aboutToForget(count);
    for (int i = 0; i < count; ++i) {
        m_bytes -= sizeof(Entry) + m_entries.front().keptBytes;
        m_entries.pop_front();
    }
    m_firstNumber += static_cast<quint64>(count);
    const quint32 firstUsed = m_entries.empty() ? m_firstBlock + static_cast<quint32>(m_blocks.size()) : m_entries.front().block;
    while (m_firstBlock != firstUsed) {
        m_blocks.pop_front();
        ++m_firstBlock;
    }
    emit forgot();
}

void MessageLog::clear() { forget(size()); }

Message MessageLog::at(int place) const {
    const Entry &entry = m_entries[static_cast<std::size_t>(place)];
    const std::vector<char> &block = m_blocks[entry.block - m_firstBlock];
    Message message;
    message.number = m_firstNumber + static_cast<quint64>(place);
    message.atMs = entry.atMs;
    message.connectionId = entry.connectionId;
    message.kind = entry.kind;
    message.isOutgoing = entry.isOutgoing;
    message.closeCode = entry.closeCode;
    message.payloadBytes = entry.payloadBytes;
    message.wireBytes = entry.wireBytes;
    message.payload = {block.data() + entry.offset, entry.keptBytes};
    return message;
}

std::optional<Message> MessageLog::find(quint64 number) const {
    if (number < m_firstNumber || number >= endNumber()) return std::nullopt;
    return at(static_cast<int>(number - m_firstNumber));
}

}  // namespace meerkat::ui
