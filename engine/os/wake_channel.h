// Station: inside os/ only. How another thread ends a poll: something readable that stays in the array. One file a system:
// wake_channel_posix.cpp (a pipe), wake_channel_windows.cpp (two UDP sockets of the loopback).
#pragma once

#include "os/socket.h"

#include <atomic>

namespace meerkat::os {

class WakeChannel {
  public:
    WakeChannel() = default;
    WakeChannel(const WakeChannel &) = delete;
    WakeChannel &operator=(const WakeChannel &) = delete;
    ~WakeChannel();

    // 0, or the system's error.
    int open();
    SocketHandle readEnd() const { return m_readEnd; }

    // Any thread; never blocks. All calls but the first since the last clear cost nothing.
    void signal();
    // To be called when the read end is readable.
    void clear();

  private:
    void write();
    void drain();

    SocketHandle m_readEnd = kNoSocket;
    SocketHandle m_writeEnd = kNoSocket;
    std::atomic<bool> m_isSignalled{false};
};

inline void WakeChannel::signal() {
    if (!m_isSignalled.exchange(true)) write();
}

// Drained first: a signal in between finds the flag still set and the wait ending anyway. The other way round its byte could be
// drained with the flag left set, and nobody would be woken again. An exchange, so that what the signalling thread wrote is seen.
inline void WakeChannel::clear() {
    drain();
    m_isSignalled.exchange(false);
}

}  // namespace meerkat::os
