#include "os/native_sockets.h"
#include "os/wake_channel.h"

namespace meerkat::os {

namespace {

SOCKET native(SocketHandle socket) { return static_cast<SOCKET>(socket); }

// A UDP socket at a free port of the loopback; kNoSocket with WSAGetLastError set.
SocketHandle newLoopbackSocket(NativeAddress &address) {
    const SOCKET made =
        WSASocketW(AF_INET, SOCK_DGRAM, IPPROTO_UDP, nullptr, 0, WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT);
    if (made == INVALID_SOCKET) return kNoSocket;
    const auto loopback = parseIp("127.0.0.1");
    address = toNative(*loopback);
    u_long on = 1;
    if (bind(made, address.pointer(), address.bytes) == 0 && getsockname(made, address.pointer(), &address.bytes) == 0 &&
        ioctlsocket(made, FIONBIO, &on) == 0)
        return static_cast<SocketHandle>(made);
    const int code = WSAGetLastError();
    closesocket(made);
    WSASetLastError(code);
    return kNoSocket;
}

}  // namespace

WakeChannel::~WakeChannel() {
    if (m_readEnd != kNoSocket) closesocket(native(m_readEnd));
    if (m_writeEnd != kNoSocket) closesocket(native(m_writeEnd));
}

// Connected to each other, so that a datagram of any other program is not taken for ours.
int WakeChannel::open() {
    NativeAddress reader;
    NativeAddress writer;
    m_readEnd = newLoopbackSocket(reader);
    if (m_readEnd == kNoSocket) return WSAGetLastError();
    m_writeEnd = newLoopbackSocket(writer);
    if (m_writeEnd == kNoSocket) return WSAGetLastError();
    const bool connected = connect(native(m_readEnd), writer.pointer(), writer.bytes) == 0 &&
                           connect(native(m_writeEnd), reader.pointer(), reader.bytes) == 0;
    return connected ? 0 : WSAGetLastError();
}

void WakeChannel::write() { send(native(m_writeEnd), "", 1, 0); }

void WakeChannel::drain() {
    char bytes[16];
    while (recv(native(m_readEnd), bytes, sizeof bytes, 0) >= 0) {
    }
}

}  // namespace meerkat::os
