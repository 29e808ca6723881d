// Station: gives a page the room it needs where the window has less, and scrolls it. In main_window, around each page.
#pragma once

#include <QScrollArea>

namespace meerkat::ui {

// Unlike a plain QScrollArea the page first shrinks to the least it can be read at, for its width; only then it scrolls.
class PageScroll : public QScrollArea {
    Q_OBJECT
  public:
    // Takes the page over; its layout says how small it may be.
    explicit PageScroll(QWidget *page, QWidget *parent = nullptr);

    QSize minimumSizeHint() const override;

  protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

  private:
    void fitPage();
};

}  // namespace meerkat::ui
