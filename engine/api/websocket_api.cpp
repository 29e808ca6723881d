// The functions of mongoose.h about WebSockets.
#include "api/formatted.h"
#include "api/handle.h"

#include <cstdint>

using meerkat::server::Face;

int mg_websocket_write(mg_connection *connection, int opcode, const char *data, size_t data_len) {
    // Nothing in memory is longer than PTRDIFF_MAX: that is a negative length.
    if (!connection || (!data && data_len > 0) || data_len > PTRDIFF_MAX) return 0;
    Face &face = Face::of(*connection);
    const std::string_view payload(data ? data : "", data_len);
    mg_server *const server = face.program.handle;
    const int taken = face.program.sendFrame(face, opcode & ~WEBSOCKET_DONT_FIN, payload, !(opcode & WEBSOCKET_DONT_FIN));
    meerkat::api::destroyIfWanted(server);
    return taken;
}

int mg_websocket_printf(mg_connection *connection, int opcode, const char *format, ...) {
    if (!connection || !format) return 0;
    va_list values;
    va_start(values, format);
    const std::string text = meerkat::api::formatted(format, values);
    va_end(values);
    return mg_websocket_write(connection, opcode, text.data(), text.size());
}
