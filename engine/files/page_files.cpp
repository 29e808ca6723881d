#include "files/folder_page.h"

#include "base/encodings.h"
#include "files/mime_types.h"
#include "page_assets.h"

#include <algorithm>

namespace meerkat::files {
namespace {

constexpr std::string_view kFolder = "/.meerkat/";
constexpr std::string_view kTemplateSuffix = ".html";

struct NamedAsset {
    std::string_view name;
    std::string etag;
    Asset asset;
};

// FNV-1a: told apart from another build's bytes, no more is asked of it.
std::string etagOf(std::string_view bytes) {
    std::uint64_t hash = 14695981039346656037U;
    for (const char byte : bytes) hash = (hash ^ static_cast<unsigned char>(byte)) * 1099511628211U;
    std::string text;
    for (int shift = 56; shift >= 0; shift -= 8) text += static_cast<char>(hash >> shift & 0xFF);
    return '"' + hexLower(text) + '"';
}

std::vector<NamedAsset> allAssets() {
    std::vector<NamedAsset> assets;
    for (const auto &file : resources::page_assets())
        if (!file.name.ends_with(kTemplateSuffix))
            assets.push_back({file.name, etagOf(file.bytes), {builtInType(file.name), file.bytes, {}}});
    // Only now do the strings stay where they are.
    for (NamedAsset &each : assets) each.asset.etag = each.etag;
    return assets;
}

}  // namespace

const Asset *findAsset(std::string_view path) {
    static const std::vector<NamedAsset> kAssets = allAssets();
    if (!path.starts_with(kFolder)) return nullptr;
    const auto name = path.substr(kFolder.size());
    const auto found = std::find_if(kAssets.begin(), kAssets.end(), [name](const NamedAsset &each) { return each.name == name; });
    return found != kAssets.end() ? &found->asset : nullptr;
}

std::string_view pagePolicy() {
    return "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; media-src 'self'; connect-src 'self'; "
           "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
}

}  // namespace meerkat::files
