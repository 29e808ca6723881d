// Station: the large place on the welcome page that invites a folder; also a button. The drop itself is taken by the whole window.
#pragma once

#include <QWidget>

namespace meerkat::ui {

class ActionButton;

class DropArea : public QWidget {
    Q_OBJECT
  public:
    explicit DropArea(QWidget *parent = nullptr);

    void setHighlighted(bool highlighted);  // a folder hovers over the window

  signals:
    void chooseWanted();

  protected:
    void paintEvent(QPaintEvent *event) override;

  private:
    ActionButton *m_choose;
    bool m_isHighlighted = false;
};

}  // namespace meerkat::ui
