// Station: one sentence across the page, with a way on as a button. Says trouble (an icon and a red edge) or news (undo).
#pragma once

#include <QTimer>
#include <QWidget>

class QBoxLayout;
class QHBoxLayout;
class QLabel;

namespace meerkat::ui {

class ActionButton;

class NoticeBar : public QWidget {
    Q_OBJECT
  public:
    enum class Kind { News, Trouble };

    explicit NoticeBar(Kind kind, QWidget *parent = nullptr);

    // Empty texts leave their button out.
    void say(const QString &sentence, const QString &action = {}, const QString &secondAction = {});
    // Hides itself after a while; a pointer on it or the focus inside keeps it.
    void sayForAWhile(const QString &sentence, const QString &action = {});
    QString sentence() const;
    QSize minimumSizeHint() const override;

  signals:
    void actionTaken();
    void secondActionTaken();

  protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

  private:
    void fit();
    void hideUnlessUsed();

    Kind m_kind;
    QLabel *m_icon;
    QLabel *m_sentence;
    ActionButton *m_action;
    ActionButton *m_secondAction;
    ActionButton *m_close;
    QBoxLayout *m_body;  // the sentence and, beside or below it, the buttons
    QHBoxLayout *m_buttons;
    QTimer m_expiry;
};

}  // namespace meerkat::ui
