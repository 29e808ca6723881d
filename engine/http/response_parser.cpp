#include "http/response_parser.h"

#include "http/head_reader.h"

namespace meerkat::http {
namespace {

class HeadParser : public HeadReader {
  public:
    HeadParser(std::string_view bytes, ResponseHead &head) : HeadReader(bytes), m_head(head) {}

    Step parse();

  private:
    Step readStatus();
    Step readReason();
    Step note(const HeaderField &field);

    ResponseHead &m_head;
    FramingNotes m_framing;
};

Step HeadParser::parse() {
    if (const Step step = skipEmptyLines()) return step;
    if (const Step step = readVersion(m_head.minorVersion)) return step;
    if (const Step step = readStatus()) return step;
    if (const Step step = readReason()) return step;
    if (const Step step = readFields(m_head, [this](const HeaderField &field) { return note(field); })) return step;
    return m_framing.finish(m_head);
}

Step HeadParser::readStatus() {
    if (isAtEnd()) return kNeedMore;
    if (*m_at++ != ' ') return kMalformed;
    int status = 0;
    for (int digit = 0; digit < 3; ++digit, ++m_at) {
        if (isAtEnd()) return kNeedMore;
        const bool isRight = *m_at >= (digit == 0 ? '1' : '0') && *m_at <= '9';
        if (!isRight) return kMalformed;
        status = status * 10 + (*m_at - '0');
    }
    m_head.status = status;
    return kGoOn;
}

// The space before an empty reason is missing now and then.
Step HeadParser::readReason() {
    if (isAtEnd()) return kNeedMore;
    if (*m_at == ' ') {
        const char *start = ++m_at;
        m_at = m_bytes.find<ValueEnd>(start);
        m_head.reason = withoutBlankEnd(taken(start));
    }
    if (const Step step = readLineEnd()) return step;
    return isKnownVersion() ? kGoOn : kUnknownVersion;
}

// The length tells the names apart.
Step HeadParser::note(const HeaderField &field) {
    switch (field.name.size()) {
    case 10:
        if (isName(field.name, "connection")) m_framing.noteConnection(field.value, m_head);
        return kGoOn;
    case 14:
        return isName(field.name, "content-length") ? m_framing.noteContentLength(field.value, m_head) : kGoOn;
    case 17:
        return isName(field.name, "transfer-encoding") ? m_framing.noteTransferEncoding(field.value) : kGoOn;
    default:
        return kGoOn;
    }
}

}  // namespace

ParseOutcome parseResponseHead(std::string_view bytes, const ResponseLimits &limits, ResponseHead &head) {
    resetCommon(head);
    head.status = 0;
    head.reason = {};
    HeadParser parser(bytes.substr(0, limits.maxHeadBytes), head);
    return outcomeOf(parser.parse(), parser, bytes.size(), limits.maxHeadBytes);
}

// The clauses of the section in their order.
BodyFraming bodyFraming(const ResponseHead &head, Method method) {
    if (head.status == 101) return BodyFraming::Tunnel;
    if (method == Method::Head || head.status < 200 || head.status == 204 || head.status == 304) return BodyFraming::None;
    if (method == Method::Connect && head.status < 300) return BodyFraming::Tunnel;
    if (head.isChunked) return BodyFraming::Chunked;
    return head.hasContentLength ? BodyFraming::Sized : BodyFraming::UntilClose;
}

std::string unfolded(std::string_view head) {
    std::string mended;
    std::size_t at = std::min(head.find('\n'), head.size());
    while ((at = head.find('\n', at + 1)) < head.size() - 1) {
        const std::string_view line = head.substr(0, at);
        if (line.ends_with('\n') || line.ends_with("\n\r")) break;  // the blank line
        if (!isBlank(head[at + 1])) continue;
        if (mended.empty()) mended = head;
        mended[at] = ' ';
        if (mended[at - 1] == '\r') mended[at - 1] = ' ';
    }
    return mended;
}

}  // namespace meerkat::http
