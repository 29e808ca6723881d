#include "websocket/handshake.h"

#include "base/encodings.h"
#include "base/text.h"
#include "http/characters.h"
#include "websocket/extensions.h"

#include <algorithm>
#include <array>
#include <openssl/evp.h>
#include <openssl/rand.h>

namespace meerkat::websocket {

namespace {

constexpr std::string_view kKeyField = "Sec-WebSocket-Key";
constexpr std::string_view kVersionField = "Sec-WebSocket-Version";
constexpr std::string_view kProtocolField = "Sec-WebSocket-Protocol";
constexpr std::string_view kExtensionsField = "Sec-WebSocket-Extensions";
constexpr std::string_view kAcceptField = "Sec-WebSocket-Accept";
constexpr std::string_view kVersion = "13";
constexpr std::string_view kVersionLine = "Sec-WebSocket-Version: 13\r\n";
constexpr std::string_view kUpgradeLines = "Upgrade: websocket\r\nConnection: Upgrade\r\n";
constexpr std::size_t kKeyBytes = 16;

// All values of a field, joined as a list (RFC 9110 section 5.3); `count` tells how many there are.
std::string joinedValues(std::span<const http::HeaderField> fields, std::string_view name, std::size_t &count) {
    std::string joined;
    count = 0;
    for (const auto &field : fields) {
        if (!equalsIgnoringCase(field.name, name)) continue;
        if (count++ > 0) joined += ',';
        joined += field.value;
    }
    return joined;
}

// The value of a field that stands there once.
std::optional<std::string_view> onlyValue(std::span<const http::HeaderField> fields, std::string_view name) {
    std::optional<std::string_view> value;
    for (const auto &field : fields) {
        if (!equalsIgnoringCase(field.name, name)) continue;
        if (value) return std::nullopt;
        value = field.value;
    }
    return value;
}

bool isGoodKey(std::string_view key) {
    const auto bytes = base64Decoded(key);
    return bytes && bytes->size() == kKeyBytes;
}

bool isTokenText(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), http::isToken); }

// Case counts in subprotocols (RFC 6455 section 4.1 names them as tokens to be compared as they are).
bool hasExactly(std::string_view list, std::string_view item) {
    const auto items = splitList(list);
    return std::find(items.begin(), items.end(), item) != items.end();
}

// Nothing if the fields are malformed.
std::optional<std::string_view> chooseSubprotocol(const http::RequestHead &head, std::string_view known) {
    std::string_view chosen;
    for (const auto &field : head.headers()) {
        if (!equalsIgnoringCase(field.name, kProtocolField)) continue;
        for (const auto offer : splitList(field.value)) {
            if (!isTokenText(offer)) return std::nullopt;
            if (chosen.empty() && hasExactly(known, offer)) chosen = offer;
        }
    }
    return chosen;
}

HandshakeOutcome refusal(int status, std::string_view fields = {}) {
    HandshakeOutcome outcome;
    outcome.refusalStatus = status;
    outcome.refusalFields = fields;
    return outcome;
}

void appendLine(std::string &head, std::string_view name, std::string_view value) {
    head.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

// ---- the server's side ----

bool asksForWebsocket(const http::RequestHead &head) {
    if (!head.wantsUpgrade) return false;
    const auto headers = head.headers();
    return std::any_of(headers.begin(), headers.end(), [](const http::HeaderField &field) {
        return equalsIgnoringCase(field.name, "Upgrade") && listContains(field.value, "websocket");
    });
}

std::string acceptKey(std::string_view key) {
    const std::string text = std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
    unsigned int bytes = 0;
    if (EVP_Digest(text.data(), text.size(), digest.data(), &bytes, EVP_sha1(), nullptr) != 1) return {};
    return base64Encoded({reinterpret_cast<const char *>(digest.data()), bytes});
}

HandshakeOutcome answerHandshake(const http::RequestHead &head, const HandshakeSettings &settings) {
    if (head.method != http::Method::Get) return refusal(405, "Allow: GET\r\n");
    // A body would be taken for frames.
    if (head.minorVersion < 1 || !asksForWebsocket(head) || head.isChunked || head.contentLength > 0) return refusal(400);
    const auto version = onlyValue(head.headers(), kVersionField);
    if (!version || *version != kVersion) return refusal(426, kVersionLine);
    const auto key = onlyValue(head.headers(), kKeyField);
    if (!key || !isGoodKey(*key)) return refusal(400);
    const auto subprotocol = chooseSubprotocol(head, settings.subprotocols);
    if (!subprotocol) return refusal(400);
    std::size_t extensionFields = 0;
    const std::string extensions = joinedValues(head.headers(), kExtensionsField, extensionFields);
    const auto offers = extensionFields > 0 ? answerOffers(extensions) : OfferOutcome{};
    if (!offers) return refusal(400);

    HandshakeOutcome outcome;
    outcome.subprotocol = *subprotocol;
    outcome.answer.append("HTTP/1.1 101 Switching Protocols\r\n").append(kUpgradeLines);
    appendLine(outcome.answer, kAcceptField, acceptKey(*key));
    if (!subprotocol->empty()) appendLine(outcome.answer, kProtocolField, *subprotocol);
    if (settings.allowsDeflate && offers->terms.isAgreed) {
        outcome.deflate = offers->terms;
        appendLine(outcome.answer, kExtensionsField, offers->answer);
    }
    outcome.answer.append(settings.extraFields).append("\r\n");
    return outcome;
}

// ---- the client's side ----

namespace {

// Nothing that would end a line or a word early.
bool isOneWord(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c != 0x7f; });
}

