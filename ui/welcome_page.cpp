#include "ui/welcome_page.h"

#include "ui/theme.h"
#include "ui/two_line_delegate.h"
#include "ui/widgets/drop_area.h"

#include <QLabel>
#include <QListView>
#include <QVBoxLayout>

#include <algorithm>

namespace meerkat::ui {
namespace {

constexpr int kWidestColumn = 80 * kGrid;
constexpr int kTallestDropArea = 52 * kGrid;
constexpr int kMostRowsShown = 4;

// A vanished folder stays, so that a person sees what is missing, but in words and without a way in.
class RecentDelegate : public TwoLineDelegate {
  public:
    using TwoLineDelegate::TwoLineDelegate;

  protected:
    Lines linesOf(const QModelIndex &index, const QPalette &palette) const override {
        const auto presence = static_cast<RecentFolders::Presence>(index.data(RecentFolders::PresenceRole).toInt());
        const bool vanished = presence == RecentFolders::Presence::Vanished;
        Lines lines;
        lines.first = index.data().toString();
        lines.second = index.data(RecentFolders::PathRole).toString();
        lines.trailing = vanished ? WelcomePage::tr("not there now") : QString();
        lines.icon = vanished ? actionIcon(QStringLiteral("warning")) : actionIcon(QStringLiteral("folder"));
        if (vanished) lines.firstColour = mutedTextColour(palette);
        return lines;
    }
};

}  // namespace

WelcomePage::WelcomePage(QWidget *parent)
    : QWidget(parent), m_dropArea(new DropArea(this)), m_recentTitle(new QLabel(tr("&Served before"), this)),
      m_recentList(new QListView(this)) {
    m_recentTitle->setFont(headingFont(font()));
    m_recentTitle->setBuddy(m_recentList);
    m_recentList->setObjectName(QStringLiteral("recentFolders"));
    m_recentList->setAccessibleName(tr("Folders served before"));
    m_recentList->setModel(&m_recent);
    m_recentList->setItemDelegate(new RecentDelegate(m_recentList));
    m_recentList->setFrameShape(QFrame::NoFrame);
    m_recentList->viewport()->setAutoFillBackground(false);
    m_recentList->setMouseTracking(true);
    m_recentList->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);

    auto *column = new QVBoxLayout;
    column->setSpacing(kGrid);
    column->addWidget(m_dropArea, 1);
    column->addSpacing(kGrid);
    column->addWidget(m_recentTitle);
    column->addWidget(m_recentList);
    auto *page = new QHBoxLayout(this);
    page->setContentsMargins(3 * kGrid, 3 * kGrid, 3 * kGrid, kGrid);
    page->addStretch();
    page->addLayout(column, 1);
    page->addStretch();
    m_dropArea->setMaximumSize(kWidestColumn, kTallestDropArea);
    m_recentList->setMaximumWidth(kWidestColumn);

    connect(m_dropArea, &DropArea::chooseWanted, this, &WelcomePage::chooseWanted);
    connect(m_recentList, &QListView::activated, this, &WelcomePage::open);
    connect(m_recentList, &QListView::clicked, this, &WelcomePage::open);
}

void WelcomePage::setRecentFolders(const QStringList &folders) {
    m_recent.setFolders(folders);
    const int shown = std::min(m_recent.rowCount(), kMostRowsShown);
    const int rowHeight = shown == 0 ? 0 : m_recentList->sizeHintForRow(0);
    m_recentList->setFixedHeight(shown * rowHeight);
    m_recentTitle->setVisible(shown > 0);
    m_recentList->setVisible(shown > 0);
}

void WelcomePage::setHighlighted(bool highlighted) { m_dropArea->setHighlighted(highlighted); }

void WelcomePage::showEvent(QShowEvent *event) {
    m_recent.check();
    QWidget::showEvent(event);
}

void WelcomePage::open(const QModelIndex &index) {
    const auto presence = static_cast<RecentFolders::Presence>(index.data(RecentFolders::PresenceRole).toInt());
    if (presence != RecentFolders::Presence::Vanished) emit folderWanted(index.data(RecentFolders::PathRole).toString());
}

}  // namespace meerkat::ui
