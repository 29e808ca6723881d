// Station: what was typed, and what stands in the config file, to settings of a server. To main_console. No Qt.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace meerkat::app {

// One option. `origin` is where it was said, as the beginning of a complaint: "site.conf:3: ", "" for the command line.
struct Setting {
    std::string name;
    std::string value;
    std::string origin;
};

// -A FILE REALM USER [PASSWORD]. No password: it is asked for. An empty one deletes the user.
struct PasswordEdit {
    std::string file;
    std::string realm;
    std::string user;
    std::optional<std::string> password;
};

struct ShowHelp {};
struct ShowVersion {};
// Each option once: the command line's word before the file's, the last on the command line before earlier ones. document_root and
// listening_port are always among them.
using Settings = std::vector<Setting>;
// Why nothing is done, a whole line without the program's name.
struct Refusal {
    std::string sentence;
};
using ConsoleTask = std::variant<Settings, ShowHelp, ShowVersion, PasswordEdit, Refusal>;

// `arguments` without the program's name. Looks at the disk: for a folder or file that is named, and for mongoose.conf in
// `programFolder` (not if that is empty).
ConsoleTask parseCommandLine(const std::vector<std::string> &arguments, const std::string &programFolder);

// The lines of a config file; `path` is for complaints and for what is relative. An option twice is refused.
std::variant<Settings, Refusal> parseConfig(const std::string &content, const std::string &path);

// The text of --help and --version.
std::string helpText();
std::string versionText();

}  // namespace meerkat::app
