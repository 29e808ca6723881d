// Station: the messages of WebSockets, with what finds one among many. In the WebSocket page.
#pragma once

#include "ui/models/message_model.h"

#include <QHash>
#include <QWidget>

class QComboBox;
class QHBoxLayout;
class QLabel;
class QLineEdit;
class QTableView;

namespace meerkat::ui {

class MessageTable : public QWidget {
    Q_OBJECT
  public:
    explicit MessageTable(QWidget *parent = nullptr);

    void setLog(MessageLog *log);
    // Only the messages of this one; 0: of all.
    void setConnection(quint64 id);
    // Said with the count: messages that could not be kept up with.
    void setDropped(quint64 dropped);
    // What stands in an empty table that no filter has emptied.
    void setEmptyText(const QString &text);

    const MessageModel &model() const { return m_model; }
    std::optional<Message> current() const;
    QTableView &view() { return *m_view; }
    QHBoxLayout &head() { return *m_head; }  // for further buttons, at its end
    // The selected rows, a line each, columns divided by tabs; what Ctrl+C copies.
    QString selectedText() const;
    void focusFilter();

  signals:
    void currentChanged();

  protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

  private:
    void build();
    void buildFilter();
    void applyFilter();
    void refresh();
    int firstWidth(int column) const;
    void fitColumns();
    void keepPlace();
    void copySelection() const;
    QString countText() const;

    MessageModel m_model;
    QLineEdit *m_filter;
    QComboBox *m_way;
    QComboBox *m_sort;
    QLabel *m_count;
    QTableView *m_view;
    QLabel *m_empty;
    QHBoxLayout *m_head;
    QString m_emptyText;
    quint64 m_connection = 0;
    quint64 m_dropped = 0;
    bool m_isAtEnd = true;  // new messages are followed
    int m_placeBefore = 0;
    QHash<int, int> m_widths;  // of columns that are left out, as they are when shown
};

}  // namespace meerkat::ui
