#include "app/port_holder.h"

#include "app/utf8_path.h"

#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <unistd.h>

namespace meerkat::app {

namespace {

namespace fs = std::filesystem;

constexpr int kMostProcesses = 4096;  // bounds for a machine that is full: better no name than a program that waits
constexpr int kMostDescriptors = 65536;
constexpr int kMostTableLines = 32768;
constexpr int kHex = 16;

// Where a line of /proc/net/tcp tells of a listener on the port: the inode of its socket. Columns: "sl local_address
// rem_address st …": the port in hex after the last ':', state 0A is LISTEN, the tenth column is the inode.
std::string listenerIn(const std::string &line, std::uint16_t port) {
    std::istringstream words(line);
    std::array<std::string, 10> columns;
    for (std::string &column : columns) words >> column;
    const std::string &local = columns[1];
    const std::size_t colon = local.rfind(':');
    if (!words || colon == std::string::npos || columns[3] != "0A") return {};
    unsigned found = 0;
    std::from_chars(local.data() + colon + 1, local.data() + local.size(), found, kHex);
    return found == port ? columns[9] : std::string();
}

void addListeners(const char *table, std::uint16_t port, std::set<std::string> &links) {
    std::ifstream file(table);
    std::string line;
    for (int read = 0; read < kMostTableLines && std::getline(file, line); ++read) {
        const std::string inode = listenerIn(line, port);
        if (!inode.empty()) links.insert("socket:[" + inode + ']');
    }
}

bool holdsOneOf(const fs::path &descriptorFolder, const std::set<std::string> &links, int &descriptorsLeft) {
    std::error_code error;
    for (fs::directory_iterator descriptor(descriptorFolder, error), end; !error && descriptor != end;
         descriptor.increment(error)) {
        if (descriptorsLeft-- <= 0) return false;
        std::error_code gone;
        if (links.contains(fs::read_symlink(descriptor->path(), gone).string())) return true;
    }
    return false;
}

// The whole name: "comm" is cut at 15 characters.
std::string programName(const fs::path &process) {
    std::error_code error;
    const fs::path executable = fs::read_symlink(process / "exe", error);
    if (!error) {
        const std::string name = textOf(executable.filename());
        return name.substr(0, name.find(" (deleted)"));
    }
    std::ifstream comm(process / "comm");
    std::string name;
    std::getline(comm, name);
    return name;
}

bool isProcess(const fs::path &entry) {
    const std::string name = entry.filename().string();
    return !name.empty() && name[0] >= '1' && name[0] <= '9';
}

// Another program where there is one: this one may hold the port at an address that is not in the way.
std::string holderOf(const std::set<std::string> &links) {
    const std::string self = std::to_string(getpid());
    bool isOurs = false;
    int descriptorsLeft = kMostDescriptors;
    int processesLeft = kMostProcesses;
    std::error_code error;
    for (fs::directory_iterator entry("/proc", error), end; !error && entry != end; entry.increment(error)) {
        if (!isProcess(entry->path())) continue;
        if (processesLeft-- <= 0) break;
        if (!holdsOneOf(entry->path() / "fd", links, descriptorsLeft)) continue;
        if (entry->path().filename() != self) return programName(entry->path());
        isOurs = true;
    }
    return isOurs ? programName(fs::path("/proc") / self) : std::string();
}

}  // namespace

std::string programOnPort(std::uint16_t port) {
    std::set<std::string> links;
    addListeners("/proc/net/tcp", port, links);
    addListeners("/proc/net/tcp6", port, links);
    return links.empty() ? std::string() : holderOf(links);
}

}  // namespace meerkat::app
