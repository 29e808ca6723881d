#include "app/port_holder.h"

#include <vector>

#include <arpa/inet.h>
#include <libproc.h>

namespace meerkat::app {

namespace {

bool listensOn(const socket_fdinfo &socket, std::uint16_t port) {
    if (socket.psi.soi_kind != SOCKINFO_TCP) return false;
    const auto &tcp = socket.psi.soi_proto.pri_tcp;
    return tcp.tcpsi_state == TSI_S_LISTEN && ntohs(static_cast<std::uint16_t>(tcp.tcpsi_ini.insi_lport)) == port;
}

bool holdsListener(pid_t process, std::uint16_t port) {
    const int bytes = proc_pidinfo(process, PROC_PIDLISTFDS, 0, nullptr, 0);
    if (bytes <= 0) return false;
    std::vector<proc_fdinfo> descriptors(static_cast<std::size_t>(bytes) / sizeof(proc_fdinfo));
    const int filled = proc_pidinfo(process, PROC_PIDLISTFDS, 0, descriptors.data(), bytes);
    descriptors.resize(filled > 0 ? static_cast<std::size_t>(filled) / sizeof(proc_fdinfo) : 0);
    for (const proc_fdinfo &descriptor : descriptors) {
        if (descriptor.proc_fdtype != PROX_FDTYPE_SOCKET) continue;
        socket_fdinfo socket{};
        const int size = proc_pidfdinfo(process, descriptor.proc_fd, PROC_PIDFDSOCKETINFO, &socket, sizeof socket);
        if (size == static_cast<int>(sizeof socket) && listensOn(socket, port)) return true;
    }
    return false;
}

}  // namespace

std::string programOnPort(std::uint16_t port) {
    const int most = proc_listallpids(nullptr, 0);
    std::vector<pid_t> processes(most > 0 ? static_cast<std::size_t>(most) : 0);
    const int found = proc_listallpids(processes.data(), static_cast<int>(processes.size() * sizeof(pid_t)));
    processes.resize(found > 0 ? static_cast<std::size_t>(found) : 0);
    for (const pid_t process : processes) {
        char path[PROC_PIDPATHINFO_MAXSIZE];
        if (!holdsListener(process, port) || proc_pidpath(process, path, sizeof path) <= 0) continue;
        const std::string whole = path;
        return whole.substr(whole.rfind('/') + 1);
    }
    return {};
}

}  // namespace meerkat::app
