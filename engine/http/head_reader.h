// Station: inside http/ only. The lines of a head, requests' and responses' alike. From request_parser and response_parser.
// Everything stands here, and not in a source, so that each parser is compiled as one.
#pragma once

#include "base/text.h"
#include "http/byte_search.h"
#include "http/characters.h"
#include "http/message_head.h"

#include <algorithm>
#include <optional>
#include <string_view>

namespace meerkat::http {

// How a step of a parser ended: go on, wait for more bytes, or the HTTP status to refuse with.
using Step = int;
inline constexpr Step kGoOn = 0;
inline constexpr Step kNeedMore = 1;
inline constexpr Step kMalformed = 400;
inline constexpr Step kHeadTooLarge = 431;
inline constexpr Step kNotImplemented = 501;
inline constexpr Step kUnknownVersion = 505;

// Compares with a name in lower case. Names are tokens, and among token characters setting the bit turns nothing but the capital into
// the letter.
template <std::size_t size>
inline bool isName(std::string_view name, const char (&lower)[size]) {
    unsigned difference = 0;
    for (std::size_t index = 0; index + 1 < size; ++index) {
        difference |= (static_cast<unsigned char>(name[index]) | 0x20U) ^ static_cast<unsigned char>(lower[index]);
    }
    return difference == 0;
}

inline bool isBlank(char c) { return c == ' ' || c == '\t'; }

inline std::string_view withoutBlankEnd(std::string_view text) {
    while (!text.empty() && isBlank(text.back())) text.remove_suffix(1);
    return text;
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

// What the fields say about connection and framing, line by line, and in the end together.
class FramingNotes {
  public:
    void noteConnection(std::string_view value, MessageHead &head) {
        ListItems items(value);
        while (const std::optional<std::string_view> item = items.next()) {
            m_saysClose = m_saysClose || equalsIgnoringCase(*item, "close");
            m_saysKeepAlive = m_saysKeepAlive || equalsIgnoringCase(*item, "keep-alive");
            head.wantsUpgrade = head.wantsUpgrade || equalsIgnoringCase(*item, "upgrade");
        }
    }

    // Two equal lengths would be allowed (RFC 9112 section 6.3), but nobody honest sends them.
    Step noteContentLength(std::string_view value, MessageHead &head) {
        const std::optional<std::uint64_t> length = parseDecimal(value);
        if (head.hasContentLength || !length) return kMalformed;
        head.hasContentLength = true;
        head.contentLength = *length;
        return kGoOn;
    }

    // Nothing may follow chunked. An empty item is refused, unlike in other lists: who reads it differently sees another body.
    Step noteTransferEncoding(std::string_view value) {
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

    Step finish(MessageHead &head) const {
        const bool isOld = head.minorVersion == 0;
        if (m_codings != Codings::None) {
            if (isOld || head.hasContentLength || m_codings == Codings::Others) return kMalformed;
            if (m_codings == Codings::OthersThenChunked) return kNotImplemented;
            head.isChunked = true;
        }
        head.keepAlive = !m_saysClose && (m_saysKeepAlive || !isOld);
        return kGoOn;
    }

  private:
    // What the Transfer-Encoding lines said so far.
    enum class Codings : std::uint8_t { None, Others, OthersThenChunked, Chunked };

    Codings m_codings = Codings::None;
    bool m_saysClose = false;
    bool m_saysKeepAlive = false;
};

// A place in the bytes of a head, and what can be read there.
class HeadReader {
  public:
    explicit HeadReader(std::string_view bytes) : m_bytes(bytes), m_at(m_bytes.begin()) {}

    std::size_t consumed() const { return static_cast<std::size_t>(m_at - m_bytes.begin()); }

  protected:
    bool isAtEnd() const { return m_at == m_bytes.end(); }
    std::size_t left() const { return static_cast<std::size_t>(m_bytes.end() - m_at); }
    std::string_view taken(const char *from) const { return {from, static_cast<std::size_t>(m_at - from)}; }

    Step skipEmptyLines() {
        constexpr int kMaxEmptyLines = 4;
        for (int lines = 0; m_at != m_bytes.end() && (*m_at == '\r' || *m_at == '\n'); ++lines) {
            if (lines == kMaxEmptyLines) return kMalformed;
            if (const Step step = readLineEnd()) return step;
        }
        return m_at == m_bytes.end() ? kNeedMore : kGoOn;
    }

    // CRLF, or a bare LF (RFC 9112 section 2.2).
    Step readLineEnd() {
        if (m_at == m_bytes.end()) return kNeedMore;
        if (*m_at == '\r') {
            ++m_at;
            if (m_at == m_bytes.end()) return kNeedMore;
        }
        return *m_at++ == '\n' ? kGoOn : kMalformed;
    }

    // "HTTP/1.1"; whether the major version is ours is to be asked when the line has ended well.
    Step readVersion(int &minorVersion) {
        constexpr std::string_view kName = "HTTP/";
        constexpr std::size_t kSize = kName.size() + 3;
        const std::string_view text(m_at, std::min(left(), kSize));
        if (!text.starts_with(kName.substr(0, text.size()))) return kMalformed;
        const auto isDigitAt = [&](std::size_t place) {
            return text.size() <= place || (text[place] >= '0' && text[place] <= '9');
        };
        if (!isDigitAt(5) || !isDigitAt(7) || (text.size() > 6 && text[6] != '.')) return kMalformed;
        if (text.size() < kSize) return kNeedMore;
        m_at += kSize;
        m_isKnownVersion = text[5] == '1';
        minorVersion = text[7] == '0' ? 0 : 1;
        return kGoOn;
    }
    bool isKnownVersion() const { return m_isKnownVersion; }

    // To the blank line. `note` looks at each field as it is read, and says whether to go on.
    template <class Note>
    Step readFields(MessageHead &head, Note note) {
        while (true) {
            if (m_at == m_bytes.end()) return kNeedMore;
            if (*m_at == '\r' || *m_at == '\n') return readLineEnd();
            if (head.fieldCount == kMaxHeaderFields) return kHeadTooLarge;
            HeaderField &field = head.fields[head.fieldCount];
            if (const Step step = readName(field)) return step;
            if (const Step step = readValue(field)) return step;
            ++head.fieldCount;
            if (const Step step = note(field)) return step;
        }
    }

    ByteSearch m_bytes;
    const char *m_at;

  private:
    Step readName(HeaderField &field) {
        const char *start = m_at;
        const char *at = m_bytes.find<CommonNameEnd>(start);
        while (at != m_bytes.end() && isToken(*at)) ++at;
        if (at == m_bytes.end()) return kNeedMore;
        if (*at != ':' || at == start) return kMalformed;
        field.name = {start, static_cast<std::size_t>(at - start)};
        m_at = at + 1;
        return kGoOn;
    }

    Step readValue(HeaderField &field) {
        const char *start = m_at;
        while (start != m_bytes.end() && isBlank(*start)) ++start;
        m_at = m_bytes.find<ValueEnd>(start);
        field.value = withoutBlankEnd(taken(start));
        return readLineEnd();
    }

    bool m_isKnownVersion = false;
};

// Everything but the array of fields.
inline void resetCommon(MessageHead &head) {
    head.minorVersion = 1;
    head.isChunked = false;
    head.hasContentLength = false;
    head.contentLength = 0;
    head.keepAlive = true;
    head.wantsUpgrade = false;
    head.fieldCount = 0;
}

// A parser that saw no more than `maxHeadBytes` of the bytes ended with this step. If it then asks for more, the head is too long, whatever follows.
inline ParseOutcome outcomeOf(Step step, const HeadReader &reader, std::size_t bytes, std::size_t maxHeadBytes) {
    if (step == kGoOn) return {ParseState::Complete, reader.consumed(), 0};
    if (step == kNeedMore && bytes >= maxHeadBytes) step = kHeadTooLarge;
    if (step == kNeedMore) return {};
    return {ParseState::Refused, 0, step};
}

}  // namespace meerkat::http
