// The functions of mongoose.h about options.
#include "api/handle.h"

const char *mg_set_option(mg_server *server, const char *name, const char *value) {
    if (!server) return "There is no server to set an option of";
    if (!name) return "An option has a name";
    server->lastRefusal = server->server->setOption(name, value ? value : "");
    return server->lastRefusal.empty() ? nullptr : server->lastRefusal.c_str();
}

const char *mg_check_option(mg_server *server, const char *name, const char *value) {
    if (!server) return "There is no server to check an option of";
    if (!name) return "An option has a name";
    server->lastRefusal = server->server->checkOption(name, value ? value : "");
    return server->lastRefusal.empty() ? nullptr : server->lastRefusal.c_str();
}

const char *mg_get_option(const mg_server *server, const char *name) {
    if (!server || !name) return nullptr;
    const std::string *value = server->server->option(name);
    return value ? value->c_str() : nullptr;
}

const char **mg_get_valid_option_names(void) { return meerkat::server::optionNames(); }

const mg_option_info *mg_get_option_info(const char *name) { return name ? meerkat::server::optionInfo(name) : nullptr; }
