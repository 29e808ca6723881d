#include "app/option_help.h"

#include <algorithm>
#include <iterator>

namespace meerkat::app {

namespace {

struct OptionHelp {
    std::string_view name;
    std::string_view line;
    bool isPath = false;
};

constexpr OptionHelp kOptionHelp[] = {
    {"access_control_list", "Who may connect: + or - before an address or subnet, e.g. +192.168.0.0/16"},
    {"access_log_file", "File that gets a line for each request", true},
    {"auth_domain", "Realm that a browser shows when it asks for a password"},
    {"cgi_interpreter", "Program that runs every CGI file", true},
    {"cgi_pattern", "Which files are run as CGI"},
    {"connect_timeout_ms", "Give up a connection of the program's own after so many milliseconds"},
    {"dav_auth_file", "Password file of those who may write and delete", true},
    {"document_root", "Folder to serve", true},
    {"enable_directory_listing", "Show the content of a folder without index file: yes or no"},
    {"extra_mime_types", "Content types by file ending, e.g. .foo=text/plain,.bar=image/png"},
    {"global_auth_file", "Password file for everything", true},
    {"hexdump_file", "File that gets a dump of all traffic", true},
    {"hide_files_patterns", "Names of files that nobody gets to see, e.g. **.bak$|.git"},
    {"idle_timeout_ms", "Close a connection that is silent for so many milliseconds"},
    {"index_files", "Files that stand for their folder, the first that exists"},
    {"listening_port", "Port, address:port or [IPv6 address]:port; a port alone is open to the network"},
    {"max_reply_bytes", "Longest answer to a request of the program's own"},
    {"max_request_body_bytes", "Longest request body that is kept in memory for a program"},
    {"max_websocket_message_bytes", "Longest WebSocket message that is taken"},
    {"run_as_user", "User to become once the port is open"},
    {"ssi_exec", "Whether server-side includes may run programs: no"},
    {"ssi_pattern", "Which files are searched for server-side includes"},
    {"ssl_auto_directory", "Folder that keeps the authority of ssl_certificate auto", true},
    {"ssl_ca_certificate", "PEM file of the authorities that the program's own connections trust", true},
    {"ssl_certificate", "PEM file with key and certificate, or auto for one of our own: serves HTTPS", true},
    {"url_rewrites", "Other folders for some addresses, e.g. /music=/home/ana/Music"},
    {"websocket_compression", "Compress WebSocket messages where the client can: yes or no"},
    {"websocket_events", "What a program gets of a WebSocket: message or frame"},
    {"websocket_subprotocols", "Subprotocols that the program speaks, e.g. chat,superchat"},
};

const OptionHelp *find(std::string_view name) {
    const auto found = std::find_if(std::begin(kOptionHelp), std::end(kOptionHelp),
                                    [&](const OptionHelp &option) { return option.name == name; });
    return found == std::end(kOptionHelp) ? nullptr : found;
}

}  // namespace

std::string_view optionHelp(std::string_view name) {
    const OptionHelp *option = find(name);
    return option ? option->line : std::string_view();
}

bool isPathOption(std::string_view name) {
    const OptionHelp *option = find(name);
    return option && option->isPath;
}

}  // namespace meerkat::app
