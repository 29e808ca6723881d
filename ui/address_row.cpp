#include "ui/address_row.h"

#include "ui/theme.h"
#include "ui/widgets/copy_button.h"
#include "ui/widgets/link_label.h"

#include <QDesktopServices>
#include <QHBoxLayout>
#include <QLabel>
#include <QUrl>

namespace meerkat::ui {

bool openInBrowser(const QString &url) { return QDesktopServices::openUrl(QUrl(url)); }

QString noBrowserText(const QString &url) {
    return AddressRow::tr("No browser was found here. Copy the address and open it where there is one: %1").arg(url);
}

AddressRow::AddressRow(Rank rank, const QString &name, QWidget *parent)
    : QWidget(parent), m_rank(rank), m_link(new LinkLabel(this)), m_network(new QLabel(this)),
      m_copy(new CopyButton(rank == Rank::First ? ActionButton::Look::Plain : ActionButton::Look::Quiet, this)),
      m_open(new ActionButton(ActionButton::Look::Plain, QStringLiteral("open"), tr("&Open"), this)) {
    m_link->setObjectName(name + QStringLiteral("Link"));
    m_link->setToolTip(tr("Open in the browser"));
    m_copy->setObjectName(name + QStringLiteral("Copy"));
    m_open->setObjectName(name + QStringLiteral("Open"));
    m_open->setToolTip(tr("Open in the browser"));
    makeMuted(*m_network);
    if (rank == Rank::First) {
        QFont larger = font();
        larger.setPointSizeF(larger.pointSizeF() * 1.15);
        m_link->setFont(headingFont(larger));
    } else {
        m_open->hide();
        setCompact(true);
    }

    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kGrid);
    row->addWidget(m_link);
    row->addWidget(m_network);
    row->addWidget(m_copy);
    row->addWidget(m_open);
    row->addStretch();
    connect(m_link, &LinkLabel::clicked, this, &AddressRow::open);
    connect(m_open, &ActionButton::clicked, this, &AddressRow::open);
}

void AddressRow::setAddress(const ShareAddress &address, bool namesNetwork) {
    m_url = address.url;
    m_link->setText(address.url);
    m_link->setAccessibleName(tr("Address %1").arg(address.url));
    m_link->updateGeometry();
    m_copy->setContent(address.url);
    m_copy->setAccessibleName(tr("Copy the address %1").arg(address.url));
    m_open->setAccessibleName(tr("Open %1 in the browser").arg(address.url));
    m_network->setText(address.network);
    m_namesNetwork = namesNetwork && !address.network.isEmpty();
    showNetwork();
}

void AddressRow::setCompact(bool compact) {
    m_copy->setCompact(compact);
    m_open->setCompact(compact);
    m_isCompact = compact;
    showNetwork();
    if (!layout()) return;
    layout()->invalidate();  // who measures now must not get the width of before
    updateGeometry();
}

void AddressRow::showNetwork() { m_network->setVisible(m_namesNetwork && (m_rank == Rank::Other || !m_isCompact)); }

void AddressRow::open() {
    if (!openInBrowser(m_url)) emit noBrowserFound(m_url);
}

}  // namespace meerkat::ui
