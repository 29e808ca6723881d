#include "http/response_writer.h"

#include "base/text.h"
#include "http/byte_search.h"
#include "http/characters.h"
#include "http/status.h"

#include <algorithm>
#include <charconv>

namespace meerkat::http {

using namespace std::literals;

namespace {

// Where a raw answer's head is looked for; a program that writes a longer one loses the connection after it.
constexpr std::size_t kRawHeadBytes = 16 * 1024;

constexpr std::string_view kCodingName = "Transfer-Encoding";

// A larger piece of memory is given back after an answer.
constexpr std::size_t kKeptBytes = 16 * 1024;

// One growth for all pieces; those of a known length are copied in line.
template <class... Piece>
void appendAll(std::string &out, const Piece &...pieces) {
    std::size_t at = out.size();
    out.resize(at + (... + pieces.size()));
    ((std::char_traits<char>::copy(out.data() + at, pieces.data(), pieces.size()), at += pieces.size()), ...);
}

// `line` is `name: value` with its end; the name has that many bytes.
bool isFieldLine(std::string_view line, std::size_t nameBytes) {
    const ByteSearch bytes(line);
    const char *const nameEnd = bytes.begin() + nameBytes;
    const char *at = bytes.find<CommonNameEnd>(bytes.begin());
    while (at < nameEnd && isToken(*at)) ++at;
    return nameBytes != 0 && at == nameEnd && bytes.find<ValueEnd>(nameEnd) == bytes.end() - 2;
}

void appendHex(std::string &out, std::uint64_t number) {
    char digits[20];
    out.append(digits, std::to_chars(digits, digits + sizeof digits, number, 16).ptr);
}

}  // namespace

bool ResponseWriter::setStatus(int status) {
    if (m_isRaw || m_status != 0 || m_isHeadWritten || m_isBodyBegun || status < 200 || status > 999) return false;
    m_status = status;
    return true;
}

bool ResponseWriter::addHeader(std::string_view name, std::string_view value) {
    if (m_isRaw || m_isHeadWritten || m_isBodyBegun) return false;
    const std::size_t before = m_fields.size();
    appendAll(m_fields, name, ": "sv, value, "\r\n"sv);
    const bool isTaken = isFieldLine(std::string_view(m_fields).substr(before), name.size()) && noteField(name, value);
    // The head says of the coding what the body will be.
    if (!isTaken || (m_hasCoding && equalsIgnoringCase(name, kCodingName))) m_fields.resize(before);
    return isTaken;
}

// What the engine would add itself, or has to know for the framing; each of another length. False: it contradicts an earlier one.
bool ResponseWriter::noteField(std::string_view name, std::string_view value) {
    constexpr std::size_t kLengths = 1u << 4 | 1u << 10 | 1u << 14 | 1u << 17;
    if (name.size() > 17 || !(kLengths >> name.size() & 1)) return true;
    if (equalsIgnoringCase(name, "Content-Length")) {
        const auto length = parseDecimal(trimmed(value));
        // Together with a transfer coding it would let two readers disagree about the end.
        if (!length || m_hasLength || m_hasCoding) return false;
        m_hasLength = true;
        m_length = *length;
    } else if (equalsIgnoringCase(name, kCodingName)) {
        // Another coding would be the program's, and nobody could tell its end.
        if (m_hasLength || !equalsIgnoringCase(trimmed(value), "chunked")) return false;
        m_hasCoding = true;
    } else if (equalsIgnoringCase(name, "Connection")) {
        m_hasConnection = true;
        if (listContains(value, "close")) m_keepsAlive = false;
    } else if (equalsIgnoringCase(name, "Date")) {
        m_hasDate = true;
    }
    return true;
}

bool ResponseWriter::mayHaveBody() const { return !m_isHeadRequest && status() >= 200 && status() != 204 && status() != 304; }

bool ResponseWriter::usesChunks() const {
    return m_minorVersion >= 1 && !m_hasLength && !m_hasCoding && status() >= 200 && status() != 204 && status() != 304;
}

std::size_t ResponseWriter::addBody(std::string_view bytes) {
    if (m_isRaw) return addRaw(bytes);
    // Whoever announced chunks and then hands in data means ours.
    if (!m_isBodyBegun) m_hasCoding = false;
    return appendBody(bytes);
}

std::size_t ResponseWriter::appendBody(std::string_view bytes) {
    m_isBodyBegun = true;
    if (!mayHaveBody()) {
        m_unseenBytes += bytes.size();
        return bytes.size();
    }
    const std::uint64_t room = m_hasLength ? m_length - std::min(m_length, m_bodyBytes) : bytes.size();
    const std::size_t taken = static_cast<std::size_t>(std::min<std::uint64_t>(room, bytes.size()));
    m_body.append(bytes.substr(0, taken));
    m_bodyBytes += taken;
    m_unseenBytes += bytes.size() - taken;
    return taken;
}

std::size_t ResponseWriter::addRaw(std::string_view bytes) {
    noteTail(bytes);
    // Behind an answer made of parts, raw bytes are its body as the program frames it.
    if (!m_isRaw && hasBegun()) return appendBody(bytes);
    m_isRaw = true;
    m_raw.append(bytes);
    if (m_rawHeadEnded) {
        m_rawBodyBytes += bytes.size();
    } else if (m_rawHead.size() <= kRawHeadBytes) {
        m_rawHead.append(bytes);
        noteRawHead();
    }
    return bytes.size();
}

// Of chunks that the program makes itself the last one is known by the bytes that end it.
void ResponseWriter::noteTail(std::string_view bytes) {
    if (bytes.size() > kLastChunk.size()) bytes.remove_prefix(bytes.size() - kLastChunk.size());
    const std::size_t kept = kLastChunk.size() - bytes.size();
    std::copy(m_tail.end() - static_cast<std::ptrdiff_t>(kept), m_tail.end(), m_tail.begin());
    std::copy(bytes.begin(), bytes.end(), m_tail.begin() + static_cast<std::ptrdiff_t>(kept));
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

void ResponseWriter::finish() {
    if (!m_isRaw && !m_isBodyBegun) m_hasCoding = false;
    m_isFinished = true;
}

void ResponseWriter::writeHead(std::string_view dateLine, std::string &out) {
    const char digits[] = {static_cast<char>('0' + status() / 100), static_cast<char>('0' + status() / 10 % 10),
                           static_cast<char>('0' + status() % 10)};
    appendAll(out, "HTTP/1.1 "sv, std::string_view(digits, sizeof digits), " "sv, reasonPhrase(status()), "\r\n"sv,
              m_hasDate ? std::string_view{} : dateLine, m_fields);
    if (usesChunks() || m_hasCoding) out.append(kCodingName).append(": chunked\r\n");
    // An HTTP/1.0 client learns from the end of the connection where the body ends.
    const bool endsWithConnection = !m_keepsAlive || (m_minorVersion == 0 && mayHaveBody() && !m_hasLength);
    if (!m_hasConnection && endsWithConnection) out.append("Connection: close\r\n");
    if (!m_hasConnection && !endsWithConnection && m_minorVersion == 0) out.append("Connection: keep-alive\r\n");
    out.append("\r\n");
    m_fields.clear();
    m_isHeadWritten = true;
}

void ResponseWriter::take(std::string_view dateLine, std::string &out) {
    if (m_isRaw) {
        out.append(m_raw);
        m_raw.clear();
        return;
    }
    m_unseenBytes = 0;
    const bool isDue = m_isBodyBegun || m_isFinished;
    if (!m_isHeadWritten && isDue) writeHead(dateLine, out);
    if (!m_isHeadWritten) return;
    const bool inChunks = usesChunks() && mayHaveBody();
    if (inChunks && !m_body.empty()) {
        appendHex(out, m_body.size());
        out.append("\r\n").append(m_body).append("\r\n");
    } else {
        out.append(m_body);
    }
    m_body.clear();
    if (inChunks && m_isFinished) out.append(kLastChunk);
}

void ResponseWriter::reset(int minorVersion, bool isHeadRequest, bool keepsAlive) {
    static_cast<AnswerProgress &>(*this) = AnswerProgress(minorVersion, isHeadRequest, keepsAlive);
    for (std::string *text : {&m_fields, &m_body, &m_raw, &m_rawHead}) {
        if (text->capacity() > kKeptBytes) *text = std::string();
        text->clear();
    }
}

bool ResponseWriter::endsClearly() const {
    if (!m_keepsAlive) return false;
    if (m_isRaw) {
        if (!m_rawHeadEnded) return false;
        if (!mayHaveBody()) return m_rawBodyBytes == 0;
        return m_hasCoding ? hasLastChunk() : m_hasLength && m_length == m_rawBodyBytes;
    }
    if (!mayHaveBody()) return true;
    if (m_hasCoding) return hasLastChunk();
    return m_hasLength ? m_length == m_bodyBytes : m_minorVersion >= 1;
}

}  // namespace meerkat::http
