#include "os/relative_path.h"

namespace meerkat::os {

std::optional<OpenState> refusalOf(std::string_view relative) {
    if (relative.find('\0') != std::string_view::npos) return OpenState::NotFound;
    if (relative.starts_with('/')) return OpenState::Outside;
    while (true) {
        const auto slash = relative.find('/');
        const auto segment = relative.substr(0, slash);
        if (segment == "." || segment == "..") return OpenState::Outside;
        if (slash == std::string_view::npos) return std::nullopt;
        relative.remove_prefix(slash + 1);
    }
}

}  // namespace meerkat::os
