// Station: the seam to the system for bytes. From the kernel, to net/. One file a system: socket_posix.cpp, socket_windows.cpp.
// Every socket made here is non-blocking, is not inherited by children, and never raises SIGPIPE.
#pragma once

#include "base/result.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace meerkat::os {

using SocketHandle = std::intptr_t;  // a descriptor, or a SOCKET
inline constexpr SocketHandle kNoSocket = -1;

// An IP address and port. IPv4 is kept as its IPv4-mapped IPv6 address (RFC 4291 section 2.5.5.2).
struct Endpoint {
    std::array<std::uint8_t, 16> ip{};
    std::uint16_t port = 0;   // host order
    std::uint32_t scope = 0;  // interface index of a link-local address

    bool isIpv4() const;
    bool operator==(const Endpoint &) const = default;
};

// The address as text: "127.0.0.1" (also for a mapped one), "::1"; the port is left out.
std::string ipText(const Endpoint &endpoint);
// From such a text; port 0. Nothing but numeric addresses.
Result<Endpoint> parseIp(std::string_view text);

// To be called once before sockets are used (WSAStartup; SIGPIPE ignored on POSIX).
void prepareSockets();

// A listening socket. `dualStack` (with the IPv6 any-address) takes IPv4 too, or IPv4 alone where the system has no IPv6. Exclusive: fails with the system's "in use" code if
// somebody listens there. Backlog is the system's most. The failure's text is the system's reason in words.
Result<SocketHandle> listenOn(const Endpoint &endpoint, bool dualStack);
// A second handle to a socket that listens already, made ready for a poller; both are to be closed. Fails if it does not listen.
Result<SocketHandle> shareListener(SocketHandle listener);
// True for the failure code that says that the port is taken.
bool isAddressInUse(int code);
bool isAddressForbidden(int code);            // a port below 1024 without the right
Endpoint localEndpoint(SocketHandle socket);  // all zero if the system does not tell

enum class IoState : std::uint8_t { Done, WouldBlock, Closed, Failed };
struct IoOutcome {
    IoState state = IoState::Done;
    std::size_t bytes = 0;  // moved; set when Done
};

enum class AcceptState : std::uint8_t { Accepted, NothingWaiting, DescriptorLimit, TryAgain };
struct AcceptOutcome {
    AcceptState state = AcceptState::NothingWaiting;
    SocketHandle socket = kNoSocket;
    Endpoint peer;
};
// One waiting connection, with Nagle's algorithm off. TryAgain: that one was gone, there may be others.
AcceptOutcome acceptOne(SocketHandle listener);

// Begins a connection, with Nagle's algorithm off. The socket becomes writable when it is decided, which connectError then tells. The
// failure's code is an errno, on Windows too: there is no way to that address (ENETUNREACH, EHOSTUNREACH), no descriptor (EMFILE), …
Result<SocketHandle> beginConnect(const Endpoint &peer);
// 0: connected. EINPROGRESS: not decided yet. Else the errno it failed with (ECONNREFUSED, ETIMEDOUT, …), which is told once: close it then.
int connectError(SocketHandle socket);
// False on Windows before 10.0.19041: there a poller keeps silent when a connection fails, so connectError has to be asked now and then.
bool pollerTellsFailedConnects();

// At most bytes.size(). Closed: the peer has finished sending.
IoOutcome receive(SocketHandle socket, std::span<char> bytes);

struct IoSlice {
    const char *data;
    std::size_t size;
};
// One gathered write of all slices (at most kMaxSlices are looked at); `more` says that further bytes follow at once (MSG_MORE).
inline constexpr std::size_t kMaxSlices = 64;
IoOutcome sendSlices(SocketHandle socket, std::span<const IoSlice> slices, bool more);
IoOutcome sendBytes(SocketHandle socket, std::string_view bytes, bool more);

void shutdownWrite(SocketHandle socket);
void closeSocket(SocketHandle socket);
// Close that resets: the peer sees at once that nothing more comes.
void resetSocket(SocketHandle socket);

// How many more descriptors the process may open is raised to the hard limit; returns the limit in force.
std::size_t raiseDescriptorLimit();

}  // namespace meerkat::os
