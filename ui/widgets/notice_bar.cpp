#include "ui/widgets/notice_bar.h"

#include "ui/theme.h"
#include "ui/widgets/action_button.h"

#include <QAccessible>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>

#include <algorithm>

namespace meerkat::ui {
namespace {

constexpr int kExpiryMs = 10000;
constexpr int kIconSize = 16;
constexpr int kEdge = 4;
constexpr int kLeastCharacters = 32;  // of a sentence beside its buttons

}  // namespace

NoticeBar::NoticeBar(Kind kind, QWidget *parent)
    : QWidget(parent), m_kind(kind), m_icon(new QLabel(this)), m_sentence(new QLabel(this)),
      m_action(new ActionButton(ActionButton::Look::Plain, {}, {}, this)),
      m_secondAction(new ActionButton(ActionButton::Look::Plain, {}, {}, this)),
      m_close(new ActionButton(ActionButton::Look::Quiet, QStringLiteral("close"), {}, this)),
      m_body(new QBoxLayout(QBoxLayout::LeftToRight)), m_buttons(new QHBoxLayout) {
    const bool isTrouble = kind == Kind::Trouble;
    m_sentence->setObjectName(QStringLiteral("noticeSentence"));
    m_sentence->setTextFormat(Qt::PlainText);
    m_sentence->setWordWrap(true);
    alignToReading(*m_sentence);
    m_sentence->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_action->setObjectName(QStringLiteral("noticeAction"));
    m_secondAction->setObjectName(QStringLiteral("noticeSecondAction"));
    m_close->setObjectName(QStringLiteral("noticeClose"));
    m_close->setAccessibleName(tr("Close this notice"));
    m_close->setToolTip(tr("Close"));
    m_close->setVisible(!isTrouble);
    m_icon->setPixmap(
        (isTrouble ? troubleIcon(QStringLiteral("warning")) : actionIcon(QStringLiteral("info"))).pixmap(kIconSize));
    m_icon->setAccessibleName(isTrouble ? tr("Trouble") : tr("News"));

    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(kEdge + 12, kGrid, kGrid, kGrid);
    row->setSpacing(kGrid);
    m_buttons->addStretch(1);
    m_buttons->addWidget(m_secondAction);
    m_buttons->addWidget(m_action);
    m_body->setSpacing(kGrid);
    m_body->addWidget(m_sentence, 1);
    m_body->addLayout(m_buttons);
    row->addWidget(m_icon);
    row->addLayout(m_body, 1);
    row->addWidget(m_close);

    m_expiry.setSingleShot(true);
    m_expiry.setInterval(kExpiryMs);
    connect(&m_expiry, &QTimer::timeout, this, &NoticeBar::hideUnlessUsed);
    connect(m_action, &ActionButton::clicked, this, &NoticeBar::actionTaken);
    connect(m_secondAction, &ActionButton::clicked, this, &NoticeBar::secondActionTaken);
    connect(m_close, &ActionButton::clicked, this, &QWidget::hide);
    hide();
}

void NoticeBar::say(const QString &sentence, const QString &action, const QString &secondAction) {
    m_expiry.stop();
    const bool isNew = sentence != m_sentence->text() || !isVisible();
    m_sentence->setText(sentence);
    setAccessibleName(sentence);
    m_action->setText(action);
    m_action->setVisible(!action.isEmpty());
    m_secondAction->setText(secondAction);
    m_secondAction->setVisible(!secondAction.isEmpty());
    fit();
    show();
    if (!isNew) return;
    QAccessibleEvent event(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&event);
}

// A sentence beside its buttons needs room for some words a line; where there is less the buttons go below it.
void NoticeBar::fit() {
    int buttons = 0;
    for (const ActionButton *button : {m_secondAction, m_action})
        if (!button->isHidden()) buttons += button->sizeHint().width() + kGrid;
    const int sentence = std::min(m_sentence->fontMetrics().horizontalAdvance(m_sentence->text()),
                                  kLeastCharacters * m_sentence->fontMetrics().averageCharWidth());
    const bool hasRoom = width() >= buttons + sentence + kIconSize + 5 * kGrid;
    const bool isOneRow = hasRoom || buttons == 0;
    m_body->setDirection(isOneRow ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
    layout()->setAlignment(m_icon, isOneRow ? Qt::AlignVCenter : Qt::AlignTop);
}

void NoticeBar::resizeEvent(QResizeEvent *event) {
    fit();
    QWidget::resizeEvent(event);
}

// The least is what it needs with the buttons below.
QSize NoticeBar::minimumSizeHint() const {
    const int buttons = m_buttons->minimumSize().width();
    const int sentence = m_sentence->fontMetrics().averageCharWidth() * kLeastCharacters / 2;
    return {std::max(buttons, sentence) + kIconSize + 5 * kGrid, QWidget::minimumSizeHint().height()};
}

void NoticeBar::sayForAWhile(const QString &sentence, const QString &action) {
    say(sentence, action);
    m_expiry.start();
}

QString NoticeBar::sentence() const { return m_sentence->text(); }

void NoticeBar::hideUnlessUsed() {
    const bool isUsed = underMouse() || m_action->hasFocus() || m_close->hasFocus();
    if (isUsed)
        m_expiry.start();
    else
        hide();
}

void NoticeBar::paintEvent(QPaintEvent *) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QColor tone = m_kind == Kind::Trouble ? troubleColour(palette()) : accentColour(palette());
    const QRectF body = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
    painter.setPen(mixed(cardColour(palette()), tone, 0.5));
    painter.setBrush(mixed(cardColour(palette()), tone, 0.08));
    painter.drawRoundedRect(body, kGrid, kGrid);
    painter.setPen(Qt::NoPen);
    painter.setBrush(tone);
    const qreal edge = isRightToLeft() ? body.right() - kEdge : body.left();
    painter.setClipRect(QRectF(edge, body.top(), kEdge, body.height()));
    painter.drawRoundedRect(body, kGrid, kGrid);
}

}  // namespace meerkat::ui
