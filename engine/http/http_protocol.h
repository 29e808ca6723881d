// Station: one connection speaking HTTP/1.x. From net/connection through request_parser and body_reader, to the Handler; answers go
// back the same way. RFC 9112: keep-alive, pipelining, Expect.
// Thread: engine. While a connection waits for its next request this object owns nothing but the handler's state.
#pragma once

#include "http/body_reader.h"
#include "http/exchange.h"
#include "http/handler.h"
#include "http/http_service.h"
#include "net/connection.h"

#include <memory>
#include <string>

namespace meerkat::http {

// An answer that was formatted before: `head` ends before its blank line, `tail` is the blank line and the body, and follows `head` in memory.
struct PreparedAnswer {
    int status = 200;
    std::string_view head;
    std::string_view tail;
};

class HttpProtocol final : public net::Protocol {
  public:
    HttpProtocol(HttpService &service, net::Connection &connection) : m_service(service), m_connection(connection) {}

    // ---- answers; exactly one of them for a request ----

    // Borrowed until the callback under way ends.
    void sendPrepared(const PreparedAnswer &answer);
    // `fields`: complete lines, without Date, Content-Length and Connection, which are added.
    void sendWhole(int status, std::string_view fields, std::string_view body);
    // A body of known length from a source.
    void sendFrom(int status, std::string_view fields, std::uint64_t length, std::unique_ptr<AnswerSource> source);
    // A body whose length shows at its end: in chunks, or to an HTTP/1.0 client until the connection ends. The source sends by sendPart alone.
    void sendStream(int status, std::string_view fields, std::unique_ptr<AnswerSource> source);
    // From a source of sendStream: the next bytes of the body, or nothing.
    void sendPart(std::string_view bytes);
    // The next bytes of the body are a file's, borrowed until the source is asked for more: which it has to be, behind them.
    void sendFilePart(const os::File &file, std::uint64_t offset, std::uint64_t bytes);
    // An error answer; the handler makes its page.
    void refuse(int status, std::string_view fields = {});
    // An answer that the handler formats: sendRaw, then finishRaw; takeOver where that happens later.
    void takeOver();
    // The engine itself is at work: one of the answers above follows later, from outside of a callback, and then a flush of the connection.
    void await();
    void sendRaw(std::string_view bytes);
    // Whose answer it will be, with a body that may still be on its way: it may answer before that is whole. One that is not whole when the answer
    // ends ends the connection.
    void entrust(std::unique_ptr<Exchange> exchange);
    // Of an answer that an exchange makes: what its head says, for the records. `length`: of the body, 0 if not known.
    void noteRaw(int status, std::uint64_t length) { beginAnswer(status, length); }
    // Lines that belong into the head of such an answer; those of this protocol's own have them.
    std::string_view entrustedFields() const { return exchange() ? std::string_view(m_unfinished->added) : std::string_view{}; }
    // Nothing was sent: an error answer after all. From outside of the request's own callbacks too.
    void refuseEntrusted(int status, std::string_view fields = {});
    // A sink that was full has room again.
    void resumeBody();
    // `status` for the records; `keepsAlive` is false if the end of the connection ends the answer.
    void finishRaw(int status, bool keepsAlive);
    // The last answer of this protocol: `head` is whole, with its blank line. Behind it the caller changes the connection's protocol; what the
    // client sent already goes to that one.
    void sendUpgrade(int status, std::string_view head);

    // ---- the request under way ----

    // While a callback of the request runs; null if there is none that could be parsed.
    const RequestHead *head() const { return m_hasHead ? &m_service.head : nullptr; }
    // No callback of the request runs: what is known of it does not outlive the call under way.
    bool isLate() const { return m_isLate || !m_hasHead; }
    bool isHeadRequest() const { return m_isHeadRequest; }
    int minorVersion() const { return m_minorVersion; }
    bool keepsAlive() const { return m_keepsAlive; }
    void dropKeepAlive() { m_keepsAlive = false; }
    // In onRequest: what took the body; null if it is in memory or there was none.
    BodySink *bodySink() const { return m_unfinished ? m_unfinished->sink.get() : nullptr; }
    // "Connection: close\r\n" and the like, or nothing.
    std::string_view connectionField() const;

