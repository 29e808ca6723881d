#include "ui/widgets/filter_field.h"

#include "ui/theme.h"

#include <QKeyEvent>

namespace meerkat::ui {

FilterField::FilterField(QWidget *parent) : QLineEdit(parent) {
    setPlaceholderText(tr("Filter"));
    setToolTip(tr("Show only rows that contain these words (%1)")
                   .arg(QKeySequence(QKeySequence::Find).toString(QKeySequence::NativeText)));
    makeField(*this);
    setClearButtonEnabled(true);
    addAction(actionIcon(QStringLiteral("search")), QLineEdit::LeadingPosition);
    setMinimumHeight(4 * kGrid);
    setMaximumWidth(28 * kGrid);
    // What it says while empty may be written from the left all the same; it stands beside its sign.
    if (isRightToLeft()) setAlignment(Qt::AlignRight | Qt::AlignAbsolute | Qt::AlignVCenter);
}

void FilterField::takeFocus() {
    setFocus(Qt::ShortcutFocusReason);
    selectAll();
}

void FilterField::keyPressEvent(QKeyEvent *event) {
    if (event->key() == Qt::Key_Escape && !text().isEmpty()) return clear();
    QLineEdit::keyPressEvent(event);
}

}  // namespace meerkat::ui
