// Station: what this machine is called and where it can be reached now. From the system, to net/local_authority. One file a system.
#pragma once

#include "os/socket.h"

#include <string>
#include <vector>

namespace meerkat::os {

// The addresses of every interface that is up, loopback and link-local ones too; without ports and scopes, in no order.
std::vector<Endpoint> localAddresses();
// "" if the system does not tell.
std::string hostName();

}  // namespace meerkat::os
