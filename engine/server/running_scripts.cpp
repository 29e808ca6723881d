// The part of the server about requests that scripts answer: those with a body, and with methods that files do not know. GET and HEAD come to a
// script by way of the files.
#include "server/rewriting.h"
#include "server/server.h"

namespace meerkat::server {

// POST is, and OPTIONS, since a script knows best what it takes and from whom; and what changes files where nobody may change any.
bool Server::isForScripts(const http::RequestHead &head) const {
    if (head.method == http::Method::Post || head.method == http::Method::Options) return true;
    const bool isChange = head.method == http::Method::Put || head.method == http::Method::Delete || head.methodName == "PATCH";
    return isChange && m_settings.guard.davFile.empty();
}

files::ScriptLookup Server::scriptFor(const http::RequestHead &head) {
    if (!isForScripts(head)) return {};
    auto found = m_files.findScript(head);
    for (int freed = 0; found.state == os::OpenState::NoDescriptors && freed < files::kMostFreed && freeDescriptor(); ++freed)
        found = m_files.findScript(head);
    return found;
}

// The same before anything is answered.
bool Server::leadsToScript(const http::RequestHead &head) {
    if (!isForScripts(head)) return false;
    Serving serving(*this, head);
    return serving.leads() && scriptFor(head).state == os::OpenState::Opened;
}

// A body that is for a script, if this one is.
http::BodyDecision Server::beginScript(http::HttpProtocol &http, const http::RequestHead &head) {
    if (!isForScripts(head) || !http.connection().isOpen()) return {};
    Serving serving(*this, head);
    if (!serving.begin(http)) return {};
    const auto script = scriptFor(head);
    if (script.state != os::OpenState::Opened) return {};
    const std::string &where = script.file.opened.where;
    if (!letsPass(http, head) || (!where.empty() && !letsPass(http, head, where))) return {};
    if (m_observer.on_observation) noteRequest(http, head);
    http::BodyDecision decision;
    decision.sink = m_scripts.awaitBody(http, head, script.file);
    if (!decision.sink) return decision;
    decision.plan = http::BodyPlan::Stream;
    decision.limit = head.isChunked ? m_settings.maxRequestBodyBytes : UINT64_MAX;
    return decision;
}

// False: it is for no script.
bool Server::runScript(http::HttpProtocol &http, const http::RequestHead &head, std::string_view body) {
    const auto script = scriptFor(head);
    if (script.state == os::OpenState::NoDescriptors) return http.refuse(503, "Retry-After: 1\r\n"), true;
    if (script.state != os::OpenState::Opened) return false;
    const std::string &where = script.file.opened.where;
    if (where.empty() || letsPass(http, head, where)) m_scripts.run(http, head, script.file, body);
    return true;
}

}  // namespace meerkat::server
