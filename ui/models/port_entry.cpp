#include "ui/models/port_entry.h"

#include <QCoreApplication>
#include <QLocale>

namespace meerkat::ui {
namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(PortEntry)
};

}  // namespace

PortEntry readPort(const QString &text) {
    const QString typed = text.trimmed();
    if (typed.isEmpty()) return {true, 0, {}};
    bool isNumber = false;
    const int value = QLocale().toInt(typed, &isNumber);
    if (!isNumber) return {false, 0, Words::tr("A port is a number from 1 to 65535.")};
    if (value < 1 || value > 65535) return {false, 0, Words::tr("%1 is no port: the numbers go from 1 to 65535.").arg(typed)};
    return {true, static_cast<quint16>(value), {}};
}

}  // namespace meerkat::ui
