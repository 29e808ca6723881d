// Station: the field above a table that leaves the rows with certain words: a magnifier, a way to clear it, and the words of its tooltip. Escape clears it.
#pragma once

#include <QLineEdit>

namespace meerkat::ui {

class FilterField : public QLineEdit {
    Q_OBJECT
  public:
    explicit FilterField(QWidget *parent = nullptr);

    // By Ctrl+F: what stands in it is replaced by what is typed next.
    void takeFocus();

  protected:
    void keyPressEvent(QKeyEvent *event) override;
};

}  // namespace meerkat::ui
