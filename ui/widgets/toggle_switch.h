// Station: the big switch of a server page: a check box that looks like a switch and says its state in a word.
#pragma once

#include <QCheckBox>
#include <QVariantAnimation>

namespace meerkat::ui {

class ToggleSwitch : public QCheckBox {
    Q_OBJECT
  public:
    explicit ToggleSwitch(QWidget *parent = nullptr);

    // The word inside, for both positions; the wider one gives the width.
    void setWords(const QString &on, const QString &off);
    // The word while there is trouble, with a sign and in the trouble's colour, whichever the position.
    void setTroubleWord(const QString &word);
    void setTrouble(bool isTrouble);
    // On its way: the word differs from the position and the accent waits.
    void setBusyWord(const QString &word);
    // The one that is shown.
    QString word() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

  protected:
    void paintEvent(QPaintEvent *event) override;
    bool hitButton(const QPoint &position) const override;
    void showEvent(QShowEvent *event) override;

  private:
    void moveKnob();
    void paintBody(QPainter &painter) const;
    void paintKnob(QPainter &painter, const QRectF &place) const;
    QColor ink() const;

    QString m_onWord;
    QString m_offWord;
    QString m_busyWord;
    QString m_troubleWord;
    bool m_isTrouble = false;
    qreal m_knob = 0;  // 0 off, 1 on
    QVariantAnimation m_animation;
};

}  // namespace meerkat::ui
