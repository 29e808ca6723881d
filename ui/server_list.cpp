#include "ui/server_list.h"

#include "ui/models/server_list_model.h"
#include "ui/models/serving.h"
#include "ui/theme.h"
#include "ui/two_line_delegate.h"
#include "ui/widgets/action_button.h"

#include <QAction>
#include <QHBoxLayout>
#include <QListView>
#include <QMenu>
#include <QPainter>
#include <QVBoxLayout>

namespace meerkat::ui {
namespace {

constexpr int kWidth = 26 * kGrid;

// The marks differ in shape too: a full dot serves, a ring is stopped, a triangle is trouble.
class ServerDelegate : public TwoLineDelegate {
  public:
    using TwoLineDelegate::TwoLineDelegate;

  protected:
    Lines linesOf(const QModelIndex &index, const QPalette &palette) const override {
        const auto state = static_cast<app::ServingState>(index.data(ServerListModel::StateRole).toInt());
        const bool isTrouble = state == app::ServingState::Trouble;
        Lines lines;
        lines.first = index.data().toString();
        lines.second = index.data(ServerListModel::DetailRole).toString();
        lines.trailing = index.data(ServerListModel::RateRole).toString();
        if (isTrouble) lines.icon = troubleIcon(QStringLiteral("warning"));
        if (isTrouble) lines.secondElide = Qt::ElideRight;
        if (isTrouble) lines.secondColour = troubleColour(palette);
        return lines;
    }

    void paintMark(QPainter &painter, const QRectF &square, const QModelIndex &index, const QPalette &palette) const override {
        const auto state = static_cast<app::ServingState>(index.data(ServerListModel::StateRole).toInt());
        const bool isServing = state == app::ServingState::Serving;
        const QColor tone = isServing ? accentColour(palette) : mutedTextColour(palette);
        QRectF dot(0, 0, 10, 10);
        dot.moveCenter(square.center());
        painter.setPen(QPen(tone, 2));
        painter.setBrush(isServing ? QBrush(tone) : QBrush(Qt::NoBrush));
        painter.drawEllipse(dot);
    }
};

}  // namespace

ServerList::ServerList(ServerListModel &servers, QWidget *parent)
    : QWidget(parent), m_servers(servers), m_view(new QListView(this)),
      m_add(new ActionButton(ActionButton::Look::Quiet, QStringLiteral("add"), tr("&Add folder…"), this)),
      m_menuButton(new ActionButton(ActionButton::Look::Quiet, QStringLiteral("settings"), {}, this)), m_menu(new QMenu(this)),
      m_remove(new QAction(tr("&Remove from the list"), this)) {
    setFixedWidth(kWidth);
    m_view->setObjectName(QStringLiteral("servers"));
    m_view->setAccessibleName(tr("Folders"));
    m_view->setModel(&servers);
    m_view->setItemDelegate(new ServerDelegate(m_view));
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->viewport()->setAutoFillBackground(false);
    m_view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_view->setMouseTracking(true);
    m_view->setSpacing(1);
    m_view->setContextMenuPolicy(Qt::CustomContextMenu);

    m_remove->setShortcut(QKeySequence::Delete);
    m_remove->setShortcutContext(Qt::WidgetShortcut);
    m_view->addAction(m_remove);

    m_add->setObjectName(QStringLiteral("addFolder"));
    m_add->setAccessibleName(tr("Add folder"));
    m_add->setToolTip(tr("Serve one more folder"));
    m_add->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_menuButton->setObjectName(QStringLiteral("mainMenu"));
    m_menuButton->setAccessibleName(tr("Menu"));
    m_menuButton->setToolTip(tr("Menu"));
    connect(m_menuButton, &ActionButton::clicked, this,
            [this] { m_menu->popup(m_menuButton->mapToGlobal(QPoint(0, -m_menu->sizeHint().height()))); });

    auto *foot = new QHBoxLayout;
    foot->setSpacing(kGrid / 2);
    foot->addWidget(m_add);
    foot->addWidget(m_menuButton);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(kGrid, kGrid, kGrid, kGrid);
    column->setSpacing(kGrid);
    column->addWidget(m_view, 1);
    column->addLayout(foot);

    connect(m_add, &ActionButton::clicked, this, &ServerList::addWanted);
    connect(m_remove, &QAction::triggered, this, [this] { emit removeWanted(currentRow()); });
    connect(m_view, &QWidget::customContextMenuRequested, this, &ServerList::showMenu);
    connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex &current) { emit currentRowChanged(current.isValid() ? current.row() : -1); });
    connect(m_view->selectionModel(), &QItemSelectionModel::selectionChanged, this, &ServerList::holdTogether,
            Qt::QueuedConnection);
}

int ServerList::currentRow() const {
    const QModelIndex current = m_view->currentIndex();
    return current.isValid() ? current.row() : -1;
}

// What is highlighted is what the page shows and what Delete takes: assistive tools select without making current, Ctrl and a click unselect.
void ServerList::holdTogether() {
    const QModelIndexList selected = m_view->selectionModel()->selectedIndexes();
    const QModelIndex current = m_view->currentIndex();
    if (selected.isEmpty() && current.isValid())
        m_view->selectionModel()->select(current, QItemSelectionModel::Select);
    else if (!selected.isEmpty() && selected.first() != current)
        m_view->setCurrentIndex(selected.first());
}

void ServerList::setCurrentRow(int row) { m_view->setCurrentIndex(m_servers.index(row)); }

void ServerList::addMenuActions(const QList<QAction *> &actions) { m_menu->addActions(actions); }

void ServerList::showMenu(const QPoint &position) {
    const QModelIndex index = m_view->indexAt(position);
    if (!index.isValid()) return;
    m_view->setCurrentIndex(index);
    app::EngineClient *client = m_servers.client(index.row());
    const bool isOn = isSwitchedOn(*client);
    QMenu menu(this);
    const QAction *toggle =
        menu.addAction(actionIcon(isOn ? QStringLiteral("stop") : QStringLiteral("play")), isOn ? tr("&Stop") : tr("&Start"));
    menu.addSeparator();
    menu.addAction(m_remove);
    if (menu.exec(m_view->viewport()->mapToGlobal(position)) == toggle) setServing(*client, !isOn);
}

void ServerList::paintEvent(QPaintEvent *) {
    QPainter painter(this);
    painter.fillRect(rect(), sidebarColour(palette()));
    painter.setPen(hairlineColour(palette()));
    const int edge = isRightToLeft() ? 0 : width() - 1;
    painter.drawLine(edge, 0, edge, height());
}

}  // namespace meerkat::ui
