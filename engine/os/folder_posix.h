// Station: inside os/ only, POSIX. What Linux and the BSDs do each in its own way about a folder's entries.
#pragma once

#include <cstdint>
#include <sys/stat.h>

namespace meerkat::os {

// fstatat without following a link, and when the entry was made (0: the system does not tell). False with errno.
bool entryStatus(int folder, const char *name, struct stat &status, std::int64_t &createdNs);

// Renames unless something has the new name (EEXIST). False with errno; ENOSYS where the system has no such call.
bool renameWithoutReplacing(int from, const char *name, int to, const char *newName);
// Trades two names. False with errno; ENOSYS as above.
bool renameExchanging(int folder, const char *name, const char *other);

}  // namespace meerkat::os
