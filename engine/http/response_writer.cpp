#include "http/response_writer.h"

#include "base/text.h"
#include "http/status.h"

#include <algorithm>
#include <charconv>

namespace meerkat::http {

namespace {

// Where a raw answer's head is looked for; a program that writes a longer one loses the connection after it.
constexpr std::size_t kRawHeadBytes = 16 * 1024;

bool isTokenCharacter(char c) {
    constexpr std::string_view others = "!#$%&'*+-.^_`|~";
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || others.find(c) != std::string_view::npos;
}

bool isFieldCharacter(char c) { return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f); }

void appendNumber(std::string &out, std::uint64_t number, int base) {
    char digits[20];
    out.append(digits, std::to_chars(digits, digits + sizeof digits, number, base).ptr);
}

}  // namespace

bool ResponseWriter::setStatus(int status) {
    if (m_isRaw || m_status != 0 || m_isHeadWritten || m_isBodyBegun || status < 100 || status > 999) return false;
    m_status = status;
    return true;
}

bool ResponseWriter::addHeader(std::string_view name, std::string_view value) {
    const bool isClean = !name.empty() && std::all_of(name.begin(), name.end(), isTokenCharacter) &&
                         std::all_of(value.begin(), value.end(), isFieldCharacter);
    if (m_isRaw || m_isHeadWritten || m_isBodyBegun || !isClean) return false;
    if (equalsIgnoringCase(name, "Content-Length")) {
        const auto length = parseDecimal(trimmed(value));
        // Together with a transfer coding it would let two readers disagree about the end.
        if (!length || m_hasLength || m_hasCoding) return false;
        m_hasLength = true;
        m_length = *length;
    } else if (equalsIgnoringCase(name, "Transfer-Encoding")) {
        if (m_hasLength) return false;
        m_hasCoding = true;
    } else if (equalsIgnoringCase(name, "Connection")) {
        m_hasConnection = true;
        if (listContains(value, "close")) m_keepsAlive = false;
    } else if (equalsIgnoringCase(name, "Date")) {
        m_hasDate = true;
    }
    m_fields.append(name).append(": ").append(value).append("\r\n");
    return true;
}

bool ResponseWriter::mayHaveBody() const { return !m_isHeadRequest && status() >= 200 && status() != 204 && status() != 304; }

bool ResponseWriter::usesChunks() const {
    return m_minorVersion >= 1 && !m_hasLength && !m_hasCoding && status() >= 200 && status() != 204 && status() != 304;
}

std::size_t ResponseWriter::addBody(std::string_view bytes) {
    if (m_isRaw) return addRaw(bytes);
    m_isBodyBegun = true;
    if (!mayHaveBody()) return bytes.size();
    const std::uint64_t room = m_hasLength ? m_length - std::min(m_length, m_bodyBytes) : bytes.size();
    const std::size_t taken = static_cast<std::size_t>(std::min<std::uint64_t>(room, bytes.size()));
    m_body.append(bytes.substr(0, taken));
    m_bodyBytes += taken;
    return taken;
}

std::size_t ResponseWriter::addRaw(std::string_view bytes) {
    // Behind an answer made of parts, raw bytes are its body as the program frames it.
    if (!m_isRaw && hasBegun()) return addBody(bytes);
    m_isRaw = true;
    m_out.append(bytes);
    if (m_rawHeadEnded) {
        m_rawBodyBytes += bytes.size();
    } else if (m_rawHead.size() <= kRawHeadBytes) {
        m_rawHead.append(bytes);
        noteRawHead();
    }
    return bytes.size();
}

// Looks in a raw answer's head for what tells where the body ends.
void ResponseWriter::noteRawHead() {
    const std::size_t end = m_rawHead.find("\r\n\r\n");
    if (end == std::string::npos) return;
    m_rawHeadEnded = true;
    m_rawBodyBytes = m_rawHead.size() - end - 4;
    std::string_view head = std::string_view(m_rawHead).substr(0, end + 2);
    if (startsWithIgnoringCase(head, "HTTP/1.") && head.size() > 12)
        m_status = static_cast<int>(parseDecimal(head.substr(9, 3)).value_or(0));
    while (!head.empty()) {
        const std::string_view line = head.substr(0, head.find("\r\n"));
        head.remove_prefix(line.size() + 2);
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos) continue;
        const std::string_view name = line.substr(0, colon), value = trimmed(line.substr(colon + 1));
        if (equalsIgnoringCase(name, "Content-Length")) {
            m_length = parseDecimal(value).value_or(0);
            m_hasLength = true;
        } else if (equalsIgnoringCase(name, "Transfer-Encoding")) {
            m_hasCoding = listContains(value, "chunked");
        } else if (equalsIgnoringCase(name, "Connection") && listContains(value, "close")) {
            m_keepsAlive = false;
        }
    }
    m_rawHead.clear();
}

void ResponseWriter::finish() { m_isFinished = true; }

void ResponseWriter::writeHead(std::string_view dateLine) {
    m_out.append("HTTP/1.1 ");
    appendNumber(m_out, static_cast<std::uint64_t>(status()), 10);
    m_out.append(" ").append(reasonPhrase(status())).append("\r\n");
    if (!m_hasDate) m_out.append(dateLine);
    m_out.append(m_fields);
    if (usesChunks()) m_out.append("Transfer-Encoding: chunked\r\n");
    // An HTTP/1.0 client learns from the end of the connection where the body ends.
    const bool endsWithConnection = !m_keepsAlive || (m_minorVersion == 0 && mayHaveBody() && !m_hasLength);
    if (!m_hasConnection && endsWithConnection) m_out.append("Connection: close\r\n");
    if (!m_hasConnection && !endsWithConnection && m_minorVersion == 0) m_out.append("Connection: keep-alive\r\n");
    m_out.append("\r\n");
    m_fields.clear();
    m_isHeadWritten = true;
}

std::string ResponseWriter::take(std::string_view dateLine) {
    const bool isDue = m_isBodyBegun || m_isFinished;
    if (!m_isRaw && !m_isHeadWritten && isDue) writeHead(dateLine);
    if (!m_isRaw && m_isHeadWritten) {
        const bool inChunks = usesChunks() && mayHaveBody();
        if (inChunks && !m_body.empty()) {
            appendNumber(m_out, m_body.size(), 16);
            m_out.append("\r\n").append(m_body).append("\r\n");
        } else {
            m_out.append(m_body);
        }
        m_body.clear();
        if (inChunks && m_isFinished) m_out.append("0\r\n\r\n");
    }
    std::string out = std::move(m_out);
    m_out.clear();
    return out;
}

bool ResponseWriter::endsClearly() const {
    if (!m_keepsAlive) return false;
    if (m_isRaw) {
        if (!m_rawHeadEnded) return false;
        if (!mayHaveBody()) return m_rawBodyBytes == 0;
        return m_hasCoding || (m_hasLength && m_length == m_rawBodyBytes);
    }
    if (!mayHaveBody() || m_hasCoding) return true;
    return m_hasLength ? m_length == m_bodyBytes : m_minorVersion >= 1;
}

}  // namespace meerkat::http
