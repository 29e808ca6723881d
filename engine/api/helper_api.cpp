// The functions of mongoose.h that help with texts, types and threads.
#include "access/hash.h"
#include "api/text_out.h"
#include "base/encodings.h"
#include "files/mime_types.h"
#include "mongoose.h"
#include "os/thread.h"

#include <cstdint>
#include <cstring>
#include <vector>

using namespace meerkat;

int mg_url_encode(const char *src, size_t s_len, char *dst, size_t dst_len) {
    api::clearText(dst, dst_len);
    if (!src || !dst || dst_len == 0 || s_len > PTRDIFF_MAX) return -1;
    const std::string encoded = percentEncoded({src, s_len});
    if (encoded.size() >= dst_len) return -1;
    std::memcpy(dst, encoded.c_str(), encoded.size() + 1);
    return static_cast<int>(encoded.size());
}

int mg_url_decode(const char *src, int src_len, char *dst, int dst_len, int is_form_url_encoded) {
    if (!dst || dst_len <= 0) return -1;
    if (!src || src_len < 0) return dst[0] = '\0', -1;
    const std::string_view text(src, static_cast<std::size_t>(src_len));
    const auto length = decodedInto(text, is_form_url_encoded != 0, api::roomIn(dst, static_cast<std::size_t>(dst_len)));
    api::endText(dst, length);
    return length ? static_cast<int>(*length) : -1;
}

char *mg_md5(char buf[33], ...) {
    if (!buf) return nullptr;
    std::vector<std::string_view> texts;
    va_list list;
    va_start(list, buf);
    while (const char *text = va_arg(list, const char *)) texts.emplace_back(text);
    va_end(list);
    const std::string hex = access::hashHex(access::HashKind::Md5, texts);
    std::memcpy(buf, hex.c_str(), hex.size() + 1);
    return buf;
}

const char *mg_get_mime_type(const char *name, const char *default_mime_type) {
    const char *type = name ? files::knownType(name) : nullptr;
    return type ? type : default_mime_type;
}

void *mg_start_thread(void *(*func)(void *), void *param) {
    static char started;
    return func && os::startDetached(func, param) ? &started : nullptr;
}
