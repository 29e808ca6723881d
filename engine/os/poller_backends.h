// Station: inside os/ only. The backends by name; which of them Poller::create picks is a file a system.
#pragma once

#include "os/poller.h"

namespace meerkat::os {

Result<std::unique_ptr<Poller>> makeEpollPoller();
Result<std::unique_ptr<Poller>> makePollPoller();

}  // namespace meerkat::os
