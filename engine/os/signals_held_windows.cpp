#include "os/signals_held.h"

namespace meerkat::os {

struct SignalsHeld::Before {};

SignalsHeld::SignalsHeld() = default;
SignalsHeld::~SignalsHeld() = default;

}  // namespace meerkat::os
