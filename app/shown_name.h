// Station: a folder's name as it may stand inside a sentence, a title or a menu. Stateless.
#pragma once

#include <QString>

namespace meerkat::app {

// Of more than 48 characters the middle is left out. A name that reads from right to left is isolated (Unicode UAX #9, FSI and PDI), so that
// the words and numbers around it keep their order; a mark before it tells the direction of the sentence that begins with it. Control characters and the name's own direction marks become U+FFFD.
QString shownName(const QString &name);

// The same for a line of its own: whole, and not isolated.
QString plainText(const QString &text);

}  // namespace meerkat::app
