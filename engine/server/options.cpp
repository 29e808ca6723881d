#include "server/options.h"

#include "os/account.h"

#include <vector>

namespace meerkat::server {

namespace {

// clang-format off
constexpr mg_option_info kEverySystems[] = {
    {"access_control_list", nullptr, MG_OPTION_LIST, nullptr, nullptr, "Access",
     "Who may connect: + or - before an address or subnet, e.g. +192.168.0.0/16"},
    {"access_log_file", nullptr, MG_OPTION_FILE, nullptr, nullptr, "Logs",
     "File that gets a line for each request"},
    {"auth_domain", "mydomain.com", MG_OPTION_TEXT, nullptr, nullptr, "Access",
     "Realm that a browser shows when it asks for a password"},
    {"cgi_interpreter", nullptr, MG_OPTION_FILE, nullptr, nullptr, "Scripts",
     "Program that runs every script, e.g. php-cgi; without one each script runs itself"},
    {"cgi_pattern", "**.cgi$|**.pl$|**.php$", MG_OPTION_PATTERNS, nullptr, nullptr, "Scripts",
     "Which files are scripts: they are run, and their text is never shown"},
    {"dav_auth_file", nullptr, MG_OPTION_FILE, nullptr, nullptr, "Changes",
     "Password file of those who may write and delete"},
    {"document_root", nullptr, MG_OPTION_FOLDER, nullptr, nullptr, "Folder",
     "Folder to serve"},
    {"enable_directory_listing", "yes", MG_OPTION_YES_NO, nullptr, nullptr, "Folder",
     "Show the content of a folder without index file"},
    {"extra_mime_types", nullptr, MG_OPTION_LIST, nullptr, nullptr, "Folder",
     "Content types by file ending, e.g. .foo=text/plain,.bar=image/png"},
    {"global_auth_file", nullptr, MG_OPTION_FILE, nullptr, nullptr, "Access",
     "Password file for everything"},
    {"hexdump_file", nullptr, MG_OPTION_FILE, nullptr, nullptr, "Logs",
     "File that gets every byte that is read and written, passwords too, for finding faults"},
    {"hide_files_patterns", nullptr, MG_OPTION_PATTERNS, nullptr, nullptr, "Folder",
     "Names of files that nobody gets to see, e.g. **.bak$|.git"},
    {"idle_timeout_ms", "30000", MG_OPTION_NUMBER, "ms", nullptr, "Limits",
     "How long a connection may be silent before it is closed"},
    {"index_files", "index.html,index.htm,index.shtml,index.cgi,index.php", MG_OPTION_LIST, nullptr, nullptr, "Folder",
     "Files that stand for their folder, the first that exists"},
    {"listening_port", nullptr, MG_OPTION_LISTENER, nullptr, nullptr, "Connection",
     "Port, address:port or [IPv6 address]:port; a port alone is open to the network"},
    {"run_as_user", nullptr, MG_OPTION_TEXT, nullptr, nullptr, "Connection",
     "User that the program becomes for good once it listens, e.g. nobody; root has to start it"},
    {"ssi_pattern", "**.shtml$|**.shtm$", MG_OPTION_PATTERNS, nullptr, nullptr, "Scripts",
     "Which files are searched for server-side includes"},
    {"ssl_certificate", nullptr, MG_OPTION_FILE, nullptr, nullptr, "Encryption",
     "PEM file with key and certificate, or auto for one of our own: serves HTTPS"},
    {"url_rewrites", nullptr, MG_OPTION_LIST, nullptr, nullptr, "Addresses",
     "Where paths, hosts and errors lead: /a=/folder, /old=301:/new, 404=/lost.html, @host=/folder"},
    {"access_log_format", "combined", MG_OPTION_CHOICE, nullptr, "combined,json", "Logs",
     "Lines of the access log: combined, as Apache's, or json"},
    {"access_log_keep", "5", MG_OPTION_NUMBER, "files", nullptr, "Logs",
     "How many older access logs are kept, as NAME.1, NAME.2 and so on"},
    {"access_log_max_bytes", "0", MG_OPTION_NUMBER, "bytes", nullptr, "Logs",
     "At which size the access log is begun anew; 0: never"},
    {"cache_control", nullptr, MG_OPTION_LIST, nullptr, nullptr, "Headers",
     "How long browsers may keep a file, by its path, e.g. **.js$=public max-age=86400"},
    {"cgi_max_processes", "16", MG_OPTION_NUMBER, "processes", nullptr, "Scripts",
     "How many scripts run at once; further requests wait for their turn"},
    {"cgi_timeout_ms", "60000", MG_OPTION_NUMBER, "ms", nullptr, "Scripts",
     "How long a script may be silent, and a request wait for its turn"},
    {"clean_urls", "no", MG_OPTION_CHOICE, nullptr, "no,yes,redirect", "Addresses",
     "Let /about find about.html; redirect: and send /about.html on to /about"},
    {"compression", "yes", MG_OPTION_YES_NO, nullptr, nullptr, "Folder",
     "Send text files compressed, or the .br, .zst or .gz beside them, where the client can"},
    {"compression_cache_bytes", "16777216", MG_OPTION_NUMBER, "bytes", nullptr, "Limits",
     "Memory for compressed copies of files; 0 compresses anew each time"},
    {"connect_timeout_ms", "30000", MG_OPTION_NUMBER, "ms", nullptr, "Limits",
     "How long a connection of the program's own may take to be made"},
    {"cors_origins", nullptr, MG_OPTION_LIST, nullptr, nullptr, "Headers",
     "Sites whose pages may read what is served here, e.g. https://app.example.com, or *"},
    {"cross_origin_isolation", "no", MG_OPTION_YES_NO, nullptr, nullptr, "Headers",
     "Keep pages apart from those of other sites (COOP, COEP, CORP), as SharedArrayBuffer needs it"},
    {"extra_headers", nullptr, MG_OPTION_LIST, nullptr, nullptr, "Headers",
     "Headers to add by path, e.g. /=X-Frame-Options: DENY; a comma in a value is written \\,"},
    {"max_bytes_per_second", "0", MG_OPTION_NUMBER, "bytes a second", nullptr, "Limits",
     "How much is sent in a second to all clients together, who share it alike; 0: no limit"},
    {"max_connection_bytes_per_second", "0", MG_OPTION_NUMBER, "bytes a second", nullptr, "Limits",
     "How much is sent in a second on one connection; 0: no limit"},
    {"max_connections", "0", MG_OPTION_NUMBER, "connections", nullptr, "Limits",
     "How many connections may be open at once, further ones get 503; 0: no limit"},
    {"max_connections_per_address", "0", MG_OPTION_NUMBER, "connections", nullptr, "Limits",
     "How many of them from one address (IPv6: one /64 network), further ones get 429; 0: no limit"},
    {"max_reply_bytes", "67108864", MG_OPTION_NUMBER, "bytes", nullptr, "Limits",
     "Longest answer to a request of the program's own"},
    {"max_request_body_bytes", "67108864", MG_OPTION_NUMBER, "bytes", nullptr, "Limits",
     "Longest request body that is kept in memory for a program"},
    {"max_requests_per_second_per_address", "0", MG_OPTION_NUMBER, "requests a second", nullptr, "Limits",
     "How many requests an address may send in a second, further ones get 429; 0: no limit"},
    {"max_websocket_message_bytes", "16777216", MG_OPTION_NUMBER, "bytes", nullptr, "WebSocket",
     "Longest WebSocket message that is taken"},
    {"spa_fallback", nullptr, MG_OPTION_TEXT, nullptr, nullptr, "Addresses",
     "File that answers where a page is asked for and nothing is found, e.g. /index.html"},
    {"ssi_exec", "no", MG_OPTION_YES_NO, nullptr, nullptr, "Scripts",
     "Let server-side includes run programs"},
    {"ssl_auto_directory", nullptr, MG_OPTION_FOLDER, nullptr, nullptr, "Encryption",
     "Folder that keeps the authority of ssl_certificate auto"},
    {"ssl_ca_certificate", nullptr, MG_OPTION_FILE, nullptr, nullptr, "Encryption",
     "PEM file of the authorities that the program's own connections trust"},
    {"upload", "no", MG_OPTION_CHOICE, nullptr, "no,new,replace", "Changes",
     "Let visitors add files and folders (new), or also replace, move and delete (replace)"},
    {"websocket_compression", "yes", MG_OPTION_YES_NO, nullptr, nullptr, "WebSocket",
     "Compress WebSocket messages where the client can"},
    {"websocket_endpoints", nullptr, MG_OPTION_LIST, nullptr, nullptr, "WebSocket",
     "Paths of WebSockets and what answers: echo, broadcast or manual, e.g. /chat=broadcast"},
    {"websocket_events", "message", MG_OPTION_CHOICE, nullptr, "message,frame", "WebSocket",
     "What a program gets of a WebSocket: message or frame"},
    {"websocket_subprotocols", nullptr, MG_OPTION_LIST, nullptr, nullptr, "WebSocket",
     "Subprotocols that the program speaks, e.g. chat,superchat"},
};
// clang-format on

}  // namespace

// A program that can't become another user's has no option that says so.
std::span<const mg_option_info> optionTable() {
    static const auto table = [] {
        std::vector<mg_option_info> options(std::begin(kEverySystems), std::end(kEverySystems));
        if (!os::canBecomeUser())
            std::erase_if(options, [](const mg_option_info &info) { return std::string_view(info.name) == "run_as_user"; });
        return options;
    }();
    return table;
}

std::size_t optionIndex(std::string_view name) {
    const auto table = optionTable();
    std::size_t index = 0;
    while (index < table.size() && name != table[index].name) ++index;
    return index;
}

const mg_option_info *optionInfo(std::string_view name) {
    const std::size_t index = optionIndex(name);
    return index < optionTable().size() ? &optionTable()[index] : nullptr;
}

const char **optionNames() {
    static auto names = [] {
        std::vector<const char *> list;
        for (const auto &info : optionTable()) list.insert(list.end(), {info.name, info.default_value});
        list.push_back(nullptr);
        return list;
    }();
    return names.data();
}

}  // namespace meerkat::server
