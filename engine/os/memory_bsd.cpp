#include "os/memory.h"

namespace meerkat::os {

// The allocators of macOS and the BSDs give back by themselves.
void releaseFreeMemory() {}

}  // namespace meerkat::os
