#include "os/signals_held.h"

#include <csignal>

namespace meerkat::os {

struct SignalsHeld::Before {
    sigset_t mask;
};

SignalsHeld::SignalsHeld() : m_before(std::make_unique<Before>()) {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &m_before->mask);
}

SignalsHeld::~SignalsHeld() { pthread_sigmask(SIG_SETMASK, &m_before->mask, nullptr); }

}  // namespace meerkat::os
