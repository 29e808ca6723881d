#include "files/representation.h"

#include "http/compressor.h"

#include <algorithm>
#include <array>

namespace meerkat::files {

namespace {

using http::Coding;

constexpr std::array kAll = {Coding::Brotli, Coding::Zstd, Coding::Gzip};

std::string_view endingOf(Coding coding) {
    switch (coding) {
    case Coding::Brotli:
        return ".br";
    case Coding::Zstd:
        return ".zst";
    case Coding::Gzip:
        return ".gz";
    case Coding::Identity:
        break;
    }
    return {};
}

// The same folder, and the name itself no link: a link might lead to what is guarded otherwise.
bool liesBeside(const os::OpenOutcome &original, const os::OpenOutcome &copy, std::string_view ending) {
    return original.where.empty() ? copy.where.empty() : copy.where == original.where + std::string(ending);
}

// Takes the copy's place if there is one that counts.
bool takeCopy(const FileSettings &settings, Coding coding, Representation &chosen) {
    const std::string_view ending = endingOf(coding);
    std::string relative = chosen.relative + std::string(ending);
    if (settings.guard.hidesName(std::string_view(relative).substr(relative.rfind('/') + 1))) return false;
    auto copy = settings.root->openBelow(relative);
    const bool isThere = copy.state == os::OpenState::Opened;
    const bool counts = isThere && copy.info.kind == os::FileKind::Regular && liesBeside(chosen.opened, copy, ending) &&
                        copy.info.modifiedNs >= chosen.opened.info.modifiedNs;
    if (!counts) {
        chosen.watched.push_back({std::move(relative), isThere ? std::optional(copy.info) : std::nullopt});
        return false;
    }
    chosen.watched.push_back({std::move(chosen.relative), chosen.opened.info});
    chosen.coding = coding;
    chosen.relative = std::move(relative);
    chosen.opened = std::move(copy);
    return true;
}

}  // namespace

Representation chooseRepresentation(const FileSettings &settings, const http::AcceptedCodings &accepted, std::string relative,
                                    os::OpenOutcome opened, std::uint64_t smallestMade) {
    Representation chosen;
    chosen.relative = std::move(relative);
    chosen.opened = std::move(opened);
    std::array<int, kAll.size()> weights{};
    std::transform(kAll.begin(), kAll.end(), weights.begin(), [&](Coding coding) { return accepted.weight(coding); });
    std::sort(weights.rbegin(), weights.rend());
    for (std::size_t i = 0; i < weights.size() && weights[i] > 0; ++i) {
        if (i > 0 && weights[i] == weights[i - 1]) continue;
        for (const Coding coding : kAll)
            if (accepted.weight(coding) == weights[i] && takeCopy(settings, coding, chosen)) return chosen;
        if (chosen.opened.info.size < smallestMade) continue;
        for (const Coding coding : kAll) {
            if (accepted.weight(coding) != weights[i] || !http::canBeMade(coding)) continue;
            chosen.coding = coding;
            chosen.isMade = true;
            return chosen;
        }
    }
    return chosen;
}

std::string codedTag(std::string_view etag, http::Coding coding) {
    if (coding == Coding::Identity) return std::string(etag);
    return std::string(etag.substr(0, etag.size() - 1)).append("-").append(codingName(coding)).append("\"");
}

}  // namespace meerkat::files
