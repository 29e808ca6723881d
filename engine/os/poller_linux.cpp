#include "os/poller_backends.h"

#include <cstdlib>

namespace meerkat::os {

Result<std::unique_ptr<Poller>> Poller::create() {
    const char *wanted = std::getenv("MEERKAT_POLLER");
    return wanted && std::string_view(wanted) == "poll" ? makePollPoller() : makeEpollPoller();
}

}  // namespace meerkat::os
