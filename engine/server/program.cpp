#include "server/program.h"

#include "http/url.h"

#include <algorithm>
#include <utility>

namespace meerkat::server {

// ---- faces ----

Face &Program::faceOf(net::Connection &connection) {
    if (!connection.ownerState) connection.ownerState = std::make_unique<Face>(*this, connection, m_serverParam);
    return *Face::find(connection);
}

// False: the target has no path that a handler could be shown.
bool Program::show(Face &face, const http::RequestHead &head, std::string_view body) {
    const auto target = http::parseTarget(head.target, head.method == http::Method::Connect);
    if (!target) return false;
    if (target->form == http::TargetForm::Asterisk || target->form == http::TargetForm::Authority) {
        face.show(head, head.target, {}, false, body);
        return true;
    }
    const auto path = http::cleanPath(target->path.empty() ? "/" : target->path);
    if (!path) return false;
    face.show(head, *path, target->query, target->hasQuery, body);
    return true;
}

void Program::keepSpare(std::unique_ptr<FaceRequest> request) {
    constexpr std::size_t kKeptBytes = 16 * 1024;
    if (!m_spare && request->texts.capacity() <= kKeptBytes) m_spare = std::move(request);
}

// ---- events ----

int Program::call(Face &face, mg_event event) {
    const bool wasInEvent = face.isInEvent;
    const bool isOpening = face.role == Role::WebSocket && !face.uri;
    face.isInEvent = true;
    ++m_depth;
    if (isOpening) face.showOpening(roomForHeaders());
    const int answer = m_handler(&face, event);
    if (isOpening) face.hideOpening();
    --m_depth;
    face.isInEvent = wasInEvent;
    return answer;
}

bool Program::askAuthorised(Face &face) {
    if (!face.isAuthorised && wants(MG_AUTH)) {
        face.isAuthorised = call(face, MG_AUTH) != MG_FALSE;
        return face.isAuthorised;
    }
    face.isAuthorised = true;
    return true;
}

bool Program::authorises(http::HttpProtocol &http, const http::RequestHead &head) {
    Face &face = faceOf(http.connection());
    if (!show(face, head, {})) return true;  // refused as a bad target once its body is there
    return askAuthorised(face);
}

void Program::awaitBody(http::HttpProtocol &http) {
    Face &face = faceOf(http.connection());
    const bool wasAuthorised = face.isAuthorised;
    face.forgetRequest();
    face.isAuthorised = wasAuthorised;
}

Program::Verdict Program::onRequest(http::HttpProtocol &http, const http::RequestHead &head, std::string_view body) {
    Face &face = faceOf(http.connection());
    const bool wasAuthorised = face.isAuthorised;
    if (!show(face, head, body)) return Verdict::BadTarget;
    face.isAuthorised = wasAuthorised;
    if (!askAuthorised(face)) return Verdict::Unauthorised;
    // What MG_AUTH said of the answer, and is no answer by itself.
    const std::size_t linesBefore = face.request->writer.hasOnlyFields() ? face.request->writer.fields().size() : 0;
    face.isInRequest = true;
    const int answer = wants(MG_REQUEST) ? call(face, MG_REQUEST) : MG_FALSE;
    face.isInRequest = false;
    if (!http.connection().isOpen()) return Verdict::Answered;
    if (face.request->file) return Verdict::File;
    if (answer == MG_TRUE) {
        finish(face, false);
        return Verdict::Answered;
    }
    // The contract uses 0 for "not served" and for "call me again": it is the second once something was sent.
    const http::ResponseWriter &writer = face.request->writer;
    const bool hasSaidNothing = !writer.hasBegun() || (writer.hasOnlyFields() && writer.fields().size() == linesBefore);
    if (answer == MG_MORE || !hasSaidNothing) {
        goOn(face);
        return Verdict::Answered;
    }
    return Verdict::Declined;
}

std::string_view Program::linesFor(http::HttpProtocol &http) const {
    const Face *face = Face::find(http.connection());
    return face && face->request && face->request->writer.hasOnlyFields() ? std::string_view(face->request->writer.fields())
                                                                          : std::string_view();
}

ChosenFile Program::takeFile(http::HttpProtocol &http) { return std::move(*Face::find(http.connection())->request->file); }

bool Program::onError(http::HttpProtocol &http, int status) {
    if (!wants(MG_HTTP_ERROR)) return false;
    Face &face = faceOf(http.connection());
    if (face.isInEvent || face.isClosed) return false;
    if (!face.request && (!http.head() || !show(face, *http.head(), {}))) face.showNothing();
    // What a declining handler may have spooled is not part of this answer, and the connection may have to end with it.
    face.request->writer.reset(http.minorVersion(), http.isHeadRequest(), http.keepsAlive());
    face.status_code = status;
    const int answer = call(face, MG_HTTP_ERROR);
    face.status_code = 0;
    if (answer != MG_TRUE || !face.request->writer.hasBegun()) return false;
    finish(face, false);
    return true;
}

void Program::endRequest(http::HttpProtocol &http) {
    Face *face = Face::find(http.connection());
    if (face && !face->isAnswering) face->forgetRequest();
}

void Program::onClosed(net::Connection &connection) {
    Face *face = Face::find(connection);
    if (!face) return;
    stopAnswering(*face);
    std::erase(m_touched, face);
    face->isClosed = true;
    if (wants(MG_CLOSE)) call(*face, MG_CLOSE);
    face->forgetRequest();
}

void Program::poll(net::Connection &connection) {
    if (!m_handler || m_isEnding || !connection.isOpen()) return;
    Face &face = faceOf(connection);
    if (face.isClosed) return;
    const int answer = call(face, MG_POLL);
    if (!connection.isOpen()) return;
    if (answer == MG_TRUE) return endForTruePoll(face);
    if (!face.isAnswering && connection.owesFlush()) connection.flush();
    if (face.isAnswering && pump(face) > 0 && !connection.hasQueue()) m_hasMoreNow = true;
}

void Program::endForTruePoll(Face &face) {
    if (face.role == Role::Client) return face.connection.closeWhenDrained(false);
    if (face.role == Role::WebSocket) {
        face.websocket().close();
        return face.connection.flush();
    }
    if (face.isAnswering) finish(face, true);
    face.http().closeAfterAnswer();
}

void Program::visit(net::Connection &connection, mg_handler_t func, void *param) {
    Face &face = faceOf(connection);
    if (face.isClosed || !connection.isOpen()) return;
    const bool isOpening = face.role == Role::WebSocket && !face.uri;
    // It may be visited by another pass already.
    void *const outerParam = std::exchange(face.callback_param, param);
    ++m_depth;
    ++m_visits;
    if (isOpening) face.showOpening(roomForHeaders());
    func(&face, MG_POLL);
    if (isOpening) face.hideOpening();
    --m_visits;
    --m_depth;
    face.callback_param = outerParam;
}

// ---- answers ----

// Hands the spool to the connection; returns how many bytes that were.
std::size_t Program::pump(Face &face) {
    if (!face.request) return 0;
    http::HttpService &service = face.http().service();
    std::string &out = service.workspace();
    face.request->writer.take(service.dateLine(), out);
    const std::size_t bytes = out.size();
    face.http().sendRaw(out);
    // A handler's own call is flushed by the connection that is reading; a poll is not part of one.
    if (face.isAnswering) face.connection.flush();
    return bytes;
}

void Program::finish(Face &face, bool isPolled) {
    http::ResponseWriter &writer = face.request->writer;
    writer.finish();
    http::HttpService &service = face.http().service();
    std::string &out = service.workspace();
    writer.take(service.dateLine(), out);
    face.http().sendRaw(out);
    const int status = writer.status();
    const bool endsClearly = writer.endsClearly() && !isPolled;
    stopAnswering(face);
    face.forgetRequest();
    face.http().finishRaw(status, endsClearly);
}

void Program::goOn(Face &face) {
    face.http().takeOver();
    // MG_TRUE at an MG_POLL closes the connection: a client is told before it sends another request.
    face.request->writer.endWithConnection();
    face.isAnswering = true;
    m_answering.push_back(&face);
    pump(face);
    m_hasMoreNow = true;
}

void Program::stopAnswering(Face &face) {
    if (face.isAnswering) std::erase(m_answering, &face);
    face.isAnswering = false;
}

// ---- sending ----

void Program::touch(Face &face) {
    if (face.isInEvent || face.isTouched) return;
    face.isTouched = true;
    m_touched.push_back(&face);
}

void Program::endAnswers() {
    const auto answering = m_answering;
    for (Face *face : answering) {
        if (!face->connection.isOpen()) continue;
        finish(*face, true);
        face->http().closeAfterAnswer();
    }
}

void Program::flushTouched() {
    if (m_touched.empty()) return;
    const auto touched = std::exchange(m_touched, {});
    for (Face *face : touched) {
        face->isTouched = false;
        if (face->isClosed) continue;
        if (face->isAnswering) pump(*face);
        face->connection.flush();
    }
}

int Program::sendStatus(Face &face, int status) {
    if (!face.canAnswer() || face.request->file || !face.request->writer.setStatus(status)) return 0;
    return static_cast<int>(face.request->writer.spooled()) + 12;
}

int Program::sendHeader(Face &face, std::string_view name, std::string_view value) {
    if (!face.canAnswer() || face.request->file || !face.request->writer.addHeader(name, value)) return 0;
    return static_cast<int>(name.size() + value.size() + 4);
}

int Program::sendData(Face &face, std::string_view bytes) {
    if (!face.canAnswer() || face.request->file) return 0;
    touch(face);
    return static_cast<int>(face.request->writer.addBody(bytes));
}

int Program::sendRaw(Face &face, std::string_view bytes) {
    if (face.isClosed || !face.connection.isOpen()) return 0;
    if (face.role == Role::Client) {
        if (!face.client().send(bytes)) return 0;
        touch(face);
        return static_cast<int>(bytes.size());
    }
    // Bytes in the middle of an answer of the engine's, or before a body is whole, would belong to nothing.
    if (face.role == Role::Request && !face.request && !face.http().takesRaw()) return 0;
    touch(face);
    if (face.request) return static_cast<int>(face.request->writer.addRaw(bytes));
    face.connection.sendCopy(bytes);
    return static_cast<int>(bytes.size());
}

bool Program::sendFile(Face &face, std::string_view path) {
    if (!face.isInRequest || face.request->file || face.request->writer.hasBegun()) return false;
    auto file = os::File::openToRead(path);
    if (!file) return false;
    const auto info = file->info();
    if (!info || info->kind != os::FileKind::Regular) return false;
    face.request->file = ChosenFile{std::string(path), {os::OpenState::Opened, std::move(*file), *info}};
    return true;
}

}  // namespace meerkat::server
