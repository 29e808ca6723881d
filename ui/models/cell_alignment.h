// Station: where the text of a cell stands: numbers under each other at the far side. From the models of tables.
#pragma once

#include <QVariant>

namespace meerkat::ui {

inline QVariant cellAlignment(bool isNumber) {
    return QVariant::fromValue(Qt::Alignment(Qt::AlignVCenter | (isNumber ? Qt::AlignRight : Qt::AlignLeft)));
}

}  // namespace meerkat::ui
