// Station: memory back to the system. From server after many connections have gone. One file a system.
#pragma once

namespace meerkat::os {

// Gives back what the allocator holds without need, where the system has a call for it. Takes milliseconds: not for every request.
void releaseFreeMemory();

}  // namespace meerkat::os
