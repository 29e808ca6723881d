#include "app/desktop.h"

#include <QSysInfo>

#include <windows.h>

namespace meerkat::app {

namespace {

class WindowsDesktop : public Desktop {
  public:
    bool prefersSymbolicIcons() const override { return false; }

    // Windows 10 and later answer mDNS for their own name.
    QString localHostName() const override {
        const QString name = QSysInfo::machineHostName().section('.', 0, 0);
        return name.isEmpty() ? QString() : name + ".local";
    }

    // A window may only come to the front on behalf of the thread that has the keyboard: so ours joins it for a moment.
    void bringToFront(quintptr windowId) const override {
        const auto window = reinterpret_cast<HWND>(windowId);
        if (IsIconic(window)) ShowWindow(window, SW_RESTORE);
        const DWORD foreground = GetWindowThreadProcessId(GetForegroundWindow(), nullptr);
        const DWORD own = GetCurrentThreadId();
        const bool isJoined = foreground != 0 && foreground != own && AttachThreadInput(own, foreground, TRUE);
        BringWindowToTop(window);
        SetForegroundWindow(window);
        if (isJoined) AttachThreadInput(own, foreground, FALSE);
    }
};

}  // namespace

const Desktop &systemDesktop() {
    static const WindowsDesktop desktop;
    return desktop;
}

}  // namespace meerkat::app
