// Station: inside os/ only, POSIX.
#pragma once

#include "os/file.h"

#include <sys/stat.h>

namespace meerkat::os {

FileInfo infoFrom(const struct stat &status);

}  // namespace meerkat::os
