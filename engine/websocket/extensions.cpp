#include "websocket/extensions.h"

#include "base/text.h"
#include "http/characters.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace meerkat::websocket {

namespace {

constexpr std::string_view kDeflate = "permessage-deflate";
constexpr std::string_view kServerNoTakeover = "server_no_context_takeover";
constexpr std::string_view kClientNoTakeover = "client_no_context_takeover";
constexpr std::string_view kServerBits = "server_max_window_bits";
constexpr std::string_view kClientBits = "client_max_window_bits";

// More in one list are nobody's honest offer.
constexpr std::size_t kMaxExtensions = 32;
constexpr std::size_t kMaxParameters = 16;

struct Parameter {
    std::string_view name;
    std::optional<std::string> value;
};
struct Extension {
    std::string_view name;
    std::vector<Parameter> parameters;
};

// Reads a list of extensions from left to right. Each function takes what it reads off the front, and the white space behind it.
class ListReader {
  public:
    explicit ListReader(std::string_view text) : m_rest(trimmed(text)) {}

    std::optional<std::vector<Extension>> read() {
        std::vector<Extension> list;
        while (true) {
            // Empty items are allowed between commas (RFC 9110 section 5.6.1.2).
            while (take(',')) {
            }
            if (m_rest.empty()) break;
            if (list.size() == kMaxExtensions || !readExtension(list.emplace_back())) return std::nullopt;
            if (!m_rest.empty() && m_rest.front() != ',') return std::nullopt;
        }
        if (list.empty()) return std::nullopt;
        return list;
    }

  private:
    bool take(char c) {
        if (m_rest.empty() || m_rest.front() != c) return false;
        m_rest.remove_prefix(1);
        m_rest = trimmed(m_rest);
        return true;
    }
    std::string_view takeToken() {
        const auto end = std::find_if_not(m_rest.begin(), m_rest.end(), http::isToken);
        const auto token = m_rest.substr(0, static_cast<std::size_t>(end - m_rest.begin()));
        m_rest = trimmed(m_rest.substr(token.size()));
        return token;
    }
    // What is between the quotes has to be a token (RFC 6455 section 9.1).
    std::optional<std::string> takeQuoted() {
        std::string value;
        std::size_t at = 1;
        for (; at < m_rest.size() && m_rest[at] != '"'; ++at) {
            if (m_rest[at] == '\\' && ++at == m_rest.size()) return std::nullopt;
            if (!http::isToken(m_rest[at])) return std::nullopt;
            value += m_rest[at];
        }
        if (at == m_rest.size() || value.empty()) return std::nullopt;
        m_rest = trimmed(m_rest.substr(at + 1));
        return value;
    }
    bool readExtension(Extension &extension) {
        extension.name = takeToken();
        if (extension.name.empty()) return false;
        while (take(';')) {
            if (extension.parameters.size() == kMaxParameters || !readParameter(extension.parameters.emplace_back()))
                return false;
        }
        return true;
    }
    bool readParameter(Parameter &parameter) {
        parameter.name = takeToken();
        if (parameter.name.empty()) return false;
        if (!take('=')) return true;
        parameter.value = m_rest.starts_with('"') ? takeQuoted() : std::optional<std::string>(takeToken());
        return parameter.value && !parameter.value->empty();
    }

    std::string_view m_rest;
};

// The parameters of permessage-deflate, each at most once and each with a value that it may have.
struct DeflateParameters {
    bool serverNoTakeover = false;
    bool clientNoTakeover = false;
    std::optional<std::uint8_t> serverBits;
    bool hasClientBits = false;
    std::optional<std::uint8_t> clientBits;
};

// RFC 7692 section 7.1.2: 8 to 15, without leading zeros.
std::optional<std::uint8_t> windowBitsIn(const std::optional<std::string> &value) {
    if (!value || value->starts_with('0')) return std::nullopt;
    const auto bits = parseDecimal(*value, kMaxWindowBits);
    if (!bits || *bits < kMinWindowBits) return std::nullopt;
    return static_cast<std::uint8_t>(*bits);
}

bool takeFlag(bool &flag, const Parameter &parameter) { return !std::exchange(flag, true) && !parameter.value; }

bool readParameter(const Parameter &parameter, DeflateParameters &to) {
    if (equalsIgnoringCase(parameter.name, kServerNoTakeover)) return takeFlag(to.serverNoTakeover, parameter);
    if (equalsIgnoringCase(parameter.name, kClientNoTakeover)) return takeFlag(to.clientNoTakeover, parameter);
    if (equalsIgnoringCase(parameter.name, kServerBits)) {
        if (to.serverBits) return false;
        to.serverBits = windowBitsIn(parameter.value);
        return to.serverBits.has_value();
    }
    if (!equalsIgnoringCase(parameter.name, kClientBits) || std::exchange(to.hasClientBits, true)) return false;
    to.clientBits = windowBitsIn(parameter.value);
    // An offer may leave the number to the server.
    return to.clientBits.has_value() || !parameter.value;
}

std::optional<DeflateParameters> readDeflate(const Extension &extension) {
    DeflateParameters parameters;
    for (const Parameter &parameter : extension.parameters) {
        if (!readParameter(parameter, parameters)) return std::nullopt;
    }
    return parameters;
}

std::string answerTo(const DeflateParameters &offer) {
    // A client is told without having asked: both may stand in any answer, and client_max_window_bits may be missing (section 7.1).
    std::string answer(kDeflate);
    answer.append("; ").append(kServerNoTakeover).append("; ").append(kClientNoTakeover);
    if (offer.serverBits) answer.append("; ").append(kServerBits).append("=").append(std::to_string(*offer.serverBits));
    return answer;
}

}  // namespace

std::optional<OfferOutcome> answerOffers(std::string_view list) {
    const auto extensions = ListReader(list).read();
    if (!extensions) return std::nullopt;
    for (const Extension &extension : *extensions) {
        if (!equalsIgnoringCase(extension.name, kDeflate)) continue;
        const auto offer = readDeflate(extension);
        if (offer) return OfferOutcome{{true, offer->serverBits.value_or(kMaxWindowBits)}, answerTo(*offer)};
    }
    return OfferOutcome{};
}

std::string_view deflateOffer() { return "permessage-deflate; server_no_context_takeover; client_no_context_takeover"; }

std::optional<DeflateTerms> readAgreement(std::string_view list) {
    const auto extensions = ListReader(list).read();
    if (!extensions || extensions->size() != 1 || !equalsIgnoringCase(extensions->front().name, kDeflate)) return std::nullopt;
    const auto agreed = readDeflate(extensions->front());
    // Our inflater forgets between messages, so the server has to, and must say so; client_max_window_bits was not offered.
    if (!agreed || !agreed->serverNoTakeover || agreed->hasClientBits) return std::nullopt;
    return DeflateTerms{true, kMaxWindowBits};
}

}  // namespace meerkat::websocket
