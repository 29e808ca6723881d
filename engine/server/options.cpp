#include "server/options.h"

#include <array>

namespace meerkat::server {

namespace {

constexpr OptionSpec kTable[] = {
    {"access_control_list", nullptr, "who may connect: +address or -subnet, the last match wins"},
    {"access_log_file", nullptr, "file that gets a line for each request (combined format)"},
    {"auth_domain", "mydomain.com", "realm of the password question"},
    {"document_root", nullptr, "folder to serve"},
    {"enable_directory_listing", "yes", "yes or no: show a page for folders without index file"},
    {"extra_mime_types", nullptr, "further content types: .ext=type,…"},
    {"hide_files_patterns", nullptr, "names that are neither listed nor served"},
    {"idle_timeout_ms", "30000", "milliseconds after which a silent connection is closed"},
    {"index_files", "index.html,index.htm,index.shtml,index.cgi,index.php",
     "files that stand for their folder, the first that exists"},
    {"listening_port", nullptr, "port, address:port or [IPv6]:port"},
    {"max_request_body_bytes", "67108864", "longest request body that is kept for the handler"},
};

}  // namespace

std::span<const OptionSpec> optionTable() { return kTable; }

std::size_t optionIndex(std::string_view name) {
    std::size_t index = 0;
    while (index < std::size(kTable) && name != kTable[index].name) ++index;
    return index;
}

const char **optionNames() {
    static auto names = [] {
        std::array<const char *, std::size(kTable) * 2 + 1> list{};
        std::size_t next = 0;
        for (const auto &spec : kTable) {
            list[next++] = spec.name;
            list[next++] = spec.defaultValue;
        }
        return list;
    }();
    return names.data();
}

}  // namespace meerkat::server
