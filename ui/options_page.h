// Station: everything the engine can be told about one folder, by groups. In server_page; built from option_catalog, changes go through option_editing.
#pragma once

#include "ui/models/option_editing.h"
#include "ui/server_tab.h"

#include <QTimer>

class QLabel;
class QScrollArea;
class QVBoxLayout;

namespace meerkat::ui {

class ActionButton;
class FilterField;
class OptionRow;

class OptionsPage : public ServerTab {
    Q_OBJECT
  public:
    explicit OptionsPage(QWidget *parent = nullptr);

    QString title() const override { return tr("&Options"); }
    HelpTopic helpTopic() const override { return HelpTopic::Options; }
    void setClient(app::EngineClient *client) override;
    bool focusFilter() override;
    void importFrom(const QString &path);
    void exportTo(const QString &path);

  protected:
    void showEvent(QShowEvent *event) override;

  private:
    struct Group {
        QWidget *heading;
        QWidget *card;
        QVector<OptionRow *> rows;
        QVector<const app::OptionFact *> facts;
    };

    void build();
    void buildNextGroup();
    void addRow(Group &group, const app::OptionFact &fact);
    void refresh(const QString &name);
    void applyFilter();
    void explain();
    void choosePlace(bool isImport);

    OptionEditing m_editing;
    FilterField *m_filter;
    QLabel *m_count;
    ActionButton *m_more;  // what is done with all of them
    QAction *m_resetAll = nullptr;
    QScrollArea *m_scroll;
    QVBoxLayout *m_list;
    QLabel *m_empty;
    QVector<Group> m_groups;
    std::size_t m_built = 0;  // of the facts
    QTimer m_building;        // a group at a time: all at once would be a moment without an answer
    QHash<QString, OptionRow *> m_rows;
};

}  // namespace meerkat::ui
