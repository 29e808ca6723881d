// Station: what is done with requests. From http_protocol, to whoever answers: the server gives the protocol its one Handler.
#pragma once

#include "http/request_parser.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace meerkat::http {

class HttpProtocol;

// Where a body goes that is not kept in memory.
class BodySink {
  public:
    // Destroyed before the body was whole: what was taken is to be undone.
    virtual ~BodySink() = default;
    // The next bytes. 0, or the status to refuse the request with (507 when the disk is full).
    virtual int take(std::string_view bytes) = 0;
    // It wants no more for now: nothing is read from the client until HttpProtocol::resumeBody.
    virtual bool isFull() const { return false; }
    // All of it was taken: answers the request, or takes it over.
    virtual void finish(HttpProtocol &http) = 0;
};

enum class BodyPlan : std::uint8_t { Buffer, Discard, Stream };
struct BodyDecision {
    BodyPlan plan = BodyPlan::Discard;
    std::uint64_t limit = 0;           // Buffer, Stream: more is answered with 413
    std::unique_ptr<BodySink> sink{};  // Stream: gets the body, and is found in HttpProtocol::bodySink when it is whole
    bool mayOverflow = false;          // Buffer: over the limit onBodyOverflow is asked, before 413
};

// One finished or cut answer, for logs and observers.
struct AnswerRecord {
    const RequestHead *head = nullptr;  // null: the request could not be parsed
    std::string_view refusedLine;       // of such a one: its first line, or its beginning; empty where it is not known
    int status = 0;                     // 0: the client left before there was one
    std::uint64_t bytesSent = 0;        // head and body
    std::int64_t durationUs = 0;
    bool isComplete = true;
};

// Who may hold back a request before anything is done with it, one that could not be parsed too.
class RequestGate {
  public:
    struct Refusal {
        int status = 0;      // 0: it may pass
        std::string fields;  // complete lines
        bool endsConnection = false;
    };

    virtual ~RequestGate() = default;
    virtual Refusal whyHeldBack(HttpProtocol &http) = 0;
    // It was one that could be parsed, and is about to be refused.
    virtual void onHeldBack(HttpProtocol &http, const RequestHead &head) = 0;
};

// An answer's body that is made while it is sent.
class AnswerSource {
  public:
    virtual ~AnswerSource() = default;
    // Everything before has been sent: sends the next part. False: that was the last one.
    virtual bool produce(HttpProtocol &http) = 0;
};

class Handler {
  public:
    virtual ~Handler() = default;

    // A request with a body; it has not been read. The handler may refuse it here, which answers it.
    virtual BodyDecision onBodyAnnounced(HttpProtocol &http, const RequestHead &head) = 0;
    // More came than was to be kept: a decision for Stream takes all of it, what was kept included. Else 413, or what was answered.
    virtual BodyDecision onBodyOverflow(HttpProtocol &, const RequestHead &) { return {}; }
    // A whole request. Answers it with one of HttpProtocol's calls, or takes it over to answer later.
    virtual void onRequest(HttpProtocol &http, const RequestHead &head, std::string_view body) = 0;
    // `status` (400 and up) is to be sent: makes the page and calls sendWhole. `fields` are lines that belong to it.
    virtual void onRefused(HttpProtocol &http, int status, std::string_view fields) = 0;
    // Whether onAnswered is wanted; asked at each answer.
    virtual bool wantsRecords() const = 0;
    virtual void onAnswered(HttpProtocol &http, const AnswerRecord &record) = 0;
    // The connection is closed.
    virtual void onGone(HttpProtocol &http) = 0;
};

}  // namespace meerkat::http
