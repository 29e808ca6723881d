#include "scripts/cgi_answer.h"

#include "base/text.h"

#include <algorithm>

namespace meerkat::scripts {

namespace {

// A script is started when so much of its input is there, or all: one place of a few is not for a sender who dawdles over a form. And the
// client has to wait while so much waits for the script.
constexpr std::size_t kEnoughBody = 64 * 1024;

int statusOf(os::WriteState state) {
    if (state == os::WriteState::Done) return 0;
    return state == os::WriteState::NoRoom ? 507 : state == os::WriteState::NoDescriptors ? 503 : 500;
}

}  // namespace

// The protocol's hold on an answer that waits for a body. Gone before the body was whole: nobody waits for the answer.
class CgiAnswer::Body final : public http::BodySink {
  public:
    explicit Body(CgiAnswer &answer) : m_answer(answer) {}
    ~Body() override {
        if (!m_isWhole) m_answer.cutBody();
    }
    int take(std::string_view bytes) override { return m_answer.takeBody(bytes); }
    bool isFull() const override { return m_answer.isBodyFull(); }
    // The answer may destroy this object.
    void finish(http::HttpProtocol &http) override {
        m_isWhole = true;
        http.takeOver();
        m_answer.endBody();
    }

  private:
    CgiAnswer &m_answer;
    bool m_isWhole = false;
};

CgiAnswer::CgiAnswer(ProgramPool &pool, http::HttpProtocol &http, os::ProcessPlan plan, bool runsItself)
    : m_http(http), m_run(pool, *this), m_plan(std::move(plan)), m_runsItself(runsItself) {}

// ---- the request ----

void CgiAnswer::begin(std::string_view body) {
    m_http.takeOver();
    m_plan.hasInput = !body.empty();
    m_run.giveBorrowed(body);
    m_run.endInput();
    queueUp();
}

std::unique_ptr<http::BodySink> CgiAnswer::beginSized(std::uint64_t length) {
    m_plan.hasInput = length > 0;
    return std::make_unique<Body>(*this);
}

std::unique_ptr<http::BodySink> CgiAnswer::beginChunked(int &status) {
    os::WriteState state = os::WriteState::Done;
    m_spool = os::SpoolFile::create(state);
    status = statusOf(state);
    if (!m_spool) return nullptr;
    return std::make_unique<Body>(*this);
}

int CgiAnswer::takeBody(std::string_view bytes) {
    if (m_spool) {
        m_spooled += bytes.size();
        return statusOf(m_spool->append(bytes));
    }
    m_run.give(bytes);
    if (!m_run.isQueued() && m_run.inputWaiting() >= kEnoughBody) queueUp();
    return 0;
}

bool CgiAnswer::isBodyFull() const { return m_run.inputWaiting() >= kEnoughBody; }

void CgiAnswer::endBody() {
    if (m_spool) {
        m_plan.inputFile = &m_spool->file();
        m_plan.environment.push_back("CONTENT_LENGTH=" + std::to_string(m_spooled));
    }
    m_run.endInput();
    if (!m_run.isQueued()) queueUp();
}

void CgiAnswer::queueUp() { m_run.queueUp(std::move(m_plan)); }

// ---- the answer ----

void CgiAnswer::onOutput(std::string_view bytes) {
    if (!m_writer) bytes = readHead(bytes);
    if (m_writer && m_isCut) send(bytes);
}

// Returns what follows the head.
std::string_view CgiAnswer::readHead(std::string_view bytes) {
    const std::size_t before = m_head.size();
    m_head.append(bytes);
    // One that comes byte by byte is looked at once a line.
    if (bytes.find('\n') == std::string_view::npos && m_head.size() < kLongestCgiHead) return {};
    CgiHead head;
    const auto outcome = parseCgiHead(m_head, head);
    if (outcome.state == CgiHeadState::Refused) {
        refuse(502);
        return {};
    }
    if (outcome.state == CgiHeadState::NeedMore) return {};
    beginAnswer(head);
    m_head = std::string();
    return bytes.substr(outcome.consumed - before);
}

void CgiAnswer::beginAnswer(const CgiHead &head) {
    const bool hasNoBody = m_http.isHeadRequest() || head.status == 204 || head.status == 304;
    m_writer.emplace(m_http.minorVersion(), m_http.isHeadRequest(), m_http.keepsAlive());
    m_writer->setStatus(head.status);
    for (const CgiField &field : head.fields) m_writer->addHeader(field.name, field.value);
    addServersFields(head);
    if (head.contentLength && head.status != 204) m_writer->addHeader("Content-Length", std::to_string(*head.contentLength));
    m_bodyLeft = hasNoBody ? 0 : head.contentLength;
    m_http.noteRaw(head.status, m_bodyLeft.value_or(0));
    if (m_bodyLeft == std::uint64_t{0}) finish();
}

// What the script says itself is not said again; but of Vary both parts count.
void CgiAnswer::addServersFields(const CgiHead &head) {
    for (std::string_view rest = m_http.entrustedFields(); !rest.empty();) {
        const std::size_t end = rest.find("\r\n"), colon = rest.find(':');
        const std::string_view name = rest.substr(0, colon);
        const auto isName = [name](const CgiField &field) { return equalsIgnoringCase(field.name, name); };
        if (equalsIgnoringCase(name, "Vary") || std::none_of(head.fields.begin(), head.fields.end(), isName))
            m_writer->addHeader(name, trimmed(rest.substr(colon + 1, end - colon - 1)));
        rest.remove_prefix(end + 2);
    }
}

void CgiAnswer::send(std::string_view bytes) {
    if (m_bodyLeft) bytes = bytes.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(*m_bodyLeft, bytes.size())));
    if (m_bodyLeft) *m_bodyLeft -= bytes.size();
    m_writer->addBody(bytes);
    // More than was promised is not waited for.
    if (m_bodyLeft == std::uint64_t{0}) return finish();
    http::HttpService &service = m_http.service();
    std::string &out = service.workspace();
    m_writer->take(service.dateLine(), out);
    m_http.sendRaw(out);
    net::Connection &connection = m_http.connection();
    connection.flush();
    if (connection.isOpen() && connection.hasQueue()) m_run.pause();
}

void CgiAnswer::onOutputEnd() { m_writer ? finish() : refuse(502); }

// The program is let go by onGone, which the end of the answer brings about.
void CgiAnswer::finish() {
    m_isCut = false;
    m_writer->finish();
    http::HttpService &service = m_http.service();
    std::string &out = service.workspace();
    m_writer->take(service.dateLine(), out);
    m_run.release(m_isCut);
    net::Connection &connection = m_http.connection();
    m_http.sendRaw(out);
    m_http.finishRaw(m_writer->status(), m_writer->endsClearly());
    connection.flush();
}

void CgiAnswer::refuse(int status, std::string_view fields) {
    m_run.release(true);
    m_http.refuseEntrusted(status, fields);
}

void CgiAnswer::onFailed(ProgramFailure why, int code) {
    // Nothing can be said any more but that this was not all.
    if (m_writer) return m_http.connection().close();
    switch (why) {
    case ProgramFailure::NotStarted:
        if (os::isShortage(code)) return refuse(503, "Retry-After: 1\r\n");
        return refuse(m_runsItself && os::isNoPermissionToRun(code) ? 403 : 500);
    case ProgramFailure::WaitedTooLong:
        return refuse(503, "Retry-After: 5\r\n");
    case ProgramFailure::Silent:
        return refuse(504);
    }
}

}  // namespace meerkat::scripts