    // Raw bytes from outside of a request's own event can stand here: between answers, or in one that the handler makes.
    bool takesRaw() const {
        // Who speaks plainly where TLS is spoken gets nothing that was meant for those who do not.
        if (m_connection.isPlainOnTls() || exchange()) return false;
        return (m_phase == Phase::Head || m_phase == Phase::TakenOver) && !m_connection.isClosing();
    }
    // As soon as the answer under way is complete.
    void closeAfterAnswer();

    net::Connection &connection() const { return m_connection; }
    HttpService &service() const { return m_service; }

    // ---- net::Protocol ----
    std::size_t onBytes(std::string_view bytes) override;
    void onEndOfInput() override;
    void onDrained() override;
    void onTimeLimit() override;
    void onClosed() override;
    bool wantsInput() const override;
    net::ProtocolStatus status() const override;

  private:
    enum class Phase : std::uint8_t { Head, Body, TakenOver, Awaited, Sending, Ended, Upgraded };

    // What a request needs that is not answered in the callback that read it.
    struct Unfinished {
        std::string headBytes;
        std::string body;
        BodyReader reader = BodyReader::none();
        std::uint64_t touchAtBytes = 0;         // of the body: the time limit begins anew
        std::uint64_t overflowAt = UINT64_MAX;  // of a body that is kept: the handler is asked where it goes
        bool keepsBody = false;
        bool isDiscarded = false;
        std::unique_ptr<Exchange> exchange;
        std::string added;               // HttpService::added, as it was when the exchange began
        std::unique_ptr<BodySink> sink;  // may be the exchange's: goes first
        std::unique_ptr<AnswerSource> source;
        bool sourceEnded = false;
    };

    net::Activity activity() const;
    // Somebody is at work on an answer.
    bool isAtWork() const { return m_phase == Phase::TakenOver || m_phase == Phase::Awaited; }
    // 0 while earlier answers of the same batch still wait.
    std::uint64_t answerSent() const {
        return m_connection.bytesSent() > m_bytesBefore ? m_connection.bytesSent() - m_bytesBefore : 0;
    }
    Exchange *exchange() const { return m_unfinished ? m_unfinished->exchange.get() : nullptr; }
    bool isSinkFull() const { return m_unfinished && m_unfinished->sink && m_unfinished->sink->isFull(); }
    void dismissExchange();
    bool canProceed() const;
    std::size_t onHeadBytes(std::string_view bytes);
    std::size_t onBodyBytes(std::string_view bytes);
    bool mustParse(std::string_view bytes) const;
    void beginRequest(std::string_view headBytes);
    bool isHeldBack(std::string_view headBytes);
    void refuseUnread(int status);
    void beginBody(std::string_view headBytes);
    void expectBody(std::string_view headBytes, BodyDecision decision);
    void finishBody();
    void answerEarly();
    void refuseBody(int status);
    int keepBody(std::string_view bytes);
    bool streamInstead();
    void keepHeadForRecord(std::string_view headBytes);
    void refuseAndClose(int status, std::string_view fields = {});
    void appendHead(std::string &out, int status, std::string_view fields, const std::uint64_t *length);
    void beginAnswer(int status, std::uint64_t length);
    void finishAnswer();
    void completeAnswer();
    void record(bool isComplete);
    void beginChunk(std::uint64_t bytes);
    void endChunk();
    void continueSource();
    Unfinished &unfinished();
    const RequestHead *rereadHead();

    HttpService &m_service;
    net::Connection &m_connection;
    std::unique_ptr<Unfinished> m_unfinished;
    std::uint64_t m_bytesBefore = 0;   // the connection's count when the request began
    std::uint64_t m_answerLength = 0;  // of the body; 0 if not known
    std::int64_t m_beganUs = 0;
    std::uint64_t m_requests = 0;
    std::uint32_t m_parsedBytes = 0;  // of an unfinished head
    std::uint16_t m_status = 0;
    std::uint8_t m_minorVersion = 1;
    Phase m_phase = Phase::Head;
    bool m_isHeadRequest : 1 = false;
    bool m_keepsAlive : 1 = true;
    bool m_lingers : 1 = false;      // bytes of the request may still come
    bool m_hasHead : 1 = false;      // service.head is of this request while its callback runs
    bool m_isLate : 1 = false;       // the head was read again for an answer from outside
    bool m_hasAnswered : 1 = false;  // an answer to the request was begun
    bool m_inChunks : 1 = false;     // the body under way
    bool m_isChunkOpen : 1 = false;  // its end goes out before what is sent next: nothing can stand behind a file
};

}  // namespace meerkat::http
