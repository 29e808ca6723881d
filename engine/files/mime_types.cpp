#include "files/mime_types.h"

#include "base/text.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace meerkat::files {
namespace {

struct BuiltIn {
    std::string_view extension;  // lower case, without its dot
    const char *type;
};

// In order of the extension's bytes: looked up by halving. Source text of every language is text/plain: a browser then shows it.
// JSON has no charset parameter (RFC 8259 section 11), scripts are text/javascript (RFC 9239).
constexpr BuiltIn kBuiltIns[] = {
    // clang-format off
    {"3g2", "video/3gpp2"},
    {"3gp", "video/3gpp"},
    {"3mf", "model/3mf"},
    {"7z", "application/x-7z-compressed"},
    {"aac", "audio/aac"},
    {"ai", "application/postscript"},
    {"aif", "audio/aiff"},
    {"aiff", "audio/aiff"},
    {"amr", "audio/amr"},
    {"apk", "application/vnd.android.package-archive"},
    {"apng", "image/apng"},
    {"appcache", "text/cache-manifest; charset=utf-8"},
    {"appimage", "application/vnd.appimage"},
    {"arw", "image/x-sony-arw"},
    {"asc", "text/plain; charset=utf-8"},
    {"asf", "video/x-ms-asf"},
    {"atom", "application/atom+xml; charset=utf-8"},
    {"au", "audio/basic"},
    {"avi", "video/x-msvideo"},
    {"avif", "image/avif"},
    {"azw", "application/vnd.amazon.ebook"},
    {"bash", "text/plain; charset=utf-8"},
    {"bat", "text/plain; charset=utf-8"},
    {"bib", "text/plain; charset=utf-8"},
    {"bmp", "image/bmp"},
    {"br", "application/x-brotli"},
    {"bz2", "application/x-bzip2"},
    {"c", "text/plain; charset=utf-8"},
    {"cab", "application/vnd.ms-cab-compressed"},
    {"cc", "text/plain; charset=utf-8"},
    {"cfg", "text/plain; charset=utf-8"},
    {"cjs", "text/javascript; charset=utf-8"},
    {"cmake", "text/plain; charset=utf-8"},
    {"cmd", "text/plain; charset=utf-8"},
    {"conf", "text/plain; charset=utf-8"},
    {"cpio", "application/x-cpio"},
    {"cpp", "text/plain; charset=utf-8"},
    {"cr2", "image/x-canon-cr2"},
    {"crt", "application/x-x509-ca-cert"},
    {"crx", "application/x-chrome-extension"},
    {"cs", "text/plain; charset=utf-8"},
    {"css", "text/css; charset=utf-8"},
    {"csv", "text/csv; charset=utf-8"},
    {"cur", "image/vnd.microsoft.icon"},
    {"cxx", "text/plain; charset=utf-8"},
    {"d", "text/plain; charset=utf-8"},
    {"d.ts", "text/plain; charset=utf-8"},
    {"deb", "application/vnd.debian.binary-package"},
    {"def", "text/plain; charset=utf-8"},
    {"der", "application/x-x509-ca-cert"},
    {"dfxp", "application/ttml+xml; charset=utf-8"},
    {"diff", "text/plain; charset=utf-8"},
    {"djv", "image/vnd.djvu"},
    {"djvu", "image/vnd.djvu"},
    {"dll", "application/vnd.microsoft.portable-executable"},
    {"dmg", "application/x-apple-diskimage"},
    {"dng", "image/x-adobe-dng"},
    {"doc", "application/msword"},
    {"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    {"dot", "application/msword"},
    {"dxf", "image/vnd.dxf"},
    {"editorconfig", "text/plain; charset=utf-8"},
    {"eml", "message/rfc822"},
    {"eot", "application/vnd.ms-fontobject"},
    {"eps", "application/postscript"},
    {"epub", "application/epub+zip"},
    {"exe", "application/vnd.microsoft.portable-executable"},
    {"fish", "text/plain; charset=utf-8"},
    {"flac", "audio/flac"},
    {"flatpak", "application/vnd.flatpak"},
    {"flv", "video/x-flv"},
    {"geojson", "application/geo+json"},
    {"gif", "image/gif"},
    {"gitignore", "text/plain; charset=utf-8"},
    {"glb", "model/gltf-binary"},
    {"gltf", "model/gltf+json"},
    {"go", "text/plain; charset=utf-8"},
    {"gpx", "application/gpx+xml; charset=utf-8"},
    {"gz", "application/gzip"},
    {"h", "text/plain; charset=utf-8"},
    {"heic", "image/heic"},
    {"heif", "image/heif"},
    {"hh", "text/plain; charset=utf-8"},
    {"hpp", "text/plain; charset=utf-8"},
    {"htm", "text/html; charset=utf-8"},
    {"html", "text/html; charset=utf-8"},
    {"hxx", "text/plain; charset=utf-8"},
    {"ico", "image/vnd.microsoft.icon"},
    {"ics", "text/calendar; charset=utf-8"},
    {"ifb", "text/calendar; charset=utf-8"},
    {"ini", "text/plain; charset=utf-8"},
    {"iso", "application/x-iso9660-image"},
    {"jar", "application/java-archive"},
    {"java", "text/plain; charset=utf-8"},
    {"jfif", "image/jpeg"},
    {"jp2", "image/jp2"},
    {"jpe", "image/jpeg"},
    {"jpeg", "image/jpeg"},
    {"jpg", "image/jpeg"},
    {"js", "text/javascript; charset=utf-8"},
    {"json", "application/json"},
    {"jsonl", "application/jsonl"},
    {"jsonld", "application/ld+json"},
    {"jsx", "text/plain; charset=utf-8"},
    {"jxl", "image/jxl"},
    {"kml", "application/vnd.google-earth.kml+xml; charset=utf-8"},
    {"kt", "text/plain; charset=utf-8"},
    {"log", "text/plain; charset=utf-8"},
    {"lst", "text/plain; charset=utf-8"},
    {"lua", "text/plain; charset=utf-8"},
    {"lz4", "application/x-lz4"},
    {"lzma", "application/x-lzma"},
    {"m", "text/plain; charset=utf-8"},
    {"m2ts", "video/mp2t"},
    {"m3u", "audio/x-mpegurl"},
    {"m3u8", "application/vnd.apple.mpegurl"},
    {"m4a", "audio/mp4"},
    {"m4b", "audio/mp4"},
    {"m4s", "video/iso.segment"},
    {"m4v", "video/mp4"},
    {"mak", "text/plain; charset=utf-8"},
    {"map", "application/json"},
    {"markdown", "text/markdown; charset=utf-8"},
    {"mathml", "application/mathml+xml; charset=utf-8"},
    {"md", "text/markdown; charset=utf-8"},
    {"mht", "message/rfc822"},
    {"mhtml", "message/rfc822"},
    {"mid", "audio/midi"},
    {"midi", "audio/midi"},
    {"mjs", "text/javascript; charset=utf-8"},
    {"mka", "audio/x-matroska"},
    {"mkv", "video/x-matroska"},
    {"mm", "text/plain; charset=utf-8"},
    {"mobi", "application/x-mobipocket-ebook"},
    {"mov", "video/quicktime"},
    {"mp3", "audio/mpeg"},
    {"mp4", "video/mp4"},
    {"mp4v", "video/mp4"},
    {"mpd", "application/dash+xml; charset=utf-8"},
    {"mpe", "video/mpeg"},
    {"mpeg", "video/mpeg"},
    {"mpg", "video/mpeg"},
    {"msi", "application/x-msi"},
    {"mts", "video/mp2t"},
    {"ndjson", "application/jsonl"},
    {"nef", "image/x-nikon-nef"},
    {"nfo", "text/plain; charset=utf-8"},
    {"obj", "model/obj"},
    {"odg", "application/vnd.oasis.opendocument.graphics"},
    {"odp", "application/vnd.oasis.opendocument.presentation"},
    {"ods", "application/vnd.oasis.opendocument.spreadsheet"},
    {"odt", "application/vnd.oasis.opendocument.text"},
    {"oga", "audio/ogg"},
    {"ogg", "audio/ogg"},
    {"ogv", "video/ogg"},
    {"opus", "audio/ogg"},
    {"otf", "font/otf"},
    {"p12", "application/x-pkcs12"},
    {"pac", "application/x-ns-proxy-autoconfig"},
    {"pas", "text/plain; charset=utf-8"},
    {"patch", "text/plain; charset=utf-8"},
    {"pbm", "image/x-portable-bitmap"},
    {"pdf", "application/pdf"},
    {"pem", "application/x-pem-file"},
    {"pfx", "application/x-pkcs12"},
    {"pgm", "image/x-portable-graymap"},
    {"pgp", "application/pgp-encrypted"},
    {"pl", "text/plain; charset=utf-8"},
    {"plist", "application/xml; charset=utf-8"},
    {"pls", "audio/x-scpls"},
    {"pm", "text/plain; charset=utf-8"},
    {"png", "image/png"},
    {"ppm", "image/x-portable-pixmap"},
    {"pps", "application/vnd.ms-powerpoint"},
    {"ppt", "application/vnd.ms-powerpoint"},
    {"pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
    {"properties", "text/plain; charset=utf-8"},
    {"ps", "application/postscript"},
    {"ps1", "text/plain; charset=utf-8"},
    {"psd", "image/vnd.adobe.photoshop"},
    {"py", "text/plain; charset=utf-8"},
    {"qoi", "image/qoi"},
    {"qt", "video/quicktime"},
    {"r", "text/plain; charset=utf-8"},
    {"rar", "application/vnd.rar"},
    {"rb", "text/plain; charset=utf-8"},
    {"rng", "application/xml; charset=utf-8"},
    {"rpm", "application/x-rpm"},
    {"rs", "text/plain; charset=utf-8"},
    {"rss", "application/rss+xml; charset=utf-8"},
    {"rst", "text/plain; charset=utf-8"},
    {"rtf", "application/rtf"},
    {"scala", "text/plain; charset=utf-8"},
    {"sh", "text/plain; charset=utf-8"},
    {"shtm", "text/html; charset=utf-8"},
    {"shtml", "text/html; charset=utf-8"},
    {"sig", "application/pgp-signature"},
    {"snd", "audio/basic"},
    {"spx", "audio/ogg"},
    {"sql", "text/plain; charset=utf-8"},
    {"sqlite", "application/vnd.sqlite3"},
    {"sqlite3", "application/vnd.sqlite3"},
    {"srt", "text/plain; charset=utf-8"},
    {"step", "model/step"},
    {"stl", "model/stl"},
    {"stp", "model/step"},
    {"svg", "image/svg+xml; charset=utf-8"},
    {"swf", "application/x-shockwave-flash"},
    {"swift", "text/plain; charset=utf-8"},
    {"tar", "application/x-tar"},
    {"tar.bz2", "application/x-bzip2"},
    {"tar.gz", "application/gzip"},
    {"tar.xz", "application/x-xz"},
    {"tar.zst", "application/zstd"},
    {"tbz2", "application/x-bzip2"},
    {"tcl", "text/plain; charset=utf-8"},
    {"tex", "text/plain; charset=utf-8"},
    {"text", "text/plain; charset=utf-8"},
    {"tgz", "application/gzip"},
    {"tif", "image/tiff"},
    {"tiff", "image/tiff"},
    {"toml", "text/plain; charset=utf-8"},
    {"topojson", "application/json"},
    {"torrent", "application/x-bittorrent"},
    {"ts", "video/mp2t"},
    {"tsv", "text/tab-separated-values; charset=utf-8"},
    {"tsx", "text/plain; charset=utf-8"},
    {"ttc", "font/collection"},
    {"ttf", "font/ttf"},
    {"ttml", "application/ttml+xml; charset=utf-8"},
    {"txt", "text/plain; charset=utf-8"},
    {"txz", "application/x-xz"},
    {"usdz", "model/vnd.usdz+zip"},
    {"vcf", "text/vcard; charset=utf-8"},
    {"vsd", "application/vnd.visio"},
    {"vtt", "text/vtt; charset=utf-8"},
    {"war", "application/java-archive"},
    {"wasm", "application/wasm"},
    {"wav", "audio/wav"},
    {"weba", "audio/webm"},
    {"webm", "video/webm"},
    {"webmanifest", "application/manifest+json"},
    {"webp", "image/webp"},
    {"wma", "audio/x-ms-wma"},
    {"wmv", "video/x-ms-wmv"},
    {"woff", "font/woff"},
    {"woff2", "font/woff2"},
    {"xcf", "image/x-xcf"},
    {"xht", "application/xhtml+xml; charset=utf-8"},
    {"xhtml", "application/xhtml+xml; charset=utf-8"},
    {"xls", "application/vnd.ms-excel"},
    {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    {"xml", "application/xml; charset=utf-8"},
    {"xpi", "application/x-xpinstall"},
    {"xsd", "application/xml; charset=utf-8"},
    {"xsl", "application/xml; charset=utf-8"},
    {"xslt", "application/xslt+xml; charset=utf-8"},
    {"xspf", "application/xspf+xml; charset=utf-8"},
    {"xz", "application/x-xz"},
    {"yaml", "application/yaml"},
    {"yml", "application/yaml"},
    {"zip", "application/zip"},
    {"zsh", "text/plain; charset=utf-8"},
    {"zst", "application/zstd"},
    // clang-format on
};

constexpr bool isBefore(const BuiltIn &a, const BuiltIn &b) { return a.extension < b.extension; }
static_assert(std::adjacent_find(std::begin(kBuiltIns), std::end(kBuiltIns),
                                 [](const BuiltIn &a, const BuiltIn &b) { return !isBefore(a, b); }) == std::end(kBuiltIns),
              "sorted, and nothing twice");

constexpr std::size_t kLongestExtension =
    std::max_element(std::begin(kBuiltIns), std::end(kBuiltIns),
                     [](const auto &a, const auto &b) { return a.extension.size() < b.extension.size(); }) -> extension.size();

constexpr std::string_view kUnknown = "application/octet-stream";
constexpr std::string_view kCharset = "; charset=utf-8";

std::string_view lastSegment(std::string_view path) { return path.substr(path.rfind('/') + 1); }

// Null if the table has no such extension; `lowered` is in lower case.
const BuiltIn *find(std::string_view lowered) {
    const auto *found = std::lower_bound(std::begin(kBuiltIns), std::end(kBuiltIns), BuiltIn{lowered, nullptr}, isBefore);
    return found != std::end(kBuiltIns) && found->extension == lowered ? found : nullptr;
}

bool isTokenByte(char c) {
    constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";  // RFC 9110 section 5.6.2
    const char lower = lowerAscii(c);
    return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || kMarks.find(c) != std::string_view::npos;
}

bool isToken(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), isTokenByte); }

bool isPrintable(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

std::string_view withoutParameters(std::string_view type) { return trimmed(type.substr(0, type.find(';'))); }

// type/subtype, then perhaps parameters. It becomes a header's value, so that no other byte may hide in it.
bool isMediaType(std::string_view type) {
    const std::string_view essence = withoutParameters(type);
    const auto slash = essence.find('/');
    return slash != std::string_view::npos && isToken(essence.substr(0, slash)) && isToken(essence.substr(slash + 1)) &&
           isPrintable(type);
}

bool isText(std::string_view type) {
    const std::string_view essence = withoutParameters(type);
    return startsWithIgnoringCase(essence, "text/") || endsWithIgnoringCase(essence, "+xml") ||
           equalsIgnoringCase(essence, "application/xml") || equalsIgnoringCase(essence, "application/javascript");
}

bool isExtension(std::string_view text) {
    return text.size() > 1 && text.front() == '.' && text.find('/') == std::string_view::npos && isPrintable(text);
}

std::string completed(std::string_view type) {
    const bool wantsCharset = type.find(';') == std::string_view::npos && isText(type);
    return std::string(type).append(wantsCharset ? kCharset : "");
}

Failure notAnItem(std::string_view item) { return {"\"" + std::string(item) + "\" is not of the form .ext=type/subtype"}; }

}  // namespace

const char *knownType(std::string_view name) {
    std::array<char, kLongestExtension> buffer;
    name = lastSegment(name);
    if (name.size() > kLongestExtension + 1) name.remove_prefix(name.size() - kLongestExtension - 1);
    for (auto dot = name.find('.'); dot != std::string_view::npos; dot = name.find('.', dot + 1)) {
        const std::string_view extension = name.substr(dot + 1);
        std::transform(extension.begin(), extension.end(), buffer.begin(), lowerAscii);
        if (const BuiltIn *found = find({buffer.data(), extension.size()})) return found->type;
    }
    return nullptr;
}

std::string_view builtInType(std::string_view name) {
    const char *type = knownType(name);
    return type ? std::string_view(type) : kUnknown;
}

Result<MimeTypes> MimeTypes::parse(std::string_view list) {
    MimeTypes types;
    for (const std::string_view item : splitList(list)) {
        const auto equals = item.find('=');
        if (equals == std::string_view::npos) return notAnItem(item);
        const std::string_view extension = trimmed(item.substr(0, equals));
        const std::string_view type = trimmed(item.substr(equals + 1));
        if (!isExtension(extension) || !isMediaType(type)) return notAnItem(item);
        types.m_extras.push_back({std::string(extension), completed(type)});
    }
    // The longest first, of equal ones the last written first: the first that fits is then the one that counts.
    std::reverse(types.m_extras.begin(), types.m_extras.end());
    std::stable_sort(types.m_extras.begin(), types.m_extras.end(),
                     [](const Extra &a, const Extra &b) { return a.extension.size() > b.extension.size(); });
    return types;
}

std::string_view MimeTypes::typeOf(std::string_view name) const {
    const auto fits = [name](const Extra &extra) { return endsWithIgnoringCase(name, extra.extension); };
    const auto found = std::find_if(m_extras.begin(), m_extras.end(), fits);
    return found != m_extras.end() ? std::string_view(found->type) : builtInType(name);
}

}  // namespace meerkat::files
