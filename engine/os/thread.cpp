#include "os/thread.h"

#include <system_error>
#include <thread>

namespace meerkat::os {

bool startDetached(void *(*function)(void *), void *parameter) {
    try {
        std::thread(function, parameter).detach();
        return true;
    } catch (const std::system_error &) {
        return false;
    }
}

}  // namespace meerkat::os
