#include "http/accepted_codings.h"

#include "base/text.h"

#include <algorithm>
#include <optional>

namespace meerkat::http {

namespace {

constexpr std::array<std::string_view, kCodings> kNames = {"br", "zstd", "gzip"};

// "0.25" -> 250; nothing if it is no qvalue (RFC 9110 section 12.4.2).
std::optional<int> thousandths(std::string_view text) {
    if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return std::nullopt;
    if (text.size() > 1 && text[1] != '.') return std::nullopt;
    int value = text[0] == '1' ? 1000 : 0;
    int place = 100;
    for (std::size_t i = 2; i < text.size(); ++i, place /= 10) {
        if (text[i] < '0' || text[i] > '9') return std::nullopt;
        value += (text[i] - '0') * place;
    }
    return value <= 1000 ? std::optional(value) : std::nullopt;
}

struct Item {
    std::string_view name;
    int weight = 1000;
};

std::optional<Item> itemOf(std::string_view text) {
    const std::size_t semicolon = std::min(text.find(';'), text.size());
    Item item{trimmed(text.substr(0, semicolon))};
    if (semicolon == text.size()) return item;
    const std::string_view parameter = trimmed(text.substr(semicolon + 1));
    if (!startsWithIgnoringCase(parameter, "q=")) return std::nullopt;
    const auto weight = thousandths(parameter.substr(2));
    if (!weight) return std::nullopt;
    item.weight = *weight;
    return item;
}

// What a list says, before what it does not say is added.
struct Named {
    std::array<std::optional<int>, kCodings> codings;
    std::optional<int> identity;
    std::optional<int> others;

    void note(std::string_view list) {
        for (const std::string_view text : splitList(list)) {
            const auto item = itemOf(text);
            if (!item) continue;
            if (item->name == "*") others = item->weight;
            if (equalsIgnoringCase(item->name, "identity")) identity = item->weight;
            for (std::size_t i = 0; i < kCodings; ++i)
                if (equalsIgnoringCase(item->name, kNames[i])) codings[i] = item->weight;
            if (equalsIgnoringCase(item->name, "x-gzip")) codings[static_cast<std::size_t>(Coding::Gzip)] = item->weight;
        }
    }
};

std::array<int, kCodings> weightsOf(const Named &named) {
    std::array<int, kCodings> weights{};
    for (std::size_t i = 0; i < kCodings; ++i) {
        const int weight = named.codings[i].value_or(named.others.value_or(0));
        weights[i] = weight >= named.identity.value_or(0) ? weight : 0;
    }
    return weights;
}

}  // namespace

std::string_view codingName(Coding coding) {
    return coding == Coding::Identity ? std::string_view{} : kNames[static_cast<std::size_t>(coding)];
}

AcceptedCodings AcceptedCodings::parse(std::string_view list) {
    Named named;
    named.note(list);
    AcceptedCodings accepted;
    accepted.m_weights = weightsOf(named);
    return accepted;
}

AcceptedCodings AcceptedCodings::of(const RequestHead &head) {
    Named named;
    for (const HeaderField &field : head.headers())
        if (equalsIgnoringCase(field.name, "Accept-Encoding")) named.note(field.value);
    AcceptedCodings accepted;
    accepted.m_weights = weightsOf(named);
    return accepted;
}

// Only the order counts: each coding with its rank.
std::string AcceptedCodings::key() const {
    std::string key;
    for (std::size_t i = 0; i < kCodings; ++i) {
        if (m_weights[i] == 0) continue;
        const auto before = std::count_if(m_weights.begin(), m_weights.end(), [&](int other) { return other > m_weights[i]; });
        key.push_back(kNames[i][0]);
        key.push_back(static_cast<char>('0' + before));
    }
    return key;
}

}  // namespace meerkat::http
