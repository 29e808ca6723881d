// Station: what people call the engine's options. From option_list, to the Options page. Pure.
#pragma once

#include <QString>

namespace meerkat::ui {

// "Password file" for "global_auth_file"; of an option that has no words here its name with blanks.
QString optionLabel(const QString &name);
// The engine's line of help, and its heading for a group, in the person's language.
QString optionHelp(const QString &help);
QString optionGroup(const QString &group);
// "ms", "bytes", "files" behind a number.
QString optionUnit(const QString &unit);

}  // namespace meerkat::ui
