#include "app/port_holder.h"

#include "app/utf8_path.h"

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
constexpr std::size_t kLongestPath = 32768;

// The process of the listener, of one address family; 0: none. The buffer holds a DWORD count and then the rows.
template <class Row>
DWORD listenerOn(std::uint16_t port, ULONG family) {
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

std::string programOf(DWORD processId) {
    const std::unique_ptr<void, HandleCloser> process(OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, FALSE, processId));
    if (!process) return {};
    std::wstring path(kLongestPath, L'\0');
    auto length = static_cast<DWORD>(path.size());
    if (!QueryFullProcessImageNameW(process.get(), 0, path.data(), &length)) return {};
    path.resize(length);
    return textOf(std::filesystem::path(path).stem());
}

}  // namespace

std::string programOnPort(std::uint16_t port) {
    DWORD processId = listenerOn<MIB_TCPROW_OWNER_PID>(port, AF_INET);
    if (processId == 0) processId = listenerOn<MIB_TCP6ROW_OWNER_PID>(port, AF_INET6);
    return processId == 0 ? std::string() : programOf(processId);
}

}  // namespace meerkat::app
