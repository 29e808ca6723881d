#include "ui/widgets/drop_area.h"

#include "ui/theme.h"
#include "ui/widgets/action_button.h"

#include <QLabel>
#include <QPainter>
#include <QVBoxLayout>

namespace meerkat::ui {
namespace {

constexpr int kPictureSize = 64;

QLabel *centred(const QString &text, QWidget *parent) {
    auto *label = new QLabel(text, parent);
    label->setAlignment(Qt::AlignCenter);
    label->setWordWrap(true);
    return label;
}

}  // namespace

DropArea::DropArea(QWidget *parent)
    : QWidget(parent),
      m_choose(new ActionButton(ActionButton::Look::Primary, QStringLiteral("folder"), tr("&Choose a folder…"), this)) {
    auto *picture = new QLabel(this);
    picture->setAlignment(Qt::AlignCenter);
    picture->setPixmap(pictureIcon(QStringLiteral("meerkat")).pixmap(kPictureSize));
    auto *title = centred(tr("Drop a folder here"), this);
    title->setFont(titleFont(font()));
    auto *explanation = centred(tr("Meerkat shows it in the browser of this computer, or of any device near you."), this);
    makeMuted(*explanation);

    m_choose->setObjectName(QStringLiteral("chooseFolder"));
    m_choose->setAccessibleName(tr("Choose a folder to serve"));
    connect(m_choose, &ActionButton::clicked, this, &DropArea::chooseWanted);

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(3 * kGrid, 3 * kGrid, 3 * kGrid, 3 * kGrid);
    column->setSpacing(kGrid);
    column->addStretch();
    column->addWidget(picture);
    column->addSpacing(kGrid);
    column->addWidget(title);
    column->addWidget(explanation);
    column->addSpacing(kGrid);
    column->addWidget(m_choose, 0, Qt::AlignHCenter);
    column->addStretch();
}

void DropArea::setHighlighted(bool highlighted) {
    if (highlighted == m_isHighlighted) return;
    m_isHighlighted = highlighted;
    update();
}

void DropArea::paintEvent(QPaintEvent *) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QColor accent = accentColour(palette());
    QPen dashes(m_isHighlighted ? accent : mixed(cardColour(palette()), palette().color(QPalette::WindowText), 0.4), 2,
                Qt::CustomDashLine, Qt::RoundCap);
    dashes.setDashPattern({4, 4});
    painter.setPen(dashes);
    painter.setBrush(m_isHighlighted ? mixed(cardColour(palette()), accent, 0.12) : cardColour(palette()));
    painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 2 * kGrid, 2 * kGrid);
}

}  // namespace meerkat::ui
