#include "ui/models/message_filter.h"

#include <algorithm>

namespace meerkat::ui {

namespace {

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool isOfSort(app::MessageKind kind, MessageSort sort) {
    using app::MessageKind;
    switch (sort) {
    case MessageSort::All:
        return true;
    case MessageSort::Text:
        return kind == MessageKind::Text || kind == MessageKind::Continuation;
    case MessageSort::Binary:
        return kind == MessageKind::Binary || kind == MessageKind::Continuation;
    case MessageSort::PingPong:
        return kind == MessageKind::Ping || kind == MessageKind::Pong;
    case MessageSort::OpenClose:
        break;
    }
    return kind == MessageKind::Close || kind == MessageKind::Opened || kind == MessageKind::Lost;
}

}  // namespace

MessageMatcher::MessageMatcher(const MessageFilter &filter) : m_filter(filter) {
    const bool isAscii = std::all_of(filter.text.begin(), filter.text.end(), [](QChar c) { return c.unicode() < 128; });
    if (isAscii) m_lower = filter.text.toLower().toLatin1();
}

bool MessageMatcher::accepts(const Message &message) const {
    if (m_filter.connectionId != 0 && message.connectionId != m_filter.connectionId) return false;
    const bool isRightWay = app::isFrame(message.kind) && message.isOutgoing == (m_filter.way == MessageWay::Sent);
    if (m_filter.way != MessageWay::Both && !isRightWay) return false;
    return isOfSort(message.kind, m_filter.sort) && hasText(message.payload);
}

bool MessageMatcher::hasText(std::string_view payload) const {
    if (m_filter.text.isEmpty()) return true;
    if (m_lower.isEmpty())
        return QString::fromUtf8(payload.data(), static_cast<qsizetype>(payload.size()))
            .contains(m_filter.text, Qt::CaseInsensitive);
    const auto same = [](char a, char b) { return lower(a) == b; };
    return std::search(payload.begin(), payload.end(), m_lower.begin(), m_lower.end(), same) != payload.end();
}

}  // namespace meerkat::ui
