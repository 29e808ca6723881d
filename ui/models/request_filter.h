// Station: which requests are shown, and in which order. From request_log, to the Requests page.
#pragma once

#include <QSortFilterProxyModel>

namespace meerkat::ui {

class RequestLog;

class RequestFilter : public QSortFilterProxyModel {
    Q_OBJECT
  public:
    explicit RequestFilter(QObject *parent = nullptr);

    void setLog(RequestLog *log);  // null: no rows
    RequestLog *log() const { return m_log; }

    // Every word has to be in the client, the user, the request, the status or a header; case does not matter.
    void setText(const QString &text);
    // The hundreds of the status: 2 for 200 to 299; 0: any.
    void setStatusClass(int hundreds);
    // "GET"; empty: any.
    void setMethod(const QString &method);
    // Of one visitor; empty: all.
    void setClient(const QString &address);
    bool isFiltering() const { return !m_words.isEmpty() || m_statusClass != 0 || !m_method.isEmpty() || !m_client.isEmpty(); }
    QString client() const { return m_client; }

  protected:
    bool filterAcceptsRow(int sourceRow, const QModelIndex &sourceParent) const override;
    bool lessThan(const QModelIndex &left, const QModelIndex &right) const override;

  private:
    RequestLog *m_log = nullptr;
    QStringList m_words;
    int m_statusClass = 0;
    QString m_method;
    QString m_client;
};

}  // namespace meerkat::ui
