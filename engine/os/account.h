// Station: the seam to the system for whose program this is. From server when its port is open, to the kernel. account_posix.cpp, account_windows.cpp.
#pragma once

#include "base/result.h"

#include <string>

namespace meerkat::os {

// Whether a running program can become another user's at all.
bool canBecomeUser();

// Who this program runs as: a name, or a number where the system has no name for it.
std::string ownUser();

// Why becomeUser would refuse, in a sentence that quotes the name; "" if it would not, as far as can be told without doing it. Asks the system's list of users, which may
// take its time.
std::string whyNotUser(const std::string &name);

// The whole program, all of its threads, is that user's from now on, with the groups that the system lists for him, and there is no way back. Where it is that
// user's already nothing changes. "" or a sentence; then everything is as it was.
std::string becomeUser(const std::string &name);

}  // namespace meerkat::os
