// Station: a thread of a program's own. From mg_start_thread, to the system.
#pragma once

namespace meerkat::os {

// Runs `function` in a thread that nobody waits for. False if the system has none left.
bool startDetached(void *(*function)(void *), void *parameter);

}  // namespace meerkat::os
