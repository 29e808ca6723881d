// Station: the page about what was asked: the log as it happens, what the visitor's program sent, and the ways out of it. In server_page; shows one request_log
// through request_filter.
#pragma once

#include "ui/models/request_export.h"
#include "ui/models/request_filter.h"
#include "ui/server_tab.h"

#include <QPointer>

class QComboBox;
class QLabel;
class QPlainTextEdit;

namespace meerkat::ui {

class ActionButton;
class DataTable;
class ElidedLabel;
class FilterField;

class RequestsPage : public ServerTab {
    Q_OBJECT
  public:
    explicit RequestsPage(QWidget *parent = nullptr);

    QString title() const override { return tr("&Requests"); }
    HelpTopic helpTopic() const override { return HelpTopic::Requests; }
    void setClient(app::EngineClient *client) override;
    bool focusFilter() override;
    // What the filter leaves, in the order shown.
    void saveTo(const QString &path, LogFormat format);

  private:
    void nameParts();
    void build();
    void connectParts();
    void showMenu(const QPoint &position);
    void arrangeColumns();
    void explain();
    void showDetails();
    void copyAsCurl();
    void choosePlace();
    const app::RequestRecord *current() const;
    QString origin() const;

    QPointer<app::EngineClient> m_client;
    RequestFilter m_rows;
    QLabel *m_count;
    FilterField *m_filter;
    QComboBox *m_method;
    QComboBox *m_status;
    ActionButton *m_visitor;  // gives the visitor up who alone is shown
    ActionButton *m_pause;
    ActionButton *m_save;
    DataTable *m_table;
    QWidget *m_detailsCard;  // of the request that is chosen
    ElidedLabel *m_facts;
    ActionButton *m_curl;
    QPlainTextEdit *m_details;
    bool m_hasColumns = false;
    bool m_isAtEnd = true;  // the newest is followed
};

}  // namespace meerkat::ui
