// Station: who is in the way of a listener. To the desktop and to main_console. No Qt. One file a system: port_holder_linux.cpp,
// port_holder_macos.cpp, port_holder_windows.cpp.
#pragma once

#include <cstdint>
#include <string>

namespace meerkat::app {

// The program that listens on a TCP port ("nginx"), in UTF-8; empty if the system does not tell (another user's process).
std::string programOnPort(std::uint16_t port);

}  // namespace meerkat::app
