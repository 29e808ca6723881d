#include "os/account.h"

namespace meerkat::os {

// A process is its user's from beginning to end: who is to serve is said where the program is started, as a service's account.
bool canBecomeUser() { return false; }

std::string ownUser() { return {}; }

std::string whyNotUser(const std::string &name) {
    return "This program can't become \"" + name + "\": on Windows it has to be started as that user";
}

std::string becomeUser(const std::string &name) { return whyNotUser(name); }

}  // namespace meerkat::os
