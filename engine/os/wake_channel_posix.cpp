#include "os/wake_channel.h"

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace meerkat::os {

namespace {

void makeQuiet(int fd) {
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

}  // namespace

WakeChannel::~WakeChannel() {
    if (m_readEnd == kNoSocket) return;
    close(static_cast<int>(m_readEnd));
    close(static_cast<int>(m_writeEnd));
}

int WakeChannel::open() {
    int ends[2];
    if (pipe(ends) != 0) return errno;
    makeQuiet(ends[0]);
    makeQuiet(ends[1]);
    m_readEnd = ends[0];
    m_writeEnd = ends[1];
    return 0;
}

void WakeChannel::write() {
    const int before = errno;  // a signal handler must leave it as it was
    [[maybe_unused]] const auto written = ::write(static_cast<int>(m_writeEnd), "", 1);
    errno = before;
}

void WakeChannel::drain() {
    char bytes[64];
    while (read(static_cast<int>(m_readEnd), bytes, sizeof bytes) > 0) {
    }
}

}  // namespace meerkat::os
