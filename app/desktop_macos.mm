#include "app/desktop.h"

#include <QSysInfo>

#import <AppKit/AppKit.h>

namespace meerkat::app {

namespace {

class MacDesktop : public Desktop {
  public:
    bool prefersSymbolicIcons() const override { return true; }

    // Bonjour announces every Mac.
    QString localHostName() const override {
        const QString name = QSysInfo::machineHostName().section('.', 0, 0);
        return name.isEmpty() ? QString() : name + ".local";
    }

    void bringToFront(quintptr) const override { [NSApp activateIgnoringOtherApps:YES]; }
};

}  // namespace

const Desktop &systemDesktop() {
    static const MacDesktop desktop;
    return desktop;
}

}  // namespace meerkat::app
