#include "os/memory.h"

#include <malloc.h>

namespace meerkat::os {

void releaseFreeMemory() { _heapmin(); }

}  // namespace meerkat::os
