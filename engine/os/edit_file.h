// Station: a small file changed as a whole. From access/password_file, to the disk. One file a system: edit_file_posix.cpp, edit_file_windows.cpp.
#pragma once

#include "base/result.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace meerkat::os {

// The new text of a file from its old one; nothing: leave it as it is.
using TextChange = std::function<std::optional<std::string>(const std::string &old)>;

// Reads the file ("" if there is none; `change` may then be asked twice), asks `change`, and puts the new text in its place: written beside the old one, flushed, renamed. Whoever
// reads it sees the old or the new text whole, also after a kill or a power cut at any moment. Two processes that edit at once wait for each
// other. Keeps the mode, and what a symbolic link points to; a new file is for its owner alone. False: `change` wanted nothing. Fails with a sentence that
// names the file.
Result<bool> editFile(std::string_view path, const TextChange &change);

}  // namespace meerkat::os
