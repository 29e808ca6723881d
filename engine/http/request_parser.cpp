#include "http/request_parser.h"

#include "http/head_reader.h"
#include "http/method.h"
#include "http/url.h"

namespace meerkat::http {
namespace {

constexpr Step kTargetTooLong = 414;
constexpr Step kUnknownExpectation = 417;

constexpr std::size_t kMaxMethodBytes = 64;

enum class FieldKind : std::uint8_t { Other, Host, Connection, ContentLength, TransferEncoding, Expect, Condition };

// The length tells nearly all names apart, so that at most two comparisons are made and mostly none.
FieldKind kindOf(std::string_view name) {
    switch (name.size()) {
    case 2:
        return isName(name, "if") ? FieldKind::Condition : FieldKind::Other;
    case 4:
        return isName(name, "host") ? FieldKind::Host : FieldKind::Other;
    case 5:
        return isName(name, "range") ? FieldKind::Condition : FieldKind::Other;
    case 6:
        return isName(name, "expect") ? FieldKind::Expect : FieldKind::Other;
    case 8:
        return isName(name, "if-match") || isName(name, "if-range") ? FieldKind::Condition : FieldKind::Other;
    case 10:
        return isName(name, "connection") ? FieldKind::Connection : FieldKind::Other;
    case 13:
        return isName(name, "if-none-match") ? FieldKind::Condition : FieldKind::Other;
    case 14:
        return isName(name, "content-length") ? FieldKind::ContentLength : FieldKind::Other;
    case 17:
        if (isName(name, "transfer-encoding")) return FieldKind::TransferEncoding;
        return isName(name, "if-modified-since") ? FieldKind::Condition : FieldKind::Other;
    case 19:
        return isName(name, "if-unmodified-since") ? FieldKind::Condition : FieldKind::Other;
    default:
        return FieldKind::Other;
    }
}

class HeadParser : public HeadReader {
  public:
    HeadParser(std::string_view bytes, std::size_t maxTargetBytes, RequestHead &head)
        : HeadReader(bytes), m_maxTargetBytes(maxTargetBytes), m_head(head) {}

    Step parse();

  private:
    Step readMethod();
    Step readTarget();
    Step readRestOfLine();
    Step checkTarget();
    Step note(const HeaderField &field);
    Step noteHost(std::string_view value);
    Step noteExpectation(std::string_view value);
    Step finish();

    std::size_t m_maxTargetBytes;
    RequestHead &m_head;
    std::string_view m_authority;  // of an absolute target
    FramingNotes m_framing;
    bool m_hasHost = false;
    bool m_hasUnknownExpectation = false;
};

Step HeadParser::parse() {
    if (const Step step = skipEmptyLines()) return step;
    if (const Step step = readMethod()) return step;
    if (const Step step = readTarget()) return step;
    if (const Step step = readRestOfLine()) return step;
    if (const Step step = checkTarget()) return step;
    if (const Step step = readFields(m_head, [this](const HeaderField &field) { return note(field); })) return step;
    return finish();
}

Step HeadParser::readMethod() {
    const char *start = m_at;
    while (m_at != m_bytes.end() && isToken(*m_at)) ++m_at;
    m_head.methodName = taken(start);
    if (m_head.methodName.size() > kMaxMethodBytes) return kNotImplemented;
    if (m_at == m_bytes.end()) return kNeedMore;
    if (*m_at != ' ' || m_at == start) return kMalformed;
    m_head.method = methodOf(m_head.methodName);
    ++m_at;
    return kGoOn;
}

Step HeadParser::readTarget() {
    const char *start = m_at;
    m_at = m_bytes.find<TargetEnd>(m_at);
    m_head.target = taken(start);
    if (m_head.target.size() > m_maxTargetBytes) return kTargetTooLong;
    if (m_at == m_bytes.end()) return kNeedMore;
    if (*m_at != ' ' || m_at == start) return kMalformed;
    ++m_at;
    return kGoOn;
}

Step HeadParser::readRestOfLine() {
    if (const Step step = readVersion(m_head.minorVersion)) return step;
    if (const Step step = readLineEnd()) return step;
    return isKnownVersion() ? kGoOn : kUnknownVersion;
}

// Each form with the methods that it is for (RFC 9112 section 3.2).
Step HeadParser::checkTarget() {
    const bool isConnect = m_head.method == Method::Connect;
    if (m_head.target.front() == '/' && !isConnect) return kGoOn;
    const std::optional<Target> target = parseTarget(m_head.target, isConnect);
    if (!target) return kMalformed;
    if (target->form == TargetForm::Asterisk && m_head.method != Method::Options) return kMalformed;
    m_authority = target->authority;
    return kGoOn;
}

Step HeadParser::note(const HeaderField &field) {
    switch (kindOf(field.name)) {
    case FieldKind::Other:
        return kGoOn;
    case FieldKind::Host:
        return noteHost(field.value);
    case FieldKind::Connection:
        m_framing.noteConnection(field.value, m_head);
        return kGoOn;
    case FieldKind::ContentLength:
        return m_framing.noteContentLength(field.value, m_head);
    case FieldKind::TransferEncoding:
        return m_framing.noteTransferEncoding(field.value);
    case FieldKind::Expect:
        return noteExpectation(field.value);
    case FieldKind::Condition:
        break;
    }
    m_head.hasConditions = true;
    return kGoOn;
}

// An empty Host is right for a target without authority (RFC 9112 section 3.2).
Step HeadParser::noteHost(std::string_view value) {
    if (m_hasHost || (!value.empty() && !isHostAndPort(value))) return kMalformed;
    m_hasHost = true;
    m_head.host = value;
    return kGoOn;
}

Step HeadParser::noteExpectation(std::string_view value) {
    ListItems items(value);
    while (const std::optional<std::string_view> item = items.next()) {
        if (item->empty()) continue;
        const bool isKnown = equalsIgnoringCase(*item, "100-continue");
        m_head.expectsContinue = m_head.expectsContinue || isKnown;
        m_hasUnknownExpectation = m_hasUnknownExpectation || !isKnown;
    }
    return kGoOn;
}

// What can be said only when all fields are known.
Step HeadParser::finish() {
    const bool isOld = m_head.minorVersion == 0;
    if (!m_hasHost && !isOld) return kMalformed;
    if (const Step step = m_framing.finish(m_head)) return step;
    // A 1.0 client knows neither expectations nor upgrades; both are to be ignored (RFC 9110 sections 10.1.1 and 7.8).
    if (m_hasUnknownExpectation && !isOld) return kUnknownExpectation;
    m_head.expectsContinue = m_head.expectsContinue && !isOld;
    m_head.wantsUpgrade = m_head.wantsUpgrade && !isOld;
    if (!m_authority.empty()) m_head.host = m_authority;
    return kGoOn;
}

// Everything but the array of fields.
void reset(RequestHead &head) {
    resetCommon(head);
    head.method = Method::Other;
    head.methodName = {};
    head.target = {};
    head.expectsContinue = false;
    head.hasConditions = false;
    head.host = {};
}

}  // namespace

ParseOutcome parseRequestHead(std::string_view bytes, const ParseLimits &limits, RequestHead &head) {
    reset(head);
    HeadParser parser(bytes.substr(0, limits.maxHeadBytes), limits.maxTargetBytes, head);
    return outcomeOf(parser.parse(), parser, bytes.size(), limits.maxHeadBytes);
}

}  // namespace meerkat::http