// Complete lines of a field each, none of them empty.
bool areFieldLines(std::string_view lines) {
    while (!lines.empty()) {
        const auto end = lines.find("\r\n");
        if (end == std::string_view::npos) return false;
        const auto line = lines.substr(0, end);
        const auto colon = line.find(':');
        if (colon == std::string_view::npos || !isTokenText(line.substr(0, colon))) return false;
        if (std::any_of(line.begin(), line.end(), http::isControl)) return false;
        lines.remove_prefix(end + 2);
    }
    return true;
}

bool areSubprotocols(std::string_view list) {
    const auto items = splitList(list);
    return std::all_of(items.begin(), items.end(), isTokenText) && std::none_of(list.begin(), list.end(), http::isControl);
}

}  // namespace

Result<std::string> requestHead(ClientHandshake &handshake) {
    if (!isOneWord(handshake.host)) return Failure{"The host to connect to is empty or has characters that no host has"};
    if (!isOneWord(handshake.target) || !handshake.target.starts_with('/'))
        return Failure{"The address's path has to begin with a slash and must not have spaces or control characters"};
    if (!areSubprotocols(handshake.subprotocols))
        return Failure{"A subprotocol's name has a character that is not allowed in it"};
    if (!areFieldLines(handshake.extraFields))
        return Failure{"The additional header lines are not complete lines of a name, a colon and a value"};
    std::array<char, kKeyBytes> random;
    if (RAND_bytes(reinterpret_cast<unsigned char *>(random.data()), static_cast<int>(random.size())) != 1)
        return Failure{"The system gives no random numbers"};
    handshake.key = base64Encoded({random.data(), random.size()});
    std::string head = "GET " + handshake.target + " HTTP/1.1\r\n";
    appendLine(head, "Host", handshake.host);
    head.append(kUpgradeLines).append(kVersionLine);
    appendLine(head, kKeyField, handshake.key);
    if (!splitList(handshake.subprotocols).empty()) appendLine(head, kProtocolField, handshake.subprotocols);
    if (handshake.offersDeflate) appendLine(head, kExtensionsField, deflateOffer());
    return head.append(handshake.extraFields).append("\r\n");
}

Result<AnswerTerms> checkAnswer(const ClientHandshake &handshake, int status, std::span<const http::HeaderField> fields) {
    if (status != 101)
        return Failure{"The server answered with status " + std::to_string(status) + " instead of opening a WebSocket", status};
    std::size_t count = 0;
    if (!listContains(joinedValues(fields, "Connection", count), "upgrade") ||
        !equalsIgnoringCase(joinedValues(fields, "Upgrade", count), "websocket"))
        return Failure{"The server's answer does not change to WebSocket"};
    if (onlyValue(fields, kAcceptField) != std::optional<std::string_view>(acceptKey(handshake.key)))
        return Failure{"The server's answer does not belong to our request (Sec-WebSocket-Accept)"};
    AnswerTerms terms;
    terms.subprotocol = joinedValues(fields, kProtocolField, count);
    if (count > 0 && (count > 1 || !hasExactly(handshake.subprotocols, terms.subprotocol)))
        return Failure{"The server chose a subprotocol that was not offered"};
    const std::string extensions = joinedValues(fields, kExtensionsField, count);
    if (count == 0) return terms;
    const auto agreed = handshake.offersDeflate ? readAgreement(extensions) : std::nullopt;
    if (!agreed) return Failure{"The server agrees to an extension that was not offered, or in a way that was not"};
    terms.deflate = *agreed;
    return terms;
}

}  // namespace meerkat::websocket
