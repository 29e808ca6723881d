// Station: what covers a page while a folder hovers over the window. Takes no input.
#pragma once

#include <QWidget>

namespace meerkat::ui {

class DropOverlay : public QWidget {
    Q_OBJECT
  public:
    explicit DropOverlay(QWidget *page);  // covers the page, follows its size

  protected:
    bool eventFilter(QObject *page, QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
};

}  // namespace meerkat::ui
