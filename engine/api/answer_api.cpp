// The functions of mongoose.h that answer a request.
#include "api/formatted.h"
#include "api/handle.h"
#include "base/text.h"

#include <string>

using meerkat::server::Face;

namespace {

std::string_view asText(const void *data, int length) {
    return {static_cast<const char *>(data), static_cast<std::size_t>(length)};
}

bool isUsable(const mg_connection *connection, const void *data, int length) { return connection && data && length > 0; }

}  // namespace

int mg_send_status(mg_connection *connection, int status_code) {
    if (!connection) return 0;
    Face &face = Face::of(*connection);
    return face.program.sendStatus(face, status_code);
}

int mg_send_header(mg_connection *connection, const char *name, const char *value) {
    if (!connection || !name || !value) return 0;
    Face &face = Face::of(*connection);
    return face.program.sendHeader(face, name, value);
}

int mg_send_data(mg_connection *connection, const void *data, int data_len) {
    if (!isUsable(connection, data, data_len)) return 0;
    Face &face = Face::of(*connection);
    return face.program.sendData(face, asText(data, data_len));
}

int mg_write_data(mg_connection *connection, const void *data, int data_len) { return mg_send_data(connection, data, data_len); }

int mg_send_file(mg_connection *connection, const char *path) {
    if (!connection || !path) return 0;
    Face &face = Face::of(*connection);
    return face.program.sendFile(face, path) ? 1 : 0;
}

int mg_write(mg_connection *connection, const void *data, int data_len) {
    if (!isUsable(connection, data, data_len)) return 0;
    Face &face = Face::of(*connection);
    return face.program.sendRaw(face, asText(data, data_len));
}

int mg_printf_data(mg_connection *connection, const char *format, ...) {
    if (!connection || !format) return 0;
    va_list values;
    va_start(values, format);
    const std::string text = meerkat::api::formatted(format, values);
    va_end(values);
    return mg_send_data(connection, text.data(), static_cast<int>(text.size()));
}

int mg_printf(mg_connection *connection, const char *format, ...) {
    if (!connection || !format) return 0;
    va_list values;
    va_start(values, format);
    const std::string text = meerkat::api::formatted(format, values);
    va_end(values);
    return mg_write(connection, text.data(), static_cast<int>(text.size()));
}

const char *mg_get_header(const mg_connection *connection, const char *name) {
    if (!connection || !name) return nullptr;
    for (int i = 0; i < connection->num_headers; ++i)
        if (meerkat::equalsIgnoringCase(connection->http_headers[i].name, name)) return connection->http_headers[i].value;
    return nullptr;
}

size_t mg_pending_bytes(const mg_connection *connection) {
    if (!connection) return 0;
    const Face &face = Face::of(*connection);
    const std::size_t spooled = face.request ? face.request->writer.spooled() : 0;
    return spooled + static_cast<std::size_t>(face.connection.bytesWaiting());
}
