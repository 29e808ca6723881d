#include "app/command_line.h"

#include "app/console.h"
#include "app/utf8_path.h"

#include <mongoose.h>

#include <algorithm>
#include <string_view>
#include <system_error>

namespace meerkat::app {

namespace {

constexpr std::size_t kMostConfigBytes = 1 << 20;
constexpr std::string_view kBlanks = " \t\r";

bool isOption(const std::string &name) { return mg_get_option_info(name.c_str()) != nullptr; }

std::string unknownOption(const std::string &name) { return "there is no option " + name + "; meerkatd --help lists them"; }

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(kBlanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

// Of a program's name without a folder the search path knows more than we.
bool isRelativePath(const Setting &setting) {
    const bool isWord = setting.name == "ssl_certificate" && setting.value == "auto";
    const mg_option_info *info = mg_get_option_info(setting.name.c_str());
    const bool isPath = info && (info->kind == MG_OPTION_FILE || info->kind == MG_OPTION_FOLDER);
    if (!isPath || setting.value.empty() || isWord) return false;
    if (setting.name == "cgi_interpreter" && setting.value.find_first_of("/\\") == std::string::npos) return false;
    return pathOf(setting.value).is_relative();
}

bool isThreeDigits(std::string_view text) {
    return text.size() == 3 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// Of url_rewrites: the path that an item names, where it names one of this machine.
std::string_view rewritePath(std::string_view item) {
    const std::size_t equals = item.find('=');
    if (equals == std::string_view::npos || isThreeDigits(trimmed(item.substr(0, equals)))) return {};
    const std::string_view path = trimmed(item.substr(equals + 1));
    const bool isRedirect = isThreeDigits(path.substr(0, 3)) && path.substr(3, 1) == ":";
    return isRedirect ? std::string_view{} : path;
}

std::string rewritesRelativeTo(const std::filesystem::path &folder, std::string_view rewrites) {
    std::string result;
    while (!rewrites.empty()) {
        const std::string_view item = rewrites.substr(0, rewrites.find(','));
        rewrites.remove_prefix(std::min(item.size() + 1, rewrites.size()));
        const std::string_view path = rewritePath(item);
        const bool isRelative = !path.empty() && pathOf(std::string(path)).is_relative();
        const std::string kept(isRelative ? item.substr(0, item.find('=') + 1) : item);
        result.append(result.empty() ? "" : ",").append(kept);
        if (isRelative) result.append(textOf((folder / pathOf(std::string(path))).lexically_normal()));
    }
    return result;
}

void readRelativeTo(const std::filesystem::path &folder, Setting &setting) {
    if (setting.name == "url_rewrites") setting.value = rewritesRelativeTo(folder, setting.value);
    if (isRelativePath(setting)) setting.value = textOf((folder / pathOf(setting.value)).lexically_normal());
}

// "site/" is the folder "site"; a root keeps its slash.
void dropLastSlash(Setting &setting) {
    const std::filesystem::path path = pathOf(setting.value);
    if (setting.name == "document_root" && !path.has_filename() && path.has_relative_path()) {
        setting.value = textOf(path.parent_path());
    }
}

const Setting *find(const Settings &settings, std::string_view name) {
    const auto found = std::find_if(settings.begin(), settings.end(), [&](const Setting &s) { return s.name == name; });
    return found == settings.end() ? nullptr : &*found;
}

void put(Settings &settings, Setting setting) {
    std::erase_if(settings, [&](const Setting &former) { return former.name == setting.name; });
    settings.push_back(std::move(setting));
}

// The parts of the command line, before anything is looked up.
struct Typed {
    std::optional<std::string> place;  // FOLDER or CONFIG_FILE
    Settings settings;
};

std::variant<Typed, Refusal> sortOut(const std::vector<std::string> &arguments) {
    Typed typed;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string &argument = arguments[i];
        if (argument.empty() || argument[0] != '-') {
            if (typed.place) return Refusal{"one folder or config file is enough: " + *typed.place + " or " + argument};
            typed.place = argument;
            continue;
        }
        const std::string name = argument.substr(1);
        if (argument == "--version" || argument == "-A") return Refusal{argument + " stands first; meerkatd --help tells more"};
        if (!isOption(name)) return Refusal{unknownOption(argument)};
        if (i + 1 == arguments.size()) return Refusal{argument + " needs a value"};
        put(typed.settings, {name, arguments[++i], ""});
    }
    return typed;
}

std::variant<Settings, Refusal> readConfig(const std::string &path) {
    std::string reason;
    const auto content = readFile(path, kMostConfigBytes + 1, reason);
    if (!content) return Refusal{path + ": the config file can't be read: " + reason};
    if (content->size() > kMostConfigBytes) return Refusal{path + " is no config file: it has more than 1 MiB"};
    return parseConfig(*content, path);
}

std::string originOf(const std::string &path, int line) { return path + ":" + std::to_string(line) + ": "; }

// A line of a config file, without blanks around it. A name alone unsets the option, as an empty value does on the command line.
Setting settingOf(std::string_view line, const std::string &origin) {
    const std::size_t blank = std::min(line.find_first_of(kBlanks), line.size());
    return {std::string(line.substr(0, blank)), std::string(trimmed(line.substr(blank))), origin};
}

// What is wrong with it beside the lines before.
std::optional<Refusal> refusalOf(std::string_view line, const Setting &setting, const Settings &before) {
    if (line.find('\0') != std::string_view::npos) return Refusal{setting.origin + "this is no line of text"};
    if (!isOption(setting.name)) return Refusal{setting.origin + unknownOption(setting.name)};
    const Setting *twin = find(before, setting.name);
    if (!twin) return std::nullopt;
    const std::string place = twin->origin.substr(0, twin->origin.size() - 2);
    return Refusal{setting.origin + setting.name + " is already set at " + place + "; only one of the two can count"};
}

// The config file that counts; empty if there is none.
std::string configBeside(const std::string &programFolder) {
    if (programFolder.empty()) return {};
    std::error_code error;
    const auto path = pathOf(programFolder) / "mongoose.conf";
    return std::filesystem::is_regular_file(path, error) ? textOf(path) : std::string();
}

ConsoleTask settingsOf(Typed typed, const std::string &configPath) {
    Settings settings;
    if (!configPath.empty()) {
        auto config = readConfig(configPath);
        if (auto *refusal = std::get_if<Refusal>(&config)) return std::move(*refusal);
        settings = std::move(*std::get_if<Settings>(&config));
    }
    for (Setting &setting : typed.settings) put(settings, std::move(setting));
    if (!find(settings, "document_root")) put(settings, {"document_root", ".", ""});
    if (!find(settings, "listening_port")) put(settings, {"listening_port", "8080", ""});
    std::error_code error;
    const auto currentFolder = std::filesystem::current_path(error);
    for (Setting &setting : settings) {
        readRelativeTo(currentFolder, setting);
        dropLastSlash(setting);
    }
    return settings;
}

// Why that is neither a folder nor a config file.
Refusal refusalOf(const std::string &place, const std::filesystem::file_status &status, const std::error_code &error) {
    if (status.type() == std::filesystem::file_type::not_found) return {"there is no folder or config file " + place};
    if (status.type() == std::filesystem::file_type::none) return {place + " can't be opened: " + error.message()};
    return {place + " is neither a folder nor a config file"};
}

ConsoleTask settingsFrom(Typed typed, const std::string &programFolder) {
    if (!typed.place) return settingsOf(std::move(typed), configBeside(programFolder));
    const std::string place = *typed.place;
    std::error_code error;
    const auto status = std::filesystem::status(pathOf(place), error);
    if (std::filesystem::is_regular_file(status)) return settingsOf(std::move(typed), place);
    if (!std::filesystem::is_directory(status)) return refusalOf(place, status, error);
    if (find(typed.settings, "document_root")) return Refusal{"the folder is named twice: " + place + " and -document_root"};
    put(typed.settings, {"document_root", place, ""});
    return settingsOf(std::move(typed), configBeside(programFolder));
}

ConsoleTask passwordEdit(const std::vector<std::string> &arguments) {
    if (arguments.size() < 4 || arguments.size() > 5) return Refusal{"-A is followed by FILE REALM USER and perhaps PASSWORD"};
    PasswordEdit edit{arguments[1], arguments[2], arguments[3], std::nullopt};
    if (arguments.size() == 5) edit.password = arguments[4];
    return edit;
}

// Whoever asks for help gets it, whatever else was typed; the value of an option is no question.
bool asksForHelp(const std::vector<std::string> &arguments) {
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        if (arguments[i] == "--help" || arguments[i] == "-h") return true;
        if (arguments[i].starts_with('-') && isOption(arguments[i].substr(1))) ++i;
    }
    return false;
}

ConsoleTask showVersion(const std::vector<std::string> &arguments) {
    if (arguments.size() > 1) return Refusal{"--version takes nothing else, and there is " + arguments[1]};
    return ShowVersion{};
}

}  // namespace

ConsoleTask parseCommandLine(const std::vector<std::string> &arguments, const std::string &programFolder) {
    const std::string first = arguments.empty() ? "" : arguments[0];
    // What follows -A may be any word: a password too.
    if (first == "-A") return passwordEdit(arguments);
    if (asksForHelp(arguments)) return ShowHelp{};
    if (first == "--version") return showVersion(arguments);
    auto typed = sortOut(arguments);
    if (auto *refusal = std::get_if<Refusal>(&typed)) return std::move(*refusal);
    return settingsFrom(std::move(*std::get_if<Typed>(&typed)), programFolder);
}

std::variant<Settings, Refusal> parseConfig(const std::string &content, const std::string &path) {
    std::error_code error;
    const auto folder = std::filesystem::absolute(pathOf(path), error).parent_path();
    Settings settings;
    std::string_view rest = content;
    if (rest.starts_with("\xEF\xBB\xBF")) rest.remove_prefix(3);
    for (int number = 1; !rest.empty(); ++number) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        const std::string_view line = trimmed(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (line.empty() || line[0] == '#') continue;
        Setting setting = settingOf(line, originOf(path, number));
        if (auto refusal = refusalOf(line, setting, settings)) return std::move(*refusal);
        readRelativeTo(folder, setting);
        settings.push_back(std::move(setting));
    }
    return settings;
}

// Two options have another default in this program than in the engine.
// What the program itself begins with, where that is more than the engine does.
std::string defaultOf(const mg_option_info &option) {
    const std::string_view name = option.name;
    if (name == "document_root") return ".";
    if (name == "listening_port") return "8080";
    return option.default_value ? option.default_value : "";
}

std::string formOf(const mg_option_info &option) {
    switch (option.kind) {
    case MG_OPTION_FOLDER:
        return "FOLDER";
    case MG_OPTION_FILE:
        return "FILE";
    case MG_OPTION_LISTENER:
        return "[ADDRESS:]PORT";
    case MG_OPTION_PATTERNS:
        return "PATTERN[|PATTERN...]";
    case MG_OPTION_LIST:
        return "ITEM[,ITEM...]";
    case MG_OPTION_YES_NO:
        return "yes|no";
    case MG_OPTION_NUMBER:
        return *option.unit ? std::string("NUMBER of ") + option.unit : "NUMBER";
    case MG_OPTION_CHOICE: {
        std::string choices = option.choices;
        std::replace(choices.begin(), choices.end(), ',', '|');
        return choices;
    }
    case MG_OPTION_TEXT:
        break;
    }
    return "TEXT";
}

std::vector<const mg_option_info *> allOptions() {
    std::vector<const mg_option_info *> options;
    for (const char **pair = mg_get_valid_option_names(); *pair; pair += 2) options.push_back(mg_get_option_info(pair[0]));
    return options;
}

// Those that belong together stand together, the groups in the order in which a newcomer asks for them.
std::string optionsText() {
    const auto options = allOptions();
    std::vector<std::string_view> groups{"Folder", "Connection", "Access", "Changes"};
    for (const auto *option : options)
        if (std::find(groups.begin(), groups.end(), option->group) == groups.end()) groups.emplace_back(option->group);
    std::string text;
    for (const std::string_view group : groups) {
        text.append("\n").append(group).append("\n");
        for (const auto *option : options) {
            if (group != option->group) continue;
            const std::string initial = defaultOf(*option);
            text.append("  -").append(option->name).append(" ").append(formOf(*option));
            if (!initial.empty()) text.append("   default: ").append(initial);
            text.append("\n      ").append(option->help).append("\n");
        }
    }
    return text;
}

std::string helpText() {
    std::string text = "Serves a folder over HTTP.\n\n"
                       "  meerkatd                       the current folder at port 8080\n"
                       "  meerkatd FOLDER                that folder\n"
                       "  meerkatd CONFIG_FILE           as the file says: lines of \"name value\", # begins a comment\n"
                       "  meerkatd -name value ...       with these options; they win over the file\n"
                       "  meerkatd -A FILE REALM USER [PASSWORD]\n"
                       "                                 sets a password in a password file; an empty one deletes the user\n"
                       "  meerkatd -h | --help | --version\n\n"
                       "Without a config file named, mongoose.conf beside the program is read if there.\n\n"
                       "Ctrl+C and SIGTERM let running answers finish for up to 3 seconds; a second one ends at once.\n"
                       "SIGHUP begins the access log anew where its file was moved away. A terminal that is closed ends\n"
                       "the program, unless it was started with nohup or does not read from the terminal.\n\n"
                       "Options:\n";
    return text + optionsText();
}

std::string versionText() { return "meerkatd " MEERKAT_VERSION "\n"; }

}  // namespace meerkat::app
