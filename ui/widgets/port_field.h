// Station: the port, shown and editable. What can't be used stays visible with its reason while the old one keeps working.
#pragma once

#include <QWidget>

class QLabel;
class QLineEdit;

namespace meerkat::ui {

class PortField : public QWidget {
    Q_OBJECT
  public:
    explicit PortField(QWidget *parent = nullptr);
    ~PortField() override;

    // Another folder is shown: what was typed or refused was not about it.
    void forget();

    // `port` 0: none yet. Leaves what a person is typing alone.
    void setPort(quint16 port, bool wasChosen);
    // What is in use was accepted just now: a refusal from before is over.
    void settle();
    // The choice was refused: says why, the typed text stays until the next one. `outcome`: what is true instead; left out, that
    // the port stays.
    void refuse(const QString &reason, quint16 offeredPort = 0, const QString &outcome = {});
    // Leaves the note out.
    void setCompact(bool compact);
    QLineEdit *edit() const { return m_edit; }
    // The sentence of a refusal, hidden without one. Its owner places it where there is room for a line.
    QLabel *reason() const { return m_reason; }

  signals:
    void chosen(quint16 port);
    void choiceForgotten();

  protected:
    void changeEvent(QEvent *event) override;

  private:
    void showNote();
    void showRefusal();
    void revert();
    void take();
    void accept();

    QLineEdit *m_edit;
    QLabel *m_note;
    QLabel *m_reason;
    quint16 m_port = 0;
    QString m_refusal;
    QString m_outcome;          // with the refusal
    quint16 m_offeredPort = 0;  // with the refusal; 0: none
    bool m_wasChosen = false;
    bool m_isCompact = false;
    bool m_isRefused = false;
    bool m_isAwaited = false;  // chosen, not yet in use
};

}  // namespace meerkat::ui
