// Station: inside os/ only. While it lives, threads that are started here take no signals: those are for the program's own, with
// their handlers' errno and system calls. One file a system: signals_held_posix.cpp, signals_held_windows.cpp (which has none).
#pragma once

#include <memory>

namespace meerkat::os {

class SignalsHeld {
  public:
    SignalsHeld();
    SignalsHeld(const SignalsHeld &) = delete;
    SignalsHeld &operator=(const SignalsHeld &) = delete;
    ~SignalsHeld();

  private:
    struct Before;
    std::unique_ptr<Before> m_before;
};

}  // namespace meerkat::os
