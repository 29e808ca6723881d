#include "server/settings.h"

#include "access/request_rates.h"
#include "base/text.h"
#include "http/characters.h"
#include "http/url.h"
#include "net/pacer.h"
#include "os/process.h"

#include <algorithm>

namespace meerkat::server {

namespace {

constexpr std::uint64_t kMostConnections = 1'000'000'000;

std::string quoted(std::string_view value) { return "\"" + std::string(value) + "\""; }

// Of options that are yes by default.
std::string setYesOrNo(std::string_view value, bool &setting) {
    if (!value.empty() && value != "yes" && value != "no") return quoted(value) + " is neither yes nor no";
    setting = value != "no";
    return {};
}

std::string setTimeLimit(std::string_view value, std::int64_t &setting, std::uint64_t initial = 30000) {
    constexpr std::uint64_t kMost = 7ull * 24 * 60 * 60 * 1000;
    const auto ms = value.empty() ? initial : parseDecimal(value, kMost).value_or(0);
    if (ms == 0) return quoted(value) + " is no time limit: write milliseconds from 1 to " + std::to_string(kMost);
    setting = static_cast<std::int64_t>(ms);
    return {};
}

// Of limits that are none by default. `unit` in words.
std::string setLimit(std::string_view value, std::string_view unit, std::uint64_t most, std::uint64_t &setting) {
    const auto number = value.empty() ? std::uint64_t{0} : parseDecimal(value, most);
    if (!number)
        return quoted(value) + " is no number of " + std::string(unit) + ": write it in digits alone, up to " +
               std::to_string(most) + "; 0 is no limit";
    setting = *number;
    return {};
}

std::string setBytes(std::string_view value, std::uint64_t initial, std::uint64_t &setting) {
    const auto bytes = value.empty() ? initial : parseDecimal(value);
    if (!bytes) return quoted(value) + " is no number of bytes: write it in digits alone";
    setting = *bytes;
    return {};
}

}  // namespace

const Settings::NamedSetter Settings::kSetters[] = {
    {"access_control_list", &Settings::setAccessControlList},
    {"access_log_format", &Settings::setLogFormat},
    {"access_log_keep", &Settings::setLogKeep},
    {"access_log_max_bytes", &Settings::setLogMostBytes},
    {"auth_domain", &Settings::setAuthDomain},
    {"cache_control", &Settings::setCacheControl},
    {"cgi_interpreter", &Settings::setCgiInterpreter},
    {"cgi_max_processes", &Settings::setCgiMaxProcesses},
    {"cgi_pattern", &Settings::setCgiPattern},
    {"cgi_timeout_ms", &Settings::setCgiTimeout},
    {"clean_urls", &Settings::setCleanUrls},
    {"compression", &Settings::setCompression},
    {"compression_cache_bytes", &Settings::setCompressionCache},
    {"connect_timeout_ms", &Settings::setConnectTimeout},
    {"cors_origins", &Settings::setCorsOrigins},
    {"cross_origin_isolation", &Settings::setCrossOriginIsolation},
    {"dav_auth_file", &Settings::setDavAuthFile},
    {"document_root", &Settings::setDocumentRoot},
    {"enable_directory_listing", &Settings::setDirectoryListing},
    {"extra_headers", &Settings::setExtraHeaders},
    {"extra_mime_types", &Settings::setExtraMimeTypes},
    {"global_auth_file", &Settings::setGlobalAuthFile},
    {"hide_files_patterns", &Settings::setHidePatterns},
    {"idle_timeout_ms", &Settings::setIdleTimeout},
    {"index_files", &Settings::setIndexFiles},
    {"max_bytes_per_second", &Settings::setRate},
    {"max_connection_bytes_per_second", &Settings::setConnectionRate},
    {"max_connections", &Settings::setMaxConnections},
    {"max_connections_per_address", &Settings::setMaxConnectionsPerAddress},
    {"max_reply_bytes", &Settings::setMaxReply},
    {"max_request_body_bytes", &Settings::setMaxRequestBody},
    {"max_requests_per_second_per_address", &Settings::setMaxRequests},
    {"max_websocket_message_bytes", &Settings::setMaxWebsocketMessage},
    {"spa_fallback", &Settings::setSpaFallback},
    {"ssi_exec", &Settings::setSsiExec},
    {"ssi_pattern", &Settings::setSsiPattern},
    {"upload", &Settings::setUpload},
    {"url_rewrites", &Settings::setUrlRewrites},
    {"websocket_compression", &Settings::setWebsocketCompression},
    {"websocket_endpoints", &Settings::setWebsocketEndpoints},
    {"websocket_events", &Settings::setWebsocketEvents},
    {"websocket_subprotocols", &Settings::setWebsocketSubprotocols},
};

Settings::Settings() {
    for (const auto &info : optionTable()) m_texts.emplace_back(info.default_value ? info.default_value : "");
    for (const auto &setter : kSetters) (this->*setter.set)("");
}

std::string Settings::set(std::string_view name, std::string_view value) {
    const auto setter = std::find_if(std::begin(kSetters), std::end(kSetters), [&](const auto &s) { return s.name == name; });
    return setter == std::end(kSetters) ? std::string() : (this->*setter->set)(value);
}

const std::string *Settings::text(std::string_view name) const {
    const std::size_t index = optionIndex(name);
    return index < m_texts.size() ? &m_texts[index] : nullptr;
}

void Settings::keepText(std::string_view name, std::string text) { m_texts[optionIndex(name)] = std::move(text); }

std::string Settings::setAccessControlList(std::string_view value) {
    auto list = access::AddressList::parse(value);
    if (!list) return list.failure().text;
    admitted = std::move(*list);
    return {};
}

std::string Settings::setNumberOfBytes(std::string_view value, std::uint64_t initial, std::uint64_t &setting) {
    return setBytes(value, initial, setting);
}

std::string Settings::setLogFormat(std::string_view value) {
    if (!value.empty() && value != "combined" && value != "json") return quoted(value) + " is neither combined nor json";
    logFormat = value == "json" ? LogFormat::Json : LogFormat::Combined;
    return {};
}

std::string Settings::setLogKeep(std::string_view value) {
    constexpr std::uint64_t kFew = 5, kMost = 1000;
    const auto number = value.empty() ? kFew : parseDecimal(value, kMost).value_or(0);
    if (number == 0) return quoted(value) + " is no number of logs: write one from 1 to " + std::to_string(kMost);
    logKeep = static_cast<unsigned>(number);
    return {};
}

std::string Settings::setAuthDomain(std::string_view value) {
    const auto isControl = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == ':'; };
    if (std::any_of(value.begin(), value.end(), isControl))
        return quoted(value) + " is no realm: it can hold neither colons nor control characters";
    guard.realm = value.empty() ? optionInfo("auth_domain")->default_value : value;
    return {};
}

