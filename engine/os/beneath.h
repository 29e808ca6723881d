// Station: inside os/ only, POSIX. Opening below a folder descriptor so that nothing outside is ever opened.
// Everything here answers with a descriptor (or 0), or with the negative error number.
#pragma once

#include <string>
#include <sys/stat.h>

namespace meerkat::os {

// Whether the kernel itself can resolve a path below a folder (Linux' openat2). MEERKAT_NO_OPENAT2 in the environment says no.
bool kernelResolvesBelow(int root);
// -ELOOP at any link.
int openByKernel(int root, const std::string &path, int flags);
// What is there, without opening it.
int statByKernel(int root, const std::string &path, struct stat &status);

// The same, folder by folder: for systems whose kernel cannot. A link on the way is -ENOTDIR, -ELOOP or -EMLINK.
int openByWalking(int root, const std::string &path, int flags);
int statByWalking(int root, const std::string &path, struct stat &status);

}  // namespace meerkat::os
