// Station: mg_send_status, mg_send_header, mg_send_data -> bytes. From the server's side of the C interface, to http_protocol.
// Spools: nothing is sent here. The body travels in chunks unless its length was given or the client speaks HTTP/1.0 (RFC 9112 section 7).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace meerkat::http {

// What ends a body in chunks.
inline constexpr std::string_view kLastChunk = "0\r\n\r\n";

// Everything of an answer under way but its bytes.
struct AnswerProgress {
    AnswerProgress(int minorVersion, bool isHeadRequest, bool keepsAlive)
        : m_minorVersion(minorVersion), m_isHeadRequest(isHeadRequest), m_keepsAlive(keepsAlive) {}

    std::uint64_t m_length = 0;
    std::uint64_t m_bodyBytes = 0;
    std::uint64_t m_rawBodyBytes = 0;
    std::size_t m_unseenBytes = 0;                 // of a body that nobody gets, since the last take
    std::array<char, kLastChunk.size()> m_tail{};  // the latest raw bytes
    int m_status = 0;
    int m_minorVersion;
    bool m_isHeadRequest;
    bool m_keepsAlive;
    bool m_hasLength = false;
    bool m_hasCoding = false;  // the program announced chunks, and does its own unless it hands in data
    bool m_hasDate = false;
    bool m_hasConnection = false;
    bool m_isHeadWritten = false;
    bool m_isBodyBegun = false;
    bool m_isRaw = false;
    bool m_rawHeadEnded = false;
    bool m_isFinished = false;
};

class ResponseWriter : private AnswerProgress {
  public:
    ResponseWriter(int minorVersion, bool isHeadRequest, bool keepsAlive)
        : AnswerProgress(minorVersion, isHeadRequest, keepsAlive) {}

    // False: too late, a second time, or no status of an answer (200..999).
    bool setStatus(int status);
    // False: too late, a name that is no token, or a value with a control character.
    bool addHeader(std::string_view name, std::string_view value);
    // How many bytes were taken. Bytes beyond a given Content-Length are dropped.
    std::size_t addBody(std::string_view bytes);
    // Bytes that go out as they are; status line and head are the program's.
    std::size_t addRaw(std::string_view bytes);

    // The connection ends with the answer: the head will say so, unless it is made already or the program said something of its own.
    void endWithConnection() { m_keepsAlive = false; }
    // Ends the answer: last chunk, or the whole head if nothing else was given.
    void finish();

    bool hasBegun() const { return m_isRaw || m_status != 0 || !m_fields.empty() || m_hasCoding || m_isBodyBegun; }
    // Bytes that are spooled and not taken yet; those that nobody gets (the answer to HEAD, what is beyond a Content-Length) count too, so that whoever writes
    // until enough waits comes to an end.
    std::size_t spooled() const { return m_raw.size() + m_body.size() + m_fields.size() + m_unseenBytes; }
    // Nothing but header lines that say nothing of the body.
    bool hasOnlyFields() const {
        return !m_fields.empty() && !m_isRaw && m_status == 0 && !m_hasLength && !m_hasCoding && !m_isBodyBegun &&
               !m_isHeadWritten;
    }
    // Appends what is to be sent now; `dateLine` is used if the head is among it.
    void take(std::string_view dateLine, std::string &out);
    // As new, for another answer; keeps its memory unless that is large.
    void reset(int minorVersion, bool isHeadRequest, bool keepsAlive);

    // The lines added so far.
    const std::string &fields() const { return m_fields; }
    int status() const { return m_status ? m_status : 200; }
    // Whether the client can tell where the answer ends without the end of the connection. Meaningful after finish.
    bool endsClearly() const;

  private:
    bool noteField(std::string_view name, std::string_view value);
    bool usesChunks() const;
    bool mayHaveBody() const;
    void writeHead(std::string_view dateLine, std::string &out);
    std::size_t appendBody(std::string_view bytes);
    void noteRawHead();
    void noteTail(std::string_view bytes);
    bool hasLastChunk() const { return std::string_view(m_tail.data(), m_tail.size()) == kLastChunk; }

    std::string m_fields;   // lines
    std::string m_body;     // since the last take
    std::string m_raw;      // raw bytes
    std::string m_rawHead;  // of a raw answer, until its blank line
};

}  // namespace meerkat::http