// Looked for now: a script works in its own folder, and is not to find another program there.
std::string Settings::setCgiInterpreter(std::string_view value) {
    if (value.empty()) return scripts.cgiInterpreter.clear(), std::string();
    auto program = os::findProgram(value);
    if (!program) return program.failure().text;
    scripts.cgiInterpreter = std::move(*program);
    return {};
}

std::string Settings::setCgiMaxProcesses(std::string_view value) {
    constexpr std::uint64_t kMost = 10000;
    const auto count = value.empty() ? std::uint64_t{16} : parseDecimal(value, kMost).value_or(0);
    if (count == 0) return quoted(value) + " is no number of processes: write one from 1 to " + std::to_string(kMost);
    scripts.cgiMaxProcesses = static_cast<std::size_t>(count);
    return {};
}

std::string Settings::setCgiPattern(std::string_view value) {
    scripts.cgiPattern = value.empty() ? optionInfo("cgi_pattern")->default_value : value;
    return {};
}

std::string Settings::setCgiTimeout(std::string_view value) { return setTimeLimit(value, scripts.cgiTimeoutMs, 60000); }

// A file that is not there yet would keep everybody out: more likely its name is wrong.
std::string Settings::setPasswordFile(std::string_view value, std::string &file) {
    if (!value.empty()) {
        const auto opened = os::File::openToRead(value);
        const auto info = opened ? opened->info() : Result<os::FileInfo>(opened.failure());
        if (!info) return "The password file " + quoted(value) + " cannot be read: " + info.failure().text;
        if (info->kind != os::FileKind::Regular) return quoted(value) + " is no password file";
    }
    file = value;
    return {};
}

std::string Settings::setDocumentRoot(std::string_view value) {
    std::string refusal = files.sites.setMain(value);
    files.use(files.sites.main());
    return refusal;
}

std::string Settings::setUpload(std::string_view value) {
    if (!value.empty() && value != "no" && value != "new" && value != "replace")
        return quoted(value) + " is neither no, new nor replace";
    files.uploads = value == "new" ? files::Uploads::New : value == "replace" ? files::Uploads::Replace : files::Uploads::No;
    guard.opensChanges = files.uploads != files::Uploads::No;
    return {};
}

std::string Settings::setUrlRewrites(std::string_view value) {
    std::string refusal = files.sites.setRewrites(value);
    files.use(files.sites.main());
    return refusal;
}

std::string Settings::setYesByDefault(std::string_view value, bool &setting) { return setYesOrNo(value, setting); }

std::string Settings::setCompressionCache(std::string_view value) {
    std::uint64_t bytes = 0;
    std::string refusal = setBytes(value, std::uint64_t{16} << 20, bytes);
    if (refusal.empty()) files.codedCacheBytes = static_cast<std::size_t>(std::min<std::uint64_t>(bytes, SIZE_MAX));
    return refusal;
}

std::string Settings::setCleanUrls(std::string_view value) {
    if (!value.empty() && value != "no" && value != "yes" && value != "redirect")
        return quoted(value) + " is neither no, yes nor redirect";
    files.cleanUrls = value == "yes"        ? files::CleanUrls::Yes
                      : value == "redirect" ? files::CleanUrls::Redirect
                                            : files::CleanUrls::No;
    return {};
}

