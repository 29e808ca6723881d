// Station: inside os/ only, Windows. A pipe of a child as a socket, since nothing but sockets can be polled: a thread moves the bytes between the
// two, and ends when either does.
#pragma once

#include "os/file.h"
#include "os/socket.h"

namespace meerkat::os {

// From now on the pipe is the thread's. kNoSocket with an error code where there can be none; the pipe is closed then.
// What is written to the socket goes into the pipe.
SocketHandle pumpInto(File pipe, int &error);
// What comes out of the pipe can be read from the socket.
SocketHandle pumpOutOf(File pipe, int &error);

}  // namespace meerkat::os
