#include "app/serving_settings.h"

#include "app/utf8_path.h"

#include <mongoose.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <string_view>

namespace meerkat::app {

namespace {

std::string textOrNone(const char *text) { return text ? text : ""; }

std::string defaultOf(std::string_view name) {
    for (const char **pair = mg_get_valid_option_names(); *pair; pair += 2) {
        if (name == pair[0]) return textOrNone(pair[1]);
    }
    return {};
}

bool hasOption(const std::vector<std::pair<std::string, std::string>> &options, const std::string &name) {
    return std::any_of(options.begin(), options.end(), [&](const auto &option) { return option.first == name; });
}

bool isLoopback(std::string_view ip) { return ip.starts_with("127.") || ip == "::1" || ip.starts_with("::ffff:127."); }

bool says(const std::string &text, std::initializer_list<std::string_view> phrases) {
    return std::any_of(phrases.begin(), phrases.end(),
                       [&](std::string_view phrase) { return text.find(phrase) != std::string::npos; });
}

}  // namespace

std::optional<TroubleKind> troubleWithFolder(const std::string &path) {
    namespace fs = std::filesystem;
    std::error_code error;
    const fs::path folder = pathOf(path);
    const fs::file_status status = fs::status(folder, error);
    if (status.type() == fs::file_type::none) return TroubleKind::FolderUnreadable;
    if (status.type() == fs::file_type::regular) return TroubleKind::FolderIsFile;
    if (status.type() != fs::file_type::directory) return TroubleKind::FolderMissing;
    fs::directory_iterator entries(folder, error);
    // Names can be read where the files behind them can't.
    const bool canBeEntered = !error && fs::is_directory(folder / ".", error);
    return canBeEntered ? std::nullopt : std::optional(TroubleKind::FolderUnreadable);
}

std::string folderComplaint(std::optional<TroubleKind> trouble, const std::string &path) {
    if (!trouble) return {};
    if (*trouble == TroubleKind::FolderUnreadable)
        return "the folder " + path + " can't be read: allow it in the folder's permissions, or name another one";
    return "there is no folder " + path;
}

TroubleKind kindOfPortTrouble(const std::string &sentence) {
    if (says(sentence, {"in use", "taken", "Only one usage"})) return TroubleKind::PortTaken;
    if (says(sentence, {"ermission", "denied", "forbidden", "not allowed", "may not"})) return TroubleKind::PortForbidden;
    return TroubleKind::OptionRefused;
}

std::string listeningValue(const std::string &address, std::uint16_t port) {
    const std::string digits = std::to_string(port);
    if (address.empty()) return digits;
    if (address.find(':') != std::string::npos) return "[" + address + "]:" + digits;
    return address + ":" + digits;
}

ListeningPlace listeningPlace(const std::string &value) {
    const std::size_t colon = value.rfind(':');
    const std::string host = colon == std::string::npos ? "" : value.substr(0, colon);
    const char *digits = value.data() + (colon == std::string::npos ? 0 : colon + 1);
    ListeningPlace place;
    std::from_chars(digits, value.data() + value.size(), place.port);
    const bool isEveryAddress = host.empty() || host == "0.0.0.0" || host == "[::]" || host == "*";
    place.host = isEveryAddress ? "127.0.0.1" : host;
    place.isOpenToNetwork = isEveryAddress || (!host.starts_with("127.") && host != "[::1]" && host != "localhost");
    return place;
}

std::variant<Started, Failed> ServingSettings::apply(const StartServing &wanted) {
    m_old.clear();
    std::optional<Failed> failed = setOptions(wanted.options);
    if (!failed) failed = listen(wanted);
    if (failed) {
        undo();
        failed->keptServing = m_isServing;
        return *failed;
    }
    m_set = wanted.options;
    m_isServing = true;
    if (wanted.address != m_address && !listeningPlace(listeningValue(wanted.address, 0)).isOpenToNetwork) closeOthers();
    m_address = wanted.address;
    m_port = listeningPlace(textOrNone(mg_get_option(m_server, "listening_port"))).port;
    m_folder = textOrNone(mg_get_option(m_server, "document_root"));
    return Started{m_port, m_address};
}

// "Only this computer" is true of those who came before, too: a connection that is kept would see what is written into the folder later.
void ServingSettings::closeOthers() {
    std::vector<unsigned long long> others;
    const auto note = [](const mg_connection_info *info, void *list) {
        if (!isLoopback(info->remote_ip)) static_cast<std::vector<unsigned long long> *>(list)->push_back(info->connection_id);
    };
    mg_visit_connections(m_server, note, &others);
    for (const auto id : others) mg_close_connections(m_server, id);
}

void ServingSettings::reopenFolder() { mg_set_option(m_server, "document_root", m_folder.c_str()); }

void ServingSettings::stop() {
    mg_set_option(m_server, "listening_port", "");
    mg_close_connections(m_server, 0);
    m_isServing = false;
    m_port = 0;
}

// What was asked for the last time and is no longer goes back to its default.
std::optional<Failed> ServingSettings::setOptions(const std::vector<Option> &wanted) {
    for (const Option &former : m_set) {
        if (hasOption(wanted, former.first)) continue;
        if (auto failed = setOption({former.first, defaultOf(former.first)})) return failed;
    }
    for (const Option &option : wanted) {
        if (auto failed = setOption(option)) return failed;
    }
    return std::nullopt;
}

std::optional<Failed> ServingSettings::setOption(const Option &option) {
    const auto &[name, value] = option;
    // The served folder may have vanished: that keeps nobody from choosing another port meanwhile.
    const bool isServed = m_isServing && value == m_folder;
    if (name == "document_root" && !value.empty() && !isServed) {
        if (const auto trouble = troubleWithFolder(value))
            return Failed{*trouble, "document_root", folderComplaint(trouble, value)};
    }
    const char *old = mg_get_option(m_server, name.c_str());
    if (old && value == old) return std::nullopt;
    std::string kept = textOrNone(old);
    if (const char *error = mg_set_option(m_server, name.c_str(), value.c_str())) {
        return Failed{TroubleKind::OptionRefused, name, error};
    }
    m_old.emplace_back(name, std::move(kept));
    return std::nullopt;
}

void ServingSettings::undo() {
    for (auto option = m_old.rbegin(); option != m_old.rend(); ++option) {
        mg_set_option(m_server, option->first.c_str(), option->second.c_str());
    }
    m_old.clear();
}

bool ServingSettings::listensAsWanted(const StartServing &wanted) const {
    const auto &ports = wanted.ports;
    return m_isServing && wanted.address == m_address && std::find(ports.begin(), ports.end(), m_port) != ports.end();
}

// The first port decides what is told: the others are only tried in its place.
std::optional<Failed> ServingSettings::listen(const StartServing &wanted) {
    if (listensAsWanted(wanted)) return std::nullopt;
    std::optional<Failed> first;
    for (const std::uint16_t port : wanted.ports) {
        auto failed = listenAt(wanted.address, port);
        if (!failed) return std::nullopt;
        const bool mayWorkElsewhere = failed->kind == TroubleKind::PortTaken || failed->kind == TroubleKind::PortForbidden;
        if (!first) first = std::move(failed);
        if (!mayWorkElsewhere) break;
    }
    return first ? first : Failed{TroubleKind::Other, "listening_port", "no port was named"};
}

// The same port at another address may be held by nobody but ourselves: then the old listener has to go first, and comes back
// if the new one fails all the same.
std::optional<Failed> ServingSettings::listenAt(const std::string &address, std::uint16_t port) {
    const std::string value = listeningValue(address, port);
    const char *error = mg_set_option(m_server, "listening_port", value.c_str());
    if (!error) return std::nullopt;
    std::string text = error;
    if (m_isServing && port == m_port) {
        mg_set_option(m_server, "listening_port", "");
        error = mg_set_option(m_server, "listening_port", value.c_str());
        if (!error) return std::nullopt;
        text = error;
        mg_set_option(m_server, "listening_port", listeningValue(m_address, m_port).c_str());
    }
    return Failed{kindOfPortTrouble(text), "listening_port", text, port};
}

}  // namespace meerkat::app
