#include "app/desktop.h"

#include <QFileInfo>
#include <QSysInfo>

#include <memory>
#include <vector>

#include <winsock2.h>
#include <ws2tcpip.h>

#include <windows.h>

#include <iphlpapi.h>

namespace meerkat::app {

namespace {

struct HandleCloser {
    void operator()(HANDLE handle) const { CloseHandle(handle); }
};

constexpr int kTableTries = 4;  // the table may grow between the question for its size and the reading

// The rows of the listeners of one address family. The buffer holds a DWORD count and then the rows.
template <class Row>
DWORD listenerOn(quint16 port, ULONG family) {
    std::vector<char> table;
    ULONG size = 0;
    for (int tries = 0; tries < kTableTries; ++tries) {
        const DWORD outcome = GetExtendedTcpTable(table.data(), &size, FALSE, family, TCP_TABLE_OWNER_PID_LISTENER, 0);
        if (outcome == NO_ERROR) break;
        if (outcome != ERROR_INSUFFICIENT_BUFFER) return 0;
        table.assign(size, 0);
    }
    if (table.size() < sizeof(DWORD)) return 0;
    const auto count = *reinterpret_cast<const DWORD *>(table.data());
    const auto *rows = reinterpret_cast<const Row *>(table.data() + sizeof(DWORD));
    for (DWORD i = 0; i < count && (i + 1) * sizeof(Row) + sizeof(DWORD) <= table.size(); ++i) {
        if (ntohs(static_cast<u_short>(rows[i].dwLocalPort)) == port) return rows[i].dwOwningPid;
    }
    return 0;
}

QString programOf(DWORD processId) {
    const std::unique_ptr<void, HandleCloser> process(OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, FALSE, processId));
    if (!process) return {};
    std::wstring path(32768, L'\0');
    auto length = static_cast<DWORD>(path.size());
    if (!QueryFullProcessImageNameW(process.get(), 0, path.data(), &length)) return {};
    return QFileInfo(QString::fromWCharArray(path.data(), static_cast<qsizetype>(length))).completeBaseName();
}

class WindowsDesktop : public Desktop {
  public:
    QString programOnPort(quint16 port) const override {
        DWORD processId = listenerOn<MIB_TCPROW_OWNER_PID>(port, AF_INET);
        if (processId == 0) processId = listenerOn<MIB_TCP6ROW_OWNER_PID>(port, AF_INET6);
        return processId == 0 ? QString() : programOf(processId);
    }

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
