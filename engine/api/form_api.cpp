// The functions of mongoose.h about forms and header parameters.
#include "api/text_out.h"
#include "base/encodings.h"
#include "http/form.h"
#include "http/header_parameters.h"
#include "http/multipart.h"
#include "mongoose.h"

using namespace meerkat;

namespace {

constexpr int kNotFound = -1;
constexpr int kTooSmall = -2;

std::optional<std::string_view> findInForms(const mg_connection &connection, std::string_view name) {
    std::optional<std::string_view> found;
    if (connection.query_string) found = http::findVariable(connection.query_string, name);
    if (found || !connection.content) return found;
    const char *type = mg_get_header(&connection, "Content-Type");
    if (type && !http::isFormType(type)) return found;
    return http::findVariable({connection.content, connection.content_len}, name);
}

}  // namespace

int mg_get_var(const mg_connection *connection, const char *var_name, char *buf, size_t buf_len) {
    if (!buf || buf_len == 0) return kTooSmall;
    buf[0] = '\0';
    if (!connection || !var_name) return kNotFound;
    const auto found = findInForms(*connection, var_name);
    if (!found) return kNotFound;
    const auto length = decodedInto(*found, true, api::roomIn(buf, buf_len));
    api::endText(buf, length);
    return length ? static_cast<int>(*length) : kTooSmall;
}

int mg_parse_header(const char *hdr, const char *var_name, char *buf, size_t buf_size) {
    if (!buf || buf_size == 0) return 0;
    buf[0] = '\0';
    if (!hdr || !var_name) return 0;
    const auto found = http::findParameter(hdr, var_name);
    if (!found) return 0;
    const auto length = http::unescapedInto(*found, api::roomIn(buf, buf_size));
    api::endText(buf, length);
    return static_cast<int>(length.value_or(0));
}

int mg_parse_multipart(const char *buf, int buf_len, char *var_name, int var_name_len, char *file_name, int file_name_len,
                       const char **data, int *data_len) {
    http::MultipartChunk chunk;
    if (buf && buf_len > 0) chunk = http::firstChunk({buf, static_cast<std::size_t>(buf_len)});
    api::copyText(chunk.name, var_name, var_name_len);
    api::copyText(chunk.fileName, file_name, file_name_len);
    const bool isThere = chunk.consumed > 0;
    if (data) *data = isThere ? chunk.data.data() : nullptr;
    if (data_len) *data_len = isThere ? static_cast<int>(chunk.data.size()) : 0;
    return static_cast<int>(chunk.consumed);
}
