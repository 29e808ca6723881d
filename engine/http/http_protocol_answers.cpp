// The part of http_protocol that answers: heads, bodies from memory, from a source or from a program, and what follows the last byte.
#include "http/http_protocol.h"
#include "http/response_writer.h"
#include "http/status.h"

#include <charconv>

namespace meerkat::http {

namespace {

void appendNumber(std::string &out, std::uint64_t number) {
    char digits[20];
    out.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

bool hasNoBody(int status) { return status == 304 || status == 204 || status < 200; }

}  // namespace

std::string_view HttpProtocol::connectionField() const {
    if (!m_keepsAlive) return "Connection: close\r\n";
    return m_minorVersion == 0 ? "Connection: keep-alive\r\n" : "";
}

void HttpProtocol::beginAnswer(int status, std::uint64_t length) {
    m_status = static_cast<std::uint16_t>(status);
    m_answerLength = length;
    m_hasAnswered = true;
    m_inChunks = false;
    m_isChunkOpen = false;
}

void HttpProtocol::sendPrepared(const PreparedAnswer &answer) {
    beginAnswer(answer.status, answer.tail.size() - 2);
    const std::string_view field = connectionField();
    const std::string_view tail = m_isHeadRequest ? answer.tail.substr(0, 2) : answer.tail;
    m_connection.sendBorrowed(answer.head);
    if (m_service.added) {
        std::string &fields = m_service.workspace();
        m_service.added->appendForClient(fields);
        m_connection.sendCopy(fields);
    }
    if (!field.empty()) m_connection.sendBorrowed(field);
    m_connection.sendBorrowed(tail);
    finishAnswer();
}

void HttpProtocol::appendHead(std::string &out, int status, std::string_view fields, const std::uint64_t *length) {
    out.append("HTTP/1.1 ");
    appendNumber(out, static_cast<std::uint64_t>(status));
    out.append(" ").append(reasonPhrase(status)).append("\r\n").append(m_service.dateLine()).append(fields);
    if (m_service.added) {
        m_service.added->appendForPath(out);
        m_service.added->appendForClient(out);
    } else {
        out.append(entrustedFields());
    }
    if (length) {
        out.append("Content-Length: ");
        appendNumber(out, *length);
        out.append("\r\n");
    }
    out.append(connectionField()).append("\r\n");
}

void HttpProtocol::sendWhole(int status, std::string_view fields, std::string_view body) {
    beginAnswer(status, body.size());
    const std::uint64_t length = body.size();
    std::string &out = m_service.workspace();
    appendHead(out, status, fields, hasNoBody(status) ? nullptr : &length);
    m_connection.sendCopy(out);
    if (!m_isHeadRequest && !hasNoBody(status)) m_connection.sendCopy(body);
    finishAnswer();
}

void HttpProtocol::sendFrom(int status, std::string_view fields, std::uint64_t length, std::unique_ptr<AnswerSource> source) {
    beginAnswer(status, length);
    std::string &out = m_service.workspace();
    appendHead(out, status, fields, &length);
    m_connection.sendCopy(out);
    if (m_isHeadRequest || length == 0) return finishAnswer();
    unfinished().source = std::move(source);
    m_phase = Phase::Sending;
    continueSource();
}

void HttpProtocol::sendStream(int status, std::string_view fields, std::unique_ptr<AnswerSource> source) {
    beginAnswer(status, 0);
    m_inChunks = m_minorVersion >= 1;
    if (!m_inChunks) m_keepsAlive = false;
    std::string &out = m_service.workspace();
    appendHead(out, status, std::string(fields).append(m_inChunks ? "Transfer-Encoding: chunked\r\n" : ""), nullptr);
    m_connection.sendCopy(out);
    if (m_isHeadRequest) return finishAnswer();
    unfinished().source = std::move(source);
    m_phase = Phase::Sending;
    continueSource();
}

void HttpProtocol::sendPart(std::string_view bytes) {
    if (!m_inChunks) return m_connection.sendCopy(bytes);
    if (bytes.empty()) return;
    beginChunk(bytes.size());
    m_connection.sendCopy(bytes);
    endChunk();
}

void HttpProtocol::sendFilePart(const os::File &file, std::uint64_t offset, std::uint64_t bytes) {
    if (m_inChunks) beginChunk(bytes);
    m_connection.sendFile(file, offset, bytes);
}

void HttpProtocol::beginChunk(std::uint64_t bytes) {
    endChunk();
    char size[20];
    char *end = std::to_chars(size, size + sizeof size - 2, bytes, 16).ptr;
    *end++ = '\r';
    *end++ = '\n';
    m_connection.sendCopy({size, end});
    m_isChunkOpen = true;
}

void HttpProtocol::endChunk() {
    if (m_isChunkOpen) m_connection.sendCopy("\r\n");
    m_isChunkOpen = false;
}

// A source at its end stays until its last part is sent: the connection borrows its file.
void HttpProtocol::continueSource() {
    m_unfinished->sourceEnded = !m_unfinished->source->produce(*this);
    // One that could not go on has closed the connection, so that nobody takes the part for the whole.
    if (!m_unfinished->sourceEnded || !m_inChunks || !m_connection.isOpen()) return;
    endChunk();
    m_connection.sendCopy(kLastChunk);
}

void HttpProtocol::refuse(int status, std::string_view fields) { m_service.handler.onRefused(*this, status, fields); }

// The framing is lost: whatever follows cannot be told from a request.
void HttpProtocol::refuseAndClose(int status, std::string_view fields) {
    m_keepsAlive = false;
    m_lingers = true;
    if (!m_hasHead) m_isHeadRequest = false;
    refuse(status, fields);
}

void HttpProtocol::takeOver() {
    m_phase = Phase::TakenOver;
    // An exchange may have begun while the body was on its way.
    if (!m_hasAnswered) beginAnswer(0, 0);
    m_connection.stopLimit();
}

void HttpProtocol::await() {
    takeOver();
    m_phase = Phase::Awaited;
}

// ---- exchanges ----

void HttpProtocol::entrust(std::unique_ptr<Exchange> exchange) {
    dismissExchange();
    unfinished().exchange = std::move(exchange);
    m_unfinished->added.clear();
    if (!m_service.added) return;
    m_service.added->appendForPath(m_unfinished->added);
    m_service.added->appendForClient(m_unfinished->added);
}

// It may be on the stack: it lives until the pass ends.
void HttpProtocol::dismissExchange() {
    if (!exchange()) return;
    m_unfinished->exchange->onGone();
    m_unfinished->sink.reset();
    m_service.loop.dispose(std::move(m_unfinished->exchange));
}

void HttpProtocol::refuseEntrusted(int status, std::string_view fields) {
    if (!m_connection.isOpen()) return;
    // What is left of the body can't be told from a request.
    if (m_phase == Phase::Body) m_keepsAlive = false;
    const bool hadHead = m_hasHead;
    m_isLate = !hadHead;
    m_hasHead = hadHead || rereadHead() != nullptr;
    refuse(status, fields);
    m_hasHead = hadHead;
    m_isLate = false;
    m_connection.flush();
}

void HttpProtocol::resumeBody() {
    if (m_phase != Phase::Body) return;
    m_connection.touchLimit();
    m_connection.resumeInput();
}

void HttpProtocol::sendRaw(std::string_view bytes) { m_connection.sendCopy(bytes); }

void HttpProtocol::finishRaw(int status, bool keepsAlive) {
    beginAnswer(status, 0);
    m_keepsAlive = m_keepsAlive && keepsAlive && m_phase != Phase::Body;
    finishAnswer();
}

void HttpProtocol::sendUpgrade(int status, std::string_view head) {
    beginAnswer(status, 0);
    m_connection.sendCopy(head);
    if (m_service.handler.wantsRecords()) {
        m_connection.flush();
        record(true);
    }
    m_phase = Phase::Upgraded;
}

// Everything of the answer has been handed to the connection.
void HttpProtocol::finishAnswer() {
    if (m_service.handler.wantsRecords()) {
        // A record tells what was sent, so it waits until it was.
        m_connection.flush();
        if (m_connection.hasQueue()) {
            m_phase = Phase::Sending;
            return;
        }
    }
    completeAnswer();
}

void HttpProtocol::completeAnswer() {
    if (!m_connection.isOpen()) return;
    if (m_service.handler.wantsRecords()) record(true);
    if (isAtWork()) m_connection.touchLimit();
    dismissExchange();
    m_unfinished.reset();
    if (m_keepsAlive) {
        m_phase = Phase::Head;
        if (m_connection.hasLeftovers()) m_connection.resumeInput();
        return;
    }
    m_phase = Phase::Ended;
    m_connection.closeWhenDrained(m_lingers || m_connection.hasLeftovers());
}

void HttpProtocol::closeAfterAnswer() {
    m_keepsAlive = false;
    if (m_phase != Phase::Sending && m_phase != Phase::Awaited && !exchange()) m_connection.closeWhenDrained(false);
}

void HttpProtocol::onDrained() {
    if (m_phase == Phase::Sending) {
        if (m_unfinished && m_unfinished->source && !m_unfinished->sourceEnded) return continueSource();
        return completeAnswer();
    }
    // The program may take its time again; only a reader that does not read is limited.
    if (isAtWork()) m_connection.stopLimit();
    if (Exchange *maker = exchange()) maker->onDrained();
    if (m_connection.hasLeftovers()) m_connection.resumeInput();
}

void HttpProtocol::record(bool isComplete) {
    AnswerRecord record;
    record.head = m_hasHead ? &m_service.head : rereadHead();
    if (!record.head && m_unfinished) record.refusedLine = m_unfinished->headBytes;
    record.status = m_hasAnswered ? m_status : 0;
    record.bytesSent = answerSent();
    record.durationUs = m_service.clock.monotonicUs() - m_beganUs;
    record.isComplete = isComplete;
    m_service.handler.onAnswered(*this, record);
}

}  // namespace meerkat::http
