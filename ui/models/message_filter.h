// Station: which WebSocket messages are wanted. From the WebSocket page, to message_model.
#pragma once

#include "ui/models/message_log.h"

#include <QByteArray>
#include <QString>

namespace meerkat::ui {

enum class MessageWay { Both, Received, Sent };
enum class MessageSort { All, Text, Binary, PingPong, OpenClose };

struct MessageFilter {
    QString text;  // in the payload; case does not matter
    MessageWay way = MessageWay::Both;
    MessageSort sort = MessageSort::All;
    quint64 connectionId = 0;  // 0: of everybody

    bool isEmpty() const { return *this == MessageFilter{}; }
    bool operator==(const MessageFilter &) const = default;
};

// Made once for many messages.
class MessageMatcher {
  public:
    explicit MessageMatcher(const MessageFilter &filter);
    bool accepts(const Message &message) const;

  private:
    bool hasText(std::string_view payload) const;

    MessageFilter m_filter;
    QByteArray m_lower;  // the text where it is ASCII alone: then bytes are compared
};

}  // namespace meerkat::ui
