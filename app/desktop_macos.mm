#include "app/desktop.h"

#include <QFileInfo>
#include <QSysInfo>

#include <vector>

#import <AppKit/AppKit.h>
#include <arpa/inet.h>
#include <libproc.h>

namespace meerkat::app {

namespace {

bool listensOn(const socket_fdinfo &socket, quint16 port) {
    if (socket.psi.soi_kind != SOCKINFO_TCP) return false;
    const auto &tcp = socket.psi.soi_proto.pri_tcp;
    return tcp.tcpsi_state == TSI_S_LISTEN && ntohs(static_cast<uint16_t>(tcp.tcpsi_ini.insi_lport)) == port;
}

bool holdsListener(pid_t process, quint16 port) {
    const int bytes = proc_pidinfo(process, PROC_PIDLISTFDS, 0, nullptr, 0);
    if (bytes <= 0) return false;
    std::vector<proc_fdinfo> descriptors(static_cast<size_t>(bytes) / sizeof(proc_fdinfo));
    const int filled = proc_pidinfo(process, PROC_PIDLISTFDS, 0, descriptors.data(), bytes);
    descriptors.resize(filled > 0 ? static_cast<size_t>(filled) / sizeof(proc_fdinfo) : 0);
    for (const proc_fdinfo &descriptor : descriptors) {
        if (descriptor.proc_fdtype != PROX_FDTYPE_SOCKET) continue;
        socket_fdinfo socket{};
        const int size = proc_pidfdinfo(process, descriptor.proc_fd, PROC_PIDFDSOCKETINFO, &socket, sizeof socket);
        if (size == static_cast<int>(sizeof socket) && listensOn(socket, port)) return true;
    }
    return false;
}

class MacDesktop : public Desktop {
  public:
    QString programOnPort(quint16 port) const override {
        const int most = proc_listallpids(nullptr, 0);
        std::vector<pid_t> processes(most > 0 ? static_cast<size_t>(most) : 0);
        const int found = proc_listallpids(processes.data(), static_cast<int>(processes.size() * sizeof(pid_t)));
        processes.resize(found > 0 ? static_cast<size_t>(found) : 0);
        for (const pid_t process : processes) {
            char path[PROC_PIDPATHINFO_MAXSIZE];
            if (holdsListener(process, port) && proc_pidpath(process, path, sizeof path) > 0) {
                return QFileInfo(QString::fromUtf8(path)).fileName();
            }
        }
        return {};
    }

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
