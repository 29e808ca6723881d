#include "http/request_parser.h"

#include "base/text.h"
#include "http/byte_search.h"
#include "http/characters.h"
#include "http/url.h"

#include <algorithm>

namespace meerkat::http {
namespace {

// How a step of the parser ended: go on, wait for more bytes, or the HTTP status to refuse with.
using Step = int;
constexpr Step kGoOn = 0;
constexpr Step kNeedMore = 1;
constexpr Step kMalformed = 400;
constexpr Step kTargetTooLong = 414;
constexpr Step kUnknownExpectation = 417;
constexpr Step kHeadTooLarge = 431;
constexpr Step kNotImplemented = 501;
constexpr Step kUnknownVersion = 505;

constexpr int kMaxEmptyLines = 4;
constexpr std::size_t kMaxMethodBytes = 64;

// Compares with a name in lower case. Names are tokens, and among token characters setting the bit turns nothing but the capital into
// the letter.
template <std::size_t size>
bool isName(std::string_view name, const char (&lower)[size]) {
    unsigned difference = 0;
    for (std::size_t index = 0; index + 1 < size; ++index) {
        difference |= (static_cast<unsigned char>(name[index]) | 0x20U) ^ static_cast<unsigned char>(lower[index]);
    }
    return difference == 0;
}

bool isBlank(char c) { return c == ' ' || c == '\t'; }

std::string_view withoutBlankEnd(std::string_view text) {
    while (!text.empty() && isBlank(text.back())) text.remove_suffix(1);
    return text;
}

enum class FieldKind : std::uint8_t { Other, Host, Connection, ContentLength, TransferEncoding, Expect, Condition };

// The length tells nearly all names apart, so that at most two comparisons are made and mostly none.
FieldKind kindOf(std::string_view name) {
    switch (name.size()) {
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

Method methodOf(std::string_view name) {
    switch (name.size()) {
    case 3:
        return name == "GET" ? Method::Get : name == "PUT" ? Method::Put : Method::Other;
    case 4:
        return name == "HEAD" ? Method::Head : name == "POST" ? Method::Post : Method::Other;
    case 5:
        return name == "TRACE" ? Method::Trace : Method::Other;
    case 6:
        return name == "DELETE" ? Method::Delete : Method::Other;
    case 7:
        return name == "OPTIONS" ? Method::Options : name == "CONNECT" ? Method::Connect : Method::Other;
    default:
        return Method::Other;
    }
}

// The items of a comma list, empty ones too: "a,,b" has three.
class ListItems {
  public:
    explicit ListItems(std::string_view list) : m_rest(list) {}

    std::optional<std::string_view> next() {
        if (m_isOver) return std::nullopt;
        const std::size_t comma = m_rest.find(',');
        const std::string_view item = trimmed(m_rest.substr(0, comma));
        m_isOver = comma == std::string_view::npos;
        if (!m_isOver) m_rest.remove_prefix(comma + 1);
        return item;
    }

  private:
    std::string_view m_rest;
    bool m_isOver = false;
};

class HeadParser {
  public:
    HeadParser(std::string_view bytes, std::size_t maxTargetBytes, RequestHead &head)
        : m_bytes(bytes), m_at(m_bytes.begin()), m_maxTargetBytes(maxTargetBytes), m_head(head) {}

    Step parse();
    std::size_t consumed() const { return static_cast<std::size_t>(m_at - m_bytes.begin()); }

  private:
    std::size_t left() const { return static_cast<std::size_t>(m_bytes.end() - m_at); }
    std::string_view taken(const char *from) const { return {from, static_cast<std::size_t>(m_at - from)}; }

    Step skipEmptyLines();
    Step readMethod();
    Step readTarget();
    Step readVersion();
    Step readLineEnd();
    Step checkTarget();
    Step readFields();
    Step readField();
    Step readName(HeaderField &field);
    Step readValue(HeaderField &field);
    Step note(const HeaderField &field);
    Step noteHost(std::string_view value);
    Step noteConnection(std::string_view value);
    Step noteContentLength(std::string_view value);
    Step noteTransferEncoding(std::string_view value);
    Step noteExpectation(std::string_view value);
    Step finish();

    // What the Transfer-Encoding lines said so far.
    enum class Codings : std::uint8_t { None, Others, OthersThenChunked, Chunked };

    ByteSearch m_bytes;
    const char *m_at;
    std::size_t m_maxTargetBytes;
    RequestHead &m_head;
    std::string_view m_authority;  // of an absolute target
    Codings m_codings = Codings::None;
    bool m_hasHost = false;
    bool m_saysClose = false;
    bool m_saysKeepAlive = false;
    bool m_hasUnknownExpectation = false;
};

Step HeadParser::parse() {
    if (const Step step = skipEmptyLines()) return step;
    if (const Step step = readMethod()) return step;
    if (const Step step = readTarget()) return step;
    if (const Step step = readVersion()) return step;
    if (const Step step = checkTarget()) return step;
    if (const Step step = readFields()) return step;
    return finish();
}

Step HeadParser::skipEmptyLines() {
    for (int lines = 0; m_at != m_bytes.end() && (*m_at == '\r' || *m_at == '\n'); ++lines) {
        if (lines == kMaxEmptyLines) return kMalformed;
        if (const Step step = readLineEnd()) return step;
    }
    return m_at == m_bytes.end() ? kNeedMore : kGoOn;
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

Step HeadParser::readVersion() {
    constexpr std::string_view kName = "HTTP/";
    constexpr std::size_t kSize = kName.size() + 3;
    const std::string_view text(m_at, std::min(left(), kSize));
    if (!text.starts_with(kName.substr(0, text.size()))) return kMalformed;
    const auto isDigitAt = [&](std::size_t place) { return text.size() <= place || (text[place] >= '0' && text[place] <= '9'); };
    if (!isDigitAt(5) || !isDigitAt(7) || (text.size() > 6 && text[6] != '.')) return kMalformed;
    if (text.size() < kSize) return kNeedMore;
    m_at += kSize;
    if (const Step step = readLineEnd()) return step;
    if (text[5] != '1') return kUnknownVersion;
    m_head.minorVersion = text[7] == '0' ? 0 : 1;
    return kGoOn;
}

// CRLF, or a bare LF (RFC 9112 section 2.2).
Step HeadParser::readLineEnd() {
    if (m_at == m_bytes.end()) return kNeedMore;
    if (*m_at == '\r') {
        ++m_at;
        if (m_at == m_bytes.end()) return kNeedMore;
    }
    return *m_at++ == '\n' ? kGoOn : kMalformed;
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

Step HeadParser::readFields() {
    while (true) {
        if (m_at == m_bytes.end()) return kNeedMore;
        if (*m_at == '\r' || *m_at == '\n') return readLineEnd();
        if (const Step step = readField()) return step;
    }
}

Step HeadParser::readField() {
    if (m_head.fieldCount == kMaxHeaderFields) return kHeadTooLarge;
    HeaderField &field = m_head.fields[m_head.fieldCount];
    if (const Step step = readName(field)) return step;
    if (const Step step = readValue(field)) return step;
    ++m_head.fieldCount;
    return note(field);
}

Step HeadParser::readName(HeaderField &field) {
    const char *start = m_at;
    const char *at = m_bytes.find<CommonNameEnd>(start);
    while (at != m_bytes.end() && isToken(*at)) ++at;
    if (at == m_bytes.end()) return kNeedMore;
    if (*at != ':' || at == start) return kMalformed;
    field.name = {start, static_cast<std::size_t>(at - start)};
    m_at = at + 1;
    return kGoOn;
}

Step HeadParser::readValue(HeaderField &field) {
    const char *start = m_at;
    while (start != m_bytes.end() && isBlank(*start)) ++start;
    m_at = m_bytes.find<ValueEnd>(start);
    field.value = withoutBlankEnd(taken(start));
    return readLineEnd();
}

Step HeadParser::note(const HeaderField &field) {
    switch (kindOf(field.name)) {
    case FieldKind::Other:
        return kGoOn;
    case FieldKind::Host:
        return noteHost(field.value);
    case FieldKind::Connection:
        return noteConnection(field.value);
    case FieldKind::ContentLength:
        return noteContentLength(field.value);
    case FieldKind::TransferEncoding:
        return noteTransferEncoding(field.value);
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

Step HeadParser::noteConnection(std::string_view value) {
    ListItems items(value);
    while (const std::optional<std::string_view> item = items.next()) {
        m_saysClose = m_saysClose || equalsIgnoringCase(*item, "close");
        m_saysKeepAlive = m_saysKeepAlive || equalsIgnoringCase(*item, "keep-alive");
        m_head.wantsUpgrade = m_head.wantsUpgrade || equalsIgnoringCase(*item, "upgrade");
    }
    return kGoOn;
}

// Two equal lengths would be allowed (RFC 9112 section 6.3), but no honest client sends them.
Step HeadParser::noteContentLength(std::string_view value) {
    const std::optional<std::uint64_t> length = parseDecimal(value);
    if (m_head.hasContentLength || !length) return kMalformed;
    m_head.hasContentLength = true;
    m_head.contentLength = *length;
    return kGoOn;
}

// Nothing may follow chunked. An empty item is refused, unlike in other lists: who reads it differently sees another body.
Step HeadParser::noteTransferEncoding(std::string_view value) {
    ListItems items(value);
    while (const std::optional<std::string_view> item = items.next()) {
        const bool isAfterChunked = m_codings == Codings::Chunked || m_codings == Codings::OthersThenChunked;
        if (isAfterChunked || item->empty()) return kMalformed;
        const bool isFirst = m_codings == Codings::None;
        const bool isChunked = equalsIgnoringCase(*item, "chunked");
        m_codings = !isChunked ? Codings::Others : isFirst ? Codings::Chunked : Codings::OthersThenChunked;
    }
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
    if (m_codings != Codings::None) {
        if (isOld || m_head.hasContentLength || m_codings == Codings::Others) return kMalformed;
        if (m_codings == Codings::OthersThenChunked) return kNotImplemented;
        m_head.isChunked = true;
    }
    // A 1.0 client knows neither expectations nor upgrades; both are to be ignored (RFC 9110 sections 10.1.1 and 7.8).
    if (m_hasUnknownExpectation && !isOld) return kUnknownExpectation;
    m_head.expectsContinue = m_head.expectsContinue && !isOld;
    m_head.wantsUpgrade = m_head.wantsUpgrade && !isOld;
    m_head.keepAlive = !m_saysClose && (m_saysKeepAlive || !isOld);
    if (!m_authority.empty()) m_head.host = m_authority;
    return kGoOn;
}

// Everything but the array of fields.
void reset(RequestHead &head) {
    head.method = Method::Other;
    head.methodName = {};
    head.target = {};
    head.minorVersion = 1;
    head.fieldCount = 0;
    head.isChunked = false;
    head.hasContentLength = false;
    head.contentLength = 0;
    head.keepAlive = true;
    head.expectsContinue = false;
    head.wantsUpgrade = false;
    head.hasConditions = false;
    head.host = {};
}

}  // namespace

std::optional<std::string_view> MessageHead::find(std::string_view name) const {
    for (const HeaderField &field : headers()) {
        if (equalsIgnoringCase(field.name, name)) return field.value;
    }
    return std::nullopt;
}

// The parser sees no more than a head may be long. When it then asks for more, the head is too long, whatever follows.
ParseOutcome parseRequestHead(std::string_view bytes, const ParseLimits &limits, RequestHead &head) {
    reset(head);
    HeadParser parser(bytes.substr(0, limits.maxHeadBytes), limits.maxTargetBytes, head);
    Step step = parser.parse();
    if (step == kGoOn) return {ParseState::Complete, parser.consumed(), 0};
    if (step == kNeedMore && bytes.size() >= limits.maxHeadBytes) step = kHeadTooLarge;
    if (step == kNeedMore) return {};
    return {ParseState::Refused, 0, step};
}

}  // namespace meerkat::http
