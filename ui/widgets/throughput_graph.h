// Station: what was sent in each second of the last minutes, as a line. In activity_panel.
#pragma once

#include "app/messages.h"

#include <QWidget>

namespace meerkat::ui {

class ThroughputGraph : public QWidget {
    Q_OBJECT
  public:
    static constexpr int kSeconds = 300;

    explicit ThroughputGraph(QWidget *parent = nullptr);

    // `nowSecond` of the same clock. Seconds that are not named had nothing.
    void showTraffic(const std::vector<app::SecondOfTraffic> &seconds, std::int64_t nowSecond);
    quint64 highest() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

  protected:
    void paintEvent(QPaintEvent *event) override;

  private:
    QVector<quint64> m_bytes;  // oldest first
};

}  // namespace meerkat::ui
