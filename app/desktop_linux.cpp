#include "app/desktop.h"

#include <QByteArrayList>
#include <QFile>
#include <QSysInfo>

namespace meerkat::app {

namespace {

class LinuxDesktop : public Desktop {
  public:
    // Where QT_QPA_PLATFORM names a way to draw without either (offscreen, vnc), that is Qt's business.
    bool hasDisplay() const override {
        if (!qEnvironmentVariableIsEmpty("DISPLAY") || !qEnvironmentVariableIsEmpty("WAYLAND_DISPLAY")) return true;
        const QByteArray platform = qgetenv("QT_QPA_PLATFORM");
        return !platform.isEmpty() && !platform.startsWith("xcb") && !platform.startsWith("wayland");
    }

    // GNOME's and its relatives' panels are drawn in one colour.
    bool prefersSymbolicIcons() const override {
        const QByteArrayList desktops = qgetenv("XDG_CURRENT_DESKTOP").toLower().split(':');
        return desktops.contains("gnome") || desktops.contains("unity") || desktops.contains("pantheon");
    }

    QString localHostName() const override {
        const bool isAnnounced = QFile::exists("/run/avahi-daemon/socket") || QFile::exists("/var/run/avahi-daemon/socket");
        const QString name = QSysInfo::machineHostName().section('.', 0, 0);
        return isAnnounced && !name.isEmpty() ? name + ".local" : QString();
    }

    // A real adapter has a device behind it.
    bool isVirtualInterface(const QString &name) const override {
        const QString folder = "/sys/class/net/" + name;
        return QFile::exists(folder) && !QFile::exists(folder + "/device");
    }

    // QWidget::activateWindow says all that X11 and Wayland want to hear.
    void bringToFront(quintptr) const override {}
};

}  // namespace

const Desktop &systemDesktop() {
    static const LinuxDesktop desktop;
    return desktop;
}

}  // namespace meerkat::app
