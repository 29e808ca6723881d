// Station: one option: what people call it, its name, its value to change, what it does, and why a value was not taken. In options_page; decides nothing.
#pragma once

#include "app/option_catalog.h"

#include <QWidget>

class QAbstractButton;
class QCheckBox;
class QComboBox;
class QHBoxLayout;
class QLabel;
class QLineEdit;

namespace meerkat::ui {

class ActionButton;

class OptionRow : public QWidget {
    Q_OBJECT
  public:
    explicit OptionRow(const app::OptionFact &fact, QWidget *parent = nullptr);

    QString name() const { return m_name; }
    // What is shown; does not emit edited(). With a complaint what the person wrote stays, so that it can be mended.
    void showValue(const QString &value, bool isChanged, const QString &complaint);

  signals:
    void edited(const QString &value);
    void resetWanted();

  protected:
    void paintEvent(QPaintEvent *event) override;

  private:
    void build(const app::OptionFact &fact);
    void makeEditor(const app::OptionFact &fact, QHBoxLayout &line);
    void makeField(const app::OptionFact &fact, QHBoxLayout &line);
    void browse(bool isFolder);

    QString m_name;
    QString m_label;
    bool m_isMarked = false;
    QCheckBox *m_check = nullptr;  // one of these three
    QComboBox *m_choice = nullptr;
    QLineEdit *m_field = nullptr;
    ActionButton *m_reset;
    QLabel *m_complaint;
};

}  // namespace meerkat::ui
