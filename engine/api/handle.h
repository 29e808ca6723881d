// Station: the C handles -> the engine's objects. From the functions of mongoose.h, to server.
#pragma once

#include "mongoose.h"
#include "server/server.h"

#include <memory>
#include <string>

struct mg_server {
    std::string lastRefusal;       // mg_set_option's answer lives here
    bool isDestroyWanted = false;  // mg_destroy_server was called by a handler: done when the outermost call returns
    std::unique_ptr<meerkat::server::Server> server;  // last: its MG_CLOSE handlers may still use the rest
};

namespace meerkat::api {

// At the end of each function from which handlers or observers are called. True: the server is gone.
inline bool destroyIfWanted(mg_server *server) {
    if (!server->isDestroyWanted || server->server->isBusy()) return false;
    delete server;
    return true;
}

}  // namespace meerkat::api
