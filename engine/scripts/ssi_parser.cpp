#include "scripts/ssi_parser.h"

#include "base/text.h"

namespace meerkat::scripts {

namespace {

constexpr std::string_view kOpening = "<!--#";
constexpr std::string_view kClosing = "-->";

bool isSpace(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
bool isLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

class CommandReader {
  public:
    explicit CommandReader(std::string_view text) : m_text(text) {}

    bool readInto(SsiPiece &piece) {
        piece.command = readWord();
        if (piece.command.empty()) return false;
        while (m_at < m_text.size()) {
            const bool isApart = skipSpace();
            if (m_at == m_text.size()) break;
            SsiAttribute attribute;
            if (!isApart || !readAttribute(attribute)) return false;
            piece.attributes.push_back(std::move(attribute));
        }
        return true;
    }

  private:
    std::string readWord() {
        std::string word;
        while (m_at < m_text.size() && isLetter(m_text[m_at])) word.push_back(lowerAscii(m_text[m_at++]));
        return word;
    }
    bool skipSpace() {
        const std::size_t from = m_at;
        while (m_at < m_text.size() && isSpace(m_text[m_at])) ++m_at;
        return m_at > from;
    }
    bool readAttribute(SsiAttribute &attribute) {
        attribute.name = readWord();
        skipSpace();
        if (attribute.name.empty() || m_at == m_text.size() || m_text[m_at++] != '=') return false;
        skipSpace();
        if (m_at == m_text.size()) return false;
        const char quote = m_text[m_at];
        if (quote == '"' || quote == '\'' || quote == '`') return readQuoted(quote, attribute.value);
        while (m_at < m_text.size() && !isSpace(m_text[m_at])) attribute.value.push_back(m_text[m_at++]);
        return true;
    }
    bool readQuoted(char quote, std::string &value) {
        for (++m_at; m_at < m_text.size(); ++m_at) {
            if (m_text[m_at] == quote) return ++m_at, true;
            if (m_text[m_at] == '\\' && m_at + 1 < m_text.size() && m_text[m_at + 1] == quote) ++m_at;
            value.push_back(m_text[m_at]);
        }
        return false;
    }

    std::string_view m_text;
    std::size_t m_at = 0;
};

}  // namespace

SsiPiece nextPiece(std::string_view page) {
    SsiPiece piece;
    const std::size_t opening = page.find(kOpening);
    if (opening != 0) {
        piece.text = page.substr(0, opening);
        piece.consumed = piece.text.size();
        return piece;
    }
    const std::size_t closing = page.find(kClosing, kOpening.size());
    const bool isClosed = closing != std::string_view::npos;
    piece.consumed = isClosed ? closing + kClosing.size() : page.size();
    piece.kind = isClosed && CommandReader(page.substr(kOpening.size(), closing - kOpening.size())).readInto(piece)
                     ? SsiPieceKind::Command
                     : SsiPieceKind::Broken;
    return piece;
}

}  // namespace meerkat::scripts
