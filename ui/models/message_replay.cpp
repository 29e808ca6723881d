#include "ui/models/message_replay.h"

#include <algorithm>

namespace meerkat::ui {

namespace {

constexpr int kMostAtOnce = 32;  // commands; the engine has room for some more
constexpr int kPauseMs = 10;
constexpr qint64 kLongestWaitMs = 1000;

bool canBeSent(const app::MessageRecord &record) {
    using app::MessageKind;
    const bool isSendable =
        record.kind == MessageKind::Text || record.kind == MessageKind::Binary || record.kind == MessageKind::Ping;
    return isSendable && record.payload.size() == record.payloadBytes;
}

}  // namespace

MessageReplay::MessageReplay(QObject *parent) : QObject(parent) {
    m_timer.setSingleShot(true);
    m_timer.setTimerType(Qt::PreciseTimer);
    connect(&m_timer, &QTimer::timeout, this, &MessageReplay::sendDue);
}

void MessageReplay::start(std::vector<app::MessageRecord> messages, double speed) {
    std::erase_if(messages, [](const auto &record) { return !canBeSent(record); });
    m_messages = std::move(messages);
    m_next = 0;
    m_speed = speed;
    m_clock.start();
    m_timer.start(0);
    emit changed();
}

void MessageReplay::stop() {
    m_timer.stop();
    m_messages.clear();
    m_next = 0;
    emit changed();
}

void MessageReplay::sendDue() {
    const auto dueMs = [this](std::size_t place) {
        const auto sinceFirst = std::max<qint64>(0, m_messages[place].atMs - m_messages.front().atMs);
        return m_speed > 0 ? static_cast<qint64>(static_cast<double>(sinceFirst) / m_speed) : 0;
    };
    int sent = 0;
    while (isRunning() && sent < kMostAtOnce && dueMs(m_next) <= m_clock.elapsed()) {
        ++sent;
        emit due(m_messages[m_next++]);
    }
    emit changed();
    if (!isRunning()) return;
    const qint64 wait = dueMs(m_next) - m_clock.elapsed();
    m_timer.start(static_cast<int>(sent == kMostAtOnce ? kPauseMs : std::clamp<qint64>(wait, 0, kLongestWaitMs)));
}

}  // namespace meerkat::ui
