#include "ui/widgets/copy_button.h"

#include "ui/theme.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QToolTip>

#include <algorithm>

namespace meerkat::ui {
namespace {

constexpr int kConfirmationMs = 1800;

}  // namespace

CopyButton::CopyButton(QWidget *parent) : QToolButton(parent) {
    setIcon(actionIcon(QStringLiteral("copy")));
    setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    setText(tr("&Copy"));
    setToolTip(tr("Copy the address"));
    setFocusPolicy(Qt::StrongFocus);
    m_confirmation.setSingleShot(true);
    m_confirmation.setInterval(kConfirmationMs);
    connect(&m_confirmation, &QTimer::timeout, this, [this] { showConfirmation(false); });
    connect(this, &QToolButton::clicked, this, &CopyButton::copy);
}

void CopyButton::setCompact(bool compact) {
    const auto style = compact ? Qt::ToolButtonIconOnly : Qt::ToolButtonTextBesideIcon;
    if (style != toolButtonStyle()) setToolButtonStyle(style);
}

// As wide as the wider of both words, so that nothing moves when the word changes.
QSize CopyButton::sizeHint() const {
    QSize hint = QToolButton::sizeHint();
    if (toolButtonStyle() == Qt::ToolButtonIconOnly) return hint;
    const auto widthOf = [this](const QString &word) { return fontMetrics().size(Qt::TextShowMnemonic, word).width(); };
    hint.rwidth() += std::max(widthOf(tr("&Copy")), widthOf(tr("Copied"))) - widthOf(text());
    return hint;
}

void CopyButton::copy() {
    QGuiApplication::clipboard()->setText(m_content);
    showConfirmation(true);
    m_confirmation.start();
    if (toolButtonStyle() == Qt::ToolButtonIconOnly) QToolTip::showText(mapToGlobal(rect().bottomLeft()), tr("Copied"), this);
}

void CopyButton::showConfirmation(bool isShown) { setText(isShown ? tr("Copied") : tr("&Copy")); }

}  // namespace meerkat::ui
