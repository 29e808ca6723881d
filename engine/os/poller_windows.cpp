#include "os/poller_backends.h"

namespace meerkat::os {

Result<std::unique_ptr<Poller>> Poller::create() { return makePollPoller(); }

}  // namespace meerkat::os
