// Station: the names of pages in a row, the current one underlined in the accent. In server_page.
#pragma once

#include <QTabBar>

namespace meerkat::ui {

class TabRow : public QTabBar {
    Q_OBJECT
  public:
    explicit TabRow(QWidget *parent = nullptr);

  protected:
    QSize tabSizeHint(int index) const override;
    QSize minimumTabSizeHint(int index) const override { return tabSizeHint(index); }
    void paintEvent(QPaintEvent *event) override;

  private:
    void paintTab(QPainter &painter, int index) const;
};

}  // namespace meerkat::ui
