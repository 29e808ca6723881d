#include "os/local_names.h"
#include "os/file_windows.h"
#include "os/native_sockets.h"

#include <array>
#include <cstring>
#include <iphlpapi.h>

namespace meerkat::os {

namespace {

// The list grows between asking for its size and asking for it: a few tries.
bool readAdapters(std::vector<char> &memory) {
    const ULONG flags = GAA_FLAG_SKIP_ANYCAST | GAA_FLAG_SKIP_MULTICAST | GAA_FLAG_SKIP_DNS_SERVER | GAA_FLAG_SKIP_FRIENDLY_NAME;
    ULONG size = 16 * 1024;
    for (int tries = 0; tries < 4; ++tries) {
        memory.resize(size);
        const ULONG result =
            GetAdaptersAddresses(AF_UNSPEC, flags, nullptr, reinterpret_cast<IP_ADAPTER_ADDRESSES *>(memory.data()), &size);
        if (result != ERROR_BUFFER_OVERFLOW) return result == ERROR_SUCCESS;
    }
    return false;
}

}  // namespace

std::vector<Endpoint> localAddresses() {
    std::vector<char> memory;
    if (!readAdapters(memory)) return {};
    std::vector<Endpoint> found;
    for (auto *adapter = reinterpret_cast<const IP_ADAPTER_ADDRESSES *>(memory.data()); adapter; adapter = adapter->Next) {
        if (adapter->OperStatus != IfOperStatusUp) continue;
        for (auto *each = adapter->FirstUnicastAddress; each; each = each->Next) {
            NativeAddress address;
            const auto size = static_cast<std::size_t>(each->Address.iSockaddrLength);
            if (size > sizeof address.storage) continue;
            std::memcpy(&address.storage, each->Address.lpSockaddr, size);
            Endpoint endpoint = fromNative(address);
            endpoint.port = 0;
            endpoint.scope = 0;
            found.push_back(endpoint);
        }
    }
    return found;
}

std::string hostName() {
    std::array<wchar_t, 256> name{};
    DWORD size = static_cast<DWORD>(name.size());
    if (!GetComputerNameExW(ComputerNameDnsHostname, name.data(), &size)) return {};
    return toUtf8({name.data(), size}).value_or("");
}

}  // namespace meerkat::os
