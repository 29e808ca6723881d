// Station: what only the desktop's own system can tell or do. One header, one file a system: desktop_linux.cpp, desktop_macos.mm, desktop_windows.cpp.
#pragma once

#include "app/port_holder.h"

#include <QString>

namespace meerkat::app {

class Desktop {
  public:
    virtual ~Desktop() = default;

    // The program that listens on a TCP port ("nginx"); empty if the system does not tell (another user's process).
    virtual QString programOnPort(quint16 port) const { return QString::fromStdString(app::programOnPort(port)); }
    // False where there is no screen to open a window on: Qt would end the program.
    virtual bool hasDisplay() const { return true; }
    // Whether the desktop's panel wants one-colour icons.
    virtual bool prefersSymbolicIcons() const = 0;
    // ":name.local" host name of this machine if it announces one (mDNS); empty if not.
    virtual QString localHostName() const = 0;
    // Whether a network interface is one that only programs see: a bridge, a container's, a tunnel.
    virtual bool isVirtualInterface(const QString &) const { return false; }
    // Brings a window of this process to the front where the system asks for more than raise() (Windows, Wayland).
    virtual void bringToFront(quintptr windowId) const = 0;
};

// The one of this system; lives as long as the program.
const Desktop &systemDesktop();

}  // namespace meerkat::app
