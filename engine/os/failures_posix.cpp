#include "os/failures.h"

#include <system_error>

namespace meerkat::os {

Failure systemFailure(int code) { return {std::generic_category().message(code), code}; }

}  // namespace meerkat::os
