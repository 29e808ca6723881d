// Station: the C handles -> the engine's objects. From the functions of mongoose.h, to server.
#pragma once

#include "mongoose.h"
#include "server/server.h"

#include <memory>
#include <string>

struct mg_server {
    std::unique_ptr<meerkat::server::Server> server;
    std::string lastRefusal;       // mg_set_option's answer lives here
    bool isDestroyWanted = false;  // mg_destroy_server was called by a handler: done when mg_poll_server returns
};
