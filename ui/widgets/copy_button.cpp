#include "ui/widgets/copy_button.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QToolTip>

namespace meerkat::ui {
namespace {

constexpr int kConfirmationMs = 1800;

}  // namespace

CopyButton::CopyButton(Look look, QWidget *parent) : ActionButton(look, QStringLiteral("copy"), tr("&Copy"), parent) {
    setToolTip(tr("Copy the address"));
    reserveFor({tr("Copied")});
    m_confirmation.setSingleShot(true);
    m_confirmation.setInterval(kConfirmationMs);
    connect(&m_confirmation, &QTimer::timeout, this, [this] { setText(tr("&Copy")); });
    connect(this, &QPushButton::clicked, this, &CopyButton::copy);
}

// Without room for the word the confirmation is a tooltip.
void CopyButton::copy() {
    QGuiApplication::clipboard()->setText(m_content);
    setText(tr("Copied"));
    m_confirmation.start();
    if (isCompact()) QToolTip::showText(mapToGlobal(rect().bottomLeft()), tr("Copied"), this);
}

}  // namespace meerkat::ui
