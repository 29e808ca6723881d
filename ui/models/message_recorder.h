// Station: the WebSocket messages of a served folder, as they come, -> a file. From engine_client through the WebSocket page, to message_writer.
#pragma once

#include "app/websocket_messages.h"

#include <QObject>

#include <memory>
#include <vector>

namespace meerkat::ui {

class MessageWriter;

class MessageRecorder : public QObject {
    Q_OBJECT
  public:
    explicit MessageRecorder(QObject *parent = nullptr);
    ~MessageRecorder() override;

    void start(const QString &path);
    void stop();  // what was taken is still written
    bool isRecording() const { return m_isRecording; }
    int count() const { return m_count; }
    const QString &path() const { return m_path; }

    void take(const std::vector<app::MessageRecord> &messages);

  signals:
    void changed();                        // isRecording or count
    void failed(const QString &sentence);  // the recording has ended for that

  private:
    std::unique_ptr<MessageWriter> m_writer;
    QString m_path;
    int m_count = 0;
    bool m_isRecording = false;
};

}  // namespace meerkat::ui
