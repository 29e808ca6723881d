// The part of the program's events about connections that it opened.
#include "server/program.h"

namespace meerkat::server {

bool Program::onConnected(Face &face, int error, std::string_view why) {
    if (!wants(MG_CONNECT)) return false;
    std::string words(why);
    face.status_code = error;
    if (!words.empty()) {
        face.content = words.data();
        face.content_len = words.size();
    }
    const bool goesOn = call(face, MG_CONNECT) != MG_FALSE;
    if (!face.isClosed) face.status_code = 0;
    if (!words.empty()) {
        face.content = nullptr;
        face.content_len = 0;
    }
    // What was written is answered: the contract's FALSE means that no request was sent.
    return goesOn || (error == 0 && face.role == Role::Client && face.connection.isOpen() && face.client().expectsAnswer());
}

bool Program::onReply(Face &face, const http::ResponseHead &head, std::span<char> body) {
    if (!wants(MG_REPLY)) return false;
    face.showReply(head, body);
    const bool goesOn = call(face, MG_REPLY) != MG_FALSE;
    face.forgetRequest();
    face.status_code = 0;
    return goesOn;
}

}  // namespace meerkat::server
