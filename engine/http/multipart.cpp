#include "http/multipart.h"

#include "base/text.h"
#include "http/header_parameters.h"

#include <algorithm>
#include <optional>

namespace meerkat::http {

namespace {

constexpr std::string_view kLineEnd = "\r\n";
constexpr std::string_view kBlankLine = "\r\n\r\n";

// `--boundary` at the start of the bytes; empty if there is none, or if it is the closing one.
std::string_view openingDelimiter(std::string_view bytes) {
    const std::size_t end = bytes.find('\r');
    if (!bytes.starts_with("--") || end == std::string_view::npos || !bytes.substr(end).starts_with(kLineEnd)) return {};
    const std::string_view line = trimmed(bytes.substr(0, end));
    const bool isClosing = line.size() < 3 || line.ends_with("--") || line.find('\n') != std::string_view::npos;
    return isClosing ? std::string_view{} : line;
}

// What may follow a delimiter: its closing "--", or blanks and the end of the line.
bool endsDelimiter(std::string_view rest) {
    if (rest.starts_with("--")) return true;
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
    return rest.starts_with(kLineEnd);
}

// Place of the line end before the next delimiter. The delimiter holds no '\r', so that a comparison never goes over the next '\r' of the bytes: each
// byte is looked at a few times, however long the boundary.
std::size_t nextDelimiter(std::string_view bytes, std::string_view delimiter) {
    const std::string wanted = "\r\n" + std::string(delimiter);
    for (std::size_t at = bytes.find(wanted); at != std::string_view::npos; at = bytes.find(wanted, at + 1))
        if (endsDelimiter(bytes.substr(at + wanted.size()))) return at;
    return std::string_view::npos;
}

// The value of the first field of that name, continuation lines included.
std::string_view findField(std::string_view head, std::string_view name) {
    while (!head.empty()) {
        std::size_t end = head.find(kLineEnd);
        while (end != std::string_view::npos && end + 2 < head.size() && (head[end + 2] == ' ' || head[end + 2] == '\t'))
            end = head.find(kLineEnd, end + 2);
        const std::string_view line = head.substr(0, end);
        const std::size_t colon = line.find(':');
        if (colon != std::string_view::npos && equalsIgnoringCase(trimmed(line.substr(0, colon)), name))
            return line.substr(colon + 1);
        head.remove_prefix(end == std::string_view::npos ? head.size() : end + 2);
    }
    return {};
}

std::string nameFrom(std::string_view disposition, std::string_view parameterName) {
    const auto found = findParameter(disposition, parameterName);
    std::string name;
    if (!found) return name;
    const std::string_view value = found->value;
    for (std::size_t at = 0; at < value.size(); ++at) {
        const bool isEscape = found->isQuoted && value[at] == '\\' && at + 1 < value.size();
        if (isEscape && (value[at + 1] == '"' || value[at + 1] == '\\')) ++at;
        name.push_back(value[at]);
    }
    return name;
}

}  // namespace

PartHead partHead(std::string_view fields) {
    const std::string_view disposition = findField(fields, "Content-Disposition");
    return {nameFrom(disposition, "name"), nameFrom(disposition, "filename"), findParameter(disposition, "filename").has_value()};
}

MultipartChunk firstChunk(std::string_view bytes) {
    const std::size_t start = std::min(bytes.find_first_not_of(kLineEnd), bytes.size());
    const std::string_view rest = bytes.substr(start);
    const std::string_view delimiter = openingDelimiter(rest);
    if (delimiter.empty()) return {};
    const std::string_view chunk = rest.substr(rest.find('\r'));
    const std::size_t end = nextDelimiter(chunk, delimiter);
    if (end == std::string_view::npos) return {};
    // A head may also end with the chunk: then there is no data.
    const std::size_t blank = chunk.substr(0, end).find(kBlankLine);
    const std::size_t headEnd = blank == std::string_view::npos ? end : blank;
    const std::size_t dataBegin = blank == std::string_view::npos ? end : blank + kBlankLine.size();
    PartHead head = partHead(chunk.substr(0, headEnd));
    MultipartChunk found;
    found.name = std::move(head.name);
    found.fileName = std::move(head.fileName);
    found.data = chunk.substr(dataBegin, end - dataBegin);
    found.consumed = bytes.size() - chunk.size() + end + kLineEnd.size();
    return found;
}

}  // namespace meerkat::http
