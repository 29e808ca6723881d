#include "scripts/cgi_head.h"

#include "base/text.h"
#include "http/characters.h"

#include <algorithm>

namespace meerkat::scripts {

namespace {

constexpr std::size_t kMostFields = 100;

// What the connection to the client is like is the server's to say (RFC 3875 section 6.3.4).
bool isOfConnection(std::string_view name) {
    static constexpr std::string_view names[] = {"Connection", "Keep-Alive",        "Proxy-Connection", "TE",
                                                 "Trailer",    "Transfer-Encoding", "Upgrade"};
    return std::any_of(std::begin(names), std::end(names), [&](std::string_view kept) { return equalsIgnoringCase(kept, name); });
}

class HeadReader {
  public:
    explicit HeadReader(CgiHead &head) : m_head(head) {}

    // False: no line of a head.
    bool take(std::string_view line);
    // The blank line was there. False: it tells too little.
    bool finish();

  private:
    bool takeStatus(std::string_view value);
    bool takeLength(std::string_view value);

    CgiHead &m_head;
    std::size_t m_fields = 0;
    bool m_hasStatus = false;
    bool m_hasType = false;
    bool m_hasLocation = false;
};

bool HeadReader::take(std::string_view line) {
    const std::size_t colon = line.find(':');
    if (colon == 0 || colon == std::string_view::npos || ++m_fields > kMostFields) return false;
    const std::string_view name = line.substr(0, colon), value = trimmed(line.substr(colon + 1));
    if (!std::all_of(name.begin(), name.end(), http::isToken) || std::any_of(value.begin(), value.end(), http::isControl))
        return false;
    if (equalsIgnoringCase(name, "Status")) return takeStatus(value);
    if (equalsIgnoringCase(name, "Content-Length")) return takeLength(value);
    if (isOfConnection(name)) return true;
    const bool isLocation = equalsIgnoringCase(name, "Location");
    if (isLocation && (m_hasLocation || value.empty())) return false;
    m_hasLocation = m_hasLocation || isLocation;
    m_hasType = m_hasType || equalsIgnoringCase(name, "Content-Type");
    m_head.fields.push_back({name, value});
    return true;
}

// "404 Not Found", or the number alone. Its words are not passed on: those of the number are known.
bool HeadReader::takeStatus(std::string_view value) {
    const std::string_view number = value.substr(0, value.find(' '));
    const auto status = number.size() == 3 ? parseDecimal(number, 599) : std::nullopt;
    if (m_hasStatus || !status || *status < 200) return false;
    m_hasStatus = true;
    m_head.status = static_cast<int>(*status);
    return true;
}

bool HeadReader::takeLength(std::string_view value) {
    const auto length = parseDecimal(value);
    if (m_head.contentLength || !length) return false;
    m_head.contentLength = length;
    return true;
}

bool HeadReader::finish() {
    if (!m_hasStatus && m_hasLocation) m_head.status = 302;
    return m_hasStatus || m_hasType || m_hasLocation;
}

}  // namespace

CgiHeadOutcome parseCgiHead(std::string_view bytes, CgiHead &head) {
    head = {};
    HeadReader reader(head);
    const std::string_view looked = bytes.substr(0, kLongestCgiHead);
    for (std::size_t at = 0;;) {
        const std::size_t end = looked.find('\n', at);
        if (end == std::string_view::npos)
            return {looked.size() == kLongestCgiHead ? CgiHeadState::Refused : CgiHeadState::NeedMore, 0};
        std::string_view line = looked.substr(at, end - at);
        at = end + 1;
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.empty())
            return reader.finish() ? CgiHeadOutcome{CgiHeadState::Complete, at} : CgiHeadOutcome{CgiHeadState::Refused, 0};
        if (!reader.take(line)) return {CgiHeadState::Refused, 0};
    }
}

}  // namespace meerkat::scripts
