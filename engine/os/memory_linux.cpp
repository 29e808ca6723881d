#include "os/memory.h"

#include <features.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace meerkat::os {

void releaseFreeMemory() {
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}

}  // namespace meerkat::os
