#include "ui/websocket_list.h"

#include "ui/theme.h"
#include "ui/two_line_delegate.h"
#include "ui/widgets/card.h"

#include <QAction>
#include <QComboBox>
#include <QListView>
#include <QMenu>
#include <QPainter>
#include <QVBoxLayout>

namespace meerkat::ui {
namespace {

class Delegate : public TwoLineDelegate {
  public:
    using TwoLineDelegate::TwoLineDelegate;

  protected:
    Lines linesOf(const QModelIndex &index, const QPalette &palette) const override {
        Lines lines;
        lines.first = index.data().toString();
        lines.second = index.data(WebSocketListModel::DetailRole).toString();
        lines.secondElide = Qt::ElideRight;
        if (!index.data(WebSocketListModel::OpenRole).toBool()) lines.firstColour = mutedTextColour(palette);
        return lines;
    }
    // A full dot is open, a ring is not: the shape tells it too.
    void paintMark(QPainter &painter, const QRectF &square, const QModelIndex &index, const QPalette &palette) const override {
        const bool isOpen = index.data(WebSocketListModel::OpenRole).toBool();
        const QColor tone = isOpen ? accentColour(palette) : mutedTextColour(palette);
        QRectF dot(0, 0, 8, 8);
        dot.moveCenter(square.center());
        painter.setPen(QPen(tone, 2));
        painter.setBrush(isOpen ? QBrush(tone) : QBrush(Qt::NoBrush));
        painter.drawEllipse(dot);
    }
};

}  // namespace

WebSocketList::WebSocketList(QWidget *parent) : QWidget(parent), m_view(new QListView(this)), m_chooser(new QComboBox(this)) {
    m_view->setObjectName(QStringLiteral("webSockets"));
    m_view->setAccessibleName(tr("WebSockets"));
    m_view->setModel(&m_model);
    m_view->setItemDelegate(new Delegate(m_view));
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_view->setUniformItemSizes(true);
    m_view->setMouseTracking(true);
    m_view->setContextMenuPolicy(Qt::CustomContextMenu);
    makeCardSurface(*m_view);
    m_chooser->setObjectName(QStringLiteral("webSocketChooser"));
    m_chooser->setAccessibleName(tr("WebSockets"));
    m_chooser->setModel(&m_model);
    m_chooser->setMinimumHeight(4 * kGrid);
    m_chooser->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_chooser->setMinimumContentsLength(10);
    m_chooser->hide();

    auto *card = new Card(this);
    auto *frame = new QVBoxLayout(card);
    frame->setContentsMargins(2, kGrid / 2, 2, kGrid / 2);
    frame->addWidget(m_view);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(card);
    setMinimumWidth(20 * kGrid);

    connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this, [this](const QModelIndex &current) {
        if (current.isValid()) choose(m_model.idOf(current.row()));
    });
    connect(m_chooser, &QComboBox::activated, this, [this](int row) { choose(m_model.idOf(row)); });
    connect(m_view, &QWidget::customContextMenuRequested, this, &WebSocketList::showMenu);
    m_view->setCurrentIndex(m_model.index(0));
}

void WebSocketList::update(const std::vector<app::ConnectionRow> &connections) {
    m_model.update(connections);
    if (m_model.rowOf(m_chosen) < 0) choose(0);
    if (m_chooser->currentIndex() < 0) m_chooser->setCurrentIndex(m_model.rowOf(m_chosen));
}

void WebSocketList::clear() {
    m_model.clear();
    choose(0);
}

void WebSocketList::choose(quint64 id) {
    const int row = m_model.rowOf(id);
    m_chooser->setCurrentIndex(row);
    m_view->setCurrentIndex(m_model.index(row));
    if (id == m_chosen) return;
    m_chosen = id;
    m_model.setChosen(id);
    emit chosenChanged();
}

QString WebSocketList::chosenName() const {
    return m_chosen == 0 ? tr("everybody") : m_model.index(m_model.rowOf(m_chosen)).data().toString();
}

bool WebSocketList::isThere() const { return m_chosen == 0 ? m_model.openCount() > 0 : m_model.isOpen(m_chosen); }

void WebSocketList::showMenu(const QPoint &position) {
    const QModelIndex index = m_view->indexAt(position);
    if (!index.isValid() || !index.data(WebSocketListModel::OpenRole).toBool()) return;
    const quint64 id = m_model.idOf(index.row());
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    QAction *close = menu->addAction(actionIcon(QStringLiteral("close")), id == 0 ? tr("&Close all") : tr("&Close this one"));
    connect(close, &QAction::triggered, this, [this, id] { emit closeWanted(id); });
    menu->popup(m_view->viewport()->mapToGlobal(position));
}

}  // namespace meerkat::ui
