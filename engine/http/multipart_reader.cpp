#include "http/multipart_reader.h"

#include "base/text.h"
#include "http/header_parameters.h"

#include <algorithm>
#include <utility>

namespace meerkat::http {

namespace {

constexpr std::size_t kLongestBoundary = 70;
constexpr std::string_view kBlankLine = "\r\n\r\n";

// How many bytes at the end may be the beginning of the word.
std::size_t beginningAtEnd(std::string_view bytes, std::string_view word) {
    std::size_t length = std::min(bytes.size(), word.size() - 1);
    while (length > 0 && !bytes.ends_with(word.substr(0, length))) --length;
    return length;
}

bool isBoundary(std::string_view text) {
    const auto isPlain = [](char c) { return c >= ' ' && c < 0x7f; };
    return !text.empty() && text.size() <= kLongestBoundary && text.back() != ' ' &&
           std::all_of(text.begin(), text.end(), isPlain);
}

}  // namespace

std::optional<MultipartReader> MultipartReader::of(std::string_view contentType) {
    const std::size_t semicolon = std::min(contentType.find(';'), contentType.size());
    if (!equalsIgnoringCase(trimmed(contentType.substr(0, semicolon)), "multipart/form-data")) return std::nullopt;
    const auto boundary = findParameter(contentType.substr(semicolon), "boundary");
    const std::string text = boundary ? unescaped(*boundary) : std::string();
    if (!isBoundary(text)) return std::nullopt;
    return MultipartReader("\r\n--" + text);
}

int MultipartReader::read(std::string_view bytes, PartTaker &taker) {
    std::string joined = std::exchange(m_held, {});
    if (!joined.empty()) joined.append(bytes);
    const std::string_view all = joined.empty() ? bytes : std::string_view(joined);
    std::string_view rest = all;
    m_kept = 0;
    int status = 0;
    while (status == 0 && !rest.empty()) status = step(rest, taker);
    // A head that comes in small pieces is not copied for each of them, and a small rest does not keep the memory of a large piece.
    if (!joined.empty() && joined.size() < 2 * m_kept)
        m_held = std::move(joined.erase(0, joined.size() - m_kept));
    else
        m_held = all.substr(all.size() - m_kept);
    return status;
}

int MultipartReader::step(std::string_view &rest, PartTaker &taker) {
    switch (m_phase) {
    case Phase::Preamble:
    case Phase::Data:
        return onData(rest, taker);
    case Phase::Boundary:
        return onBoundary(rest, taker);
    case Phase::Head:
        return onHead(rest, taker);
    case Phase::End:
        rest = {};
        return 0;
    }
    return 400;
}

void MultipartReader::hold(std::string_view &rest) {
    m_kept = rest.size();
    rest = {};
}

int MultipartReader::handOver(std::string_view bytes, PartTaker &taker) {
    return m_isInPart && !bytes.empty() ? taker.takePart(bytes) : 0;
}

int MultipartReader::onData(std::string_view &rest, PartTaker &taker) {
    const std::size_t at = rest.find(m_delimiter);
    const bool isFound = at != std::string_view::npos;
    const std::size_t end = isFound ? at : rest.size() - beginningAtEnd(rest, m_delimiter);
    if (const int status = handOver(rest.substr(0, end), taker); status != 0) return status;
    rest.remove_prefix(end);
    if (!isFound) return hold(rest), 0;
    rest.remove_prefix(m_delimiter.size());
    m_phase = Phase::Boundary;
    return 0;
}

// What begins like a boundary and goes on like a longer word is data.
int MultipartReader::onBoundary(std::string_view &rest, PartTaker &taker) {
    const std::size_t blanks = std::min(rest.find_first_not_of(" \t"), rest.size());
    const std::string_view line = rest.substr(blanks);
    const bool isLast = blanks == 0 && rest.starts_with("--");
    const bool isNext = line.starts_with("\r\n");
    const bool isOpen = line.empty() || line == "\r" || (blanks == 0 && line == "-");
    if (!isLast && !isNext && isOpen && blanks <= kMostPadding) return hold(rest), 0;
    if (!isLast && (!isNext || blanks > kMostPadding)) {
        m_phase = m_isInPart ? Phase::Data : Phase::Preamble;
        return handOver(m_delimiter, taker);
    }
    if (std::exchange(m_isInPart, false))
        if (const int status = taker.endPart(); status != 0) return status;
    m_phase = isLast ? Phase::End : Phase::Head;
    // The line end stays: a head without fields is that and the next one.
    rest.remove_prefix(isLast ? rest.size() : blanks);
    return 0;
}

int MultipartReader::onHead(std::string_view &rest, PartTaker &taker) {
    const std::size_t end = rest.substr(0, kMostHeadBytes).find(kBlankLine);
    if (end == std::string_view::npos) {
        if (rest.size() >= kMostHeadBytes) return 400;
        return hold(rest), 0;
    }
    const PartHead head = partHead(rest.substr(0, end));
    rest.remove_prefix(end + kBlankLine.size());
    m_phase = Phase::Data;
    m_isInPart = true;
    return taker.beginPart(head);
}

}  // namespace meerkat::http
