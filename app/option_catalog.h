// Station: what there is to know of the engine's options, as plain values. From mongoose.h, to the page that is built from it. No Qt.
#pragma once

#include <string>
#include <vector>

namespace meerkat::app {

enum class OptionKind { Text, Folder, File, Listener, Patterns, List, YesNo, Number, Choice };

struct OptionFact {
    std::string name;
    std::string defaultValue;  // "" where it is unset
    OptionKind kind = OptionKind::Text;
    std::string unit;  // of a number: "ms", "bytes", …
    std::vector<std::string> choices;
    std::string group;
    std::string help;  // one line without a full stop
};

// In the engine's order. Any thread.
std::vector<OptionFact> optionCatalog();

}  // namespace meerkat::app
