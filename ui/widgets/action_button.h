// Station: a push button in the house style: a word, an icon, or both. One primary a page; quiet ones have no border until they are used.
#pragma once

#include <QPushButton>

namespace meerkat::ui {

class ActionButton : public QPushButton {
    Q_OBJECT
  public:
    enum class Look { Primary, Plain, Quiet };

    // `icon` is a name of resources/icons; it may be empty.
    ActionButton(Look look, const QString &icon, const QString &text, QWidget *parent = nullptr);

    void setIconName(const QString &icon);
    // Icon only; the word stays the accessible name and becomes the tooltip if there is none.
    void setCompact(bool compact);
    bool isCompact() const { return m_isCompact; }
    // Room for the widest of these words, so that nothing moves when the text changes.
    void reserveFor(const QStringList &words);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

  protected:
    void paintEvent(QPaintEvent *event) override;

  private:
    void paintSurface(QPainter &painter) const;
    QColor ink() const;

    Look m_look;
    bool m_isCompact = false;
    QStringList m_reserved;
};

}  // namespace meerkat::ui
