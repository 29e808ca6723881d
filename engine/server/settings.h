// Station: options as values that can be used. From mg_set_option, to the rooms that read them. A value that is refused changes nothing.
#pragma once

#include "access/address_list.h"
#include "access/guard.h"
#include "files/static_files.h"
#include "server/access_log.h"
#include "server/endpoints.h"
#include "server/options.h"
#include "server/script_pages.h"
#include "websocket/websocket_protocol.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace meerkat::server {

// How much is enough; 0: there is no limit.
struct Limits {
    std::uint64_t bytesPerSecond = 0;
    std::uint64_t connectionBytesPerSecond = 0;
    std::uint64_t connections = 0;
    std::uint64_t connectionsPerAddress = 0;
    std::uint64_t requestsPerSecondPerAddress = 0;
};

class Settings {
  public:
    Settings();

    // The text as set, "" if unset; null if there is no option of that name.
    const std::string *text(std::string_view name) const;
    void keepText(std::string_view name, std::string text);

    // Checks a value and takes it, or returns one sentence that says what is wrong; "" stands for the default. An option that is not
    // kept here (the listener, the log, certificates) is the server's to apply.
    std::string set(std::string_view name, std::string_view value);

    files::FileSettings files;
    access::AddressList admitted;
    access::GuardSettings guard;
    LogFormat logFormat = LogFormat::Combined;
    std::uint64_t logMostBytes = 0;
    unsigned logKeep = 0;
    ScriptSettings scripts;
    Limits limits;
    std::int64_t idleTimeoutMs = 0;
    std::uint64_t maxRequestBodyBytes = 0;
    std::int64_t connectTimeoutMs = 0;
    std::uint64_t maxReplyBytes = 0;
    std::uint64_t maxWebsocketMessageBytes = 0;
    websocket::EventMode websocketMode = websocket::EventMode::Message;
    bool compressesMessages = true;
    std::string websocketSubprotocols;
    Endpoints endpoints;

  private:
    using Setter = std::string (Settings::*)(std::string_view value);
    struct NamedSetter {
        std::string_view name;
        Setter set;
    };
    static const NamedSetter kSetters[];

    std::string setAccessControlList(std::string_view value);
    std::string setLogFormat(std::string_view value);
    std::string setLogMostBytes(std::string_view value) { return setNumberOfBytes(value, 0, logMostBytes); }
    std::string setLogKeep(std::string_view value);
    std::string setAuthDomain(std::string_view value);
    std::string setCgiInterpreter(std::string_view value);
    std::string setCgiMaxProcesses(std::string_view value);
    std::string setCgiPattern(std::string_view value);
    std::string setCgiTimeout(std::string_view value);
    std::string setGlobalAuthFile(std::string_view value) { return setPasswordFile(value, guard.globalFile); }
    std::string setDavAuthFile(std::string_view value) { return setPasswordFile(value, guard.davFile); }
    std::string setCacheControl(std::string_view value);
    std::string setCleanUrls(std::string_view value);
    std::string setCorsOrigins(std::string_view value);
    std::string setCrossOriginIsolation(std::string_view value);
    std::string setDocumentRoot(std::string_view value);
    std::string setExtraHeaders(std::string_view value);
    std::string setSpaFallback(std::string_view value);
    std::string setUpload(std::string_view value);
    std::string setUrlRewrites(std::string_view value);
    std::string setDirectoryListing(std::string_view value);
    std::string setExtraMimeTypes(std::string_view value);
    std::string setHidePatterns(std::string_view value);
    std::string setIdleTimeout(std::string_view value);
    std::string setIndexFiles(std::string_view value);
    std::string setMaxRequestBody(std::string_view value);
    std::string setCompression(std::string_view value) { return setYesByDefault(value, files.compresses); }
    std::string setCompressionCache(std::string_view value);
    std::string setConnectTimeout(std::string_view value);
    std::string setRate(std::string_view value) { return setBytesPerSecond(value, limits.bytesPerSecond); }
    std::string setConnectionRate(std::string_view value) { return setBytesPerSecond(value, limits.connectionBytesPerSecond); }
    std::string setMaxConnections(std::string_view value);
    std::string setMaxConnectionsPerAddress(std::string_view value);
    std::string setMaxRequests(std::string_view value);
    std::string setMaxReply(std::string_view value);
    std::string setMaxWebsocketMessage(std::string_view value);
    std::string setWebsocketCompression(std::string_view value);
    std::string setWebsocketEndpoints(std::string_view value);
    std::string setWebsocketEvents(std::string_view value);
    std::string setWebsocketSubprotocols(std::string_view value);
    std::string setSsiExec(std::string_view value);
    std::string setSsiPattern(std::string_view value);
    static std::string setNumberOfBytes(std::string_view value, std::uint64_t initial, std::uint64_t &setting);
    static std::string setBytesPerSecond(std::string_view value, std::uint64_t &setting);
    static std::string setYesByDefault(std::string_view value, bool &setting);
    static std::string setPasswordFile(std::string_view value, std::string &file);

    std::vector<std::string> m_texts;  // beside optionTable()
};

}  // namespace meerkat::server
