#include "server/options.h"

#include <array>

namespace meerkat::server {

namespace {

constexpr OptionSpec kTable[] = {
    {"access_control_list", nullptr},
    {"access_log_file", nullptr},
    {"auth_domain", "mydomain.com"},
    {"dav_auth_file", nullptr},
    {"document_root", nullptr},
    {"enable_directory_listing", "yes"},
    {"extra_mime_types", nullptr},
    {"global_auth_file", nullptr},
    {"hide_files_patterns", nullptr},
    {"idle_timeout_ms", "30000"},
    {"index_files", "index.html,index.htm,index.shtml,index.cgi,index.php"},
    {"listening_port", nullptr},
    {"ssi_pattern", "**.shtml$|**.shtm$"},
    {"ssl_certificate", nullptr},
    {"connect_timeout_ms", "30000"},
    {"max_reply_bytes", "67108864"},
    {"max_request_body_bytes", "67108864"},
    {"max_websocket_message_bytes", "16777216"},
    {"ssi_exec", "no"},
    {"ssl_auto_directory", nullptr},
    {"ssl_ca_certificate", nullptr},
    {"websocket_compression", "yes"},
    {"websocket_events", "message"},
    {"websocket_subprotocols", nullptr},
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