std::string Settings::setSpaFallback(std::string_view value) {
    const auto path = http::cleanPath(value.starts_with('/') ? std::string(value) : "/" + std::string(value));
    if (!path || (!value.empty() && path->ends_with('/')))
        return quoted(value) + " is no file of the folder: write its path below document_root, such as /index.html";
    files.fallback = value.empty() ? std::string() : *path;
    return {};
}

// ---- lines of answers ----

std::string Settings::setExtraHeaders(std::string_view value) {
    auto rules = files::parseExtraHeaders(value);
    if (!rules) return rules.failure().text;
    files.fields.extra = std::move(*rules);
    return {};
}

std::string Settings::setCacheControl(std::string_view value) {
    auto rules = files::parseCacheControl(value);
    if (!rules) return rules.failure().text;
    files.fields.cacheControl = std::move(*rules);
    return {};
}

std::string Settings::setCorsOrigins(std::string_view value) {
    auto policy = files::CrossOrigin::parse(value);
    if (!policy) return policy.failure().text;
    files.fields.crossOrigin = std::move(*policy);
    return {};
}

std::string Settings::setCrossOriginIsolation(std::string_view value) {
    if (!value.empty() && value != "yes" && value != "no") return quoted(value) + " is neither yes nor no";
    files.fields.isolates = value == "yes";
    return {};
}

// ---- files ----

std::string Settings::setDirectoryListing(std::string_view value) { return setYesOrNo(value, files.listsFolders); }

std::string Settings::setExtraMimeTypes(std::string_view value) {
    auto types = files::MimeTypes::parse(value);
    if (!types) return types.failure().text;
    files.types = std::move(*types);
    return {};
}

std::string Settings::setHidePatterns(std::string_view value) {
    files.guard = files::PathGuard(std::string(value));
    return {};
}

std::string Settings::setIdleTimeout(std::string_view value) { return setTimeLimit(value, idleTimeoutMs); }

std::string Settings::setConnectTimeout(std::string_view value) { return setTimeLimit(value, connectTimeoutMs); }

std::string Settings::setMaxReply(std::string_view value) { return setBytes(value, std::uint64_t{64} << 20, maxReplyBytes); }

std::string Settings::setBytesPerSecond(std::string_view value, std::uint64_t &setting) {
    return setLimit(value, "bytes a second", net::Pacer::kMostBytesPerSecond, setting);
}

std::string Settings::setMaxConnections(std::string_view value) {
    return setLimit(value, "connections", kMostConnections, limits.connections);
}

std::string Settings::setMaxConnectionsPerAddress(std::string_view value) {
    return setLimit(value, "connections", kMostConnections, limits.connectionsPerAddress);
}

std::string Settings::setMaxRequests(std::string_view value) {
    return setLimit(value, "requests a second", access::RequestRates::kMostPerSecond, limits.requestsPerSecondPerAddress);
}

std::string Settings::setIndexFiles(std::string_view value) {
    std::vector<std::string> names;
    for (const auto name : splitList(value.empty() ? optionInfo("index_files")->default_value : value)) {
        if (name.find('/') != std::string_view::npos) return quoted(name) + " is no file name: index_files takes names without /";
        names.emplace_back(name);
    }
    files.indexFiles = std::move(names);
    return {};
}

std::string Settings::setMaxRequestBody(std::string_view value) {
    return setBytes(value, std::uint64_t{64} << 20, maxRequestBodyBytes);
}

std::string Settings::setMaxWebsocketMessage(std::string_view value) {
    return setBytes(value, std::uint64_t{16} << 20, maxWebsocketMessageBytes);
}

std::string Settings::setWebsocketCompression(std::string_view value) { return setYesOrNo(value, compressesMessages); }

std::string Settings::setWebsocketEndpoints(std::string_view value) {
    auto parsed = Endpoints::parse(value);
    if (!parsed) return parsed.failure().text;
    endpoints = std::move(*parsed);
    return {};
}

std::string Settings::setWebsocketEvents(std::string_view value) {
    if (!value.empty() && value != "message" && value != "frame") return quoted(value) + " is neither message nor frame";
    websocketMode = value == "frame" ? websocket::EventMode::Frame : websocket::EventMode::Message;
    return {};
}

std::string Settings::setWebsocketSubprotocols(std::string_view value) {
    for (const auto name : splitList(value))
        if (!std::all_of(name.begin(), name.end(), http::isToken))
            return quoted(name) + " is no subprotocol name: letters, digits and - . _ and the like, with commas between names";
    websocketSubprotocols = value;
    return {};
}

// Nothing is run where nothing was said.
std::string Settings::setSsiExec(std::string_view value) {
    return setYesOrNo(value.empty() ? "no" : value, scripts.runsFromPages);
}

std::string Settings::setSsiPattern(std::string_view value) {
    scripts.ssiPattern = value.empty() ? optionInfo("ssi_pattern")->default_value : value;
    return {};
}

}  // namespace meerkat::server
