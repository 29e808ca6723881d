// Station: what a front end asked a server for, applied to it whole or not at all. From engine_thread, to mongoose.h.
// Thread: engine.
#pragma once

#include "app/messages.h"

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

struct mg_server;

namespace meerkat::app {

// What keeps a folder from being served; nothing where its names and what is behind them can be read. `path` in UTF-8.
// FolderMissing: there is nothing, or a thing that is neither file nor folder.
std::optional<TroubleKind> troubleWithFolder(const std::string &path);

// What it is and what to do, without a full stop; empty where there is none.
std::string folderComplaint(std::optional<TroubleKind> trouble, const std::string &path);

// What the engine's sentence about a listening_port that it refused means.
TroubleKind kindOfPortTrouble(const std::string &sentence);

// The value of listening_port: "8080", "127.0.0.1:8080", "[::1]:8080".
std::string listeningValue(const std::string &address, std::uint16_t port);
// And back: the host for a URL on this machine, and whether others can reach it.
struct ListeningPlace {
    std::string host;  // "127.0.0.1", "[::1]"; "127.0.0.1" too where it listens on every address
    std::uint16_t port = 0;
    bool isOpenToNetwork = false;
};
ListeningPlace listeningPlace(const std::string &value);

class ServingSettings {
  public:
    // The server is borrowed and outlives this.
    explicit ServingSettings(mg_server *server) : m_server(server) {}

    // Options, then the port. On failure everything is as it was before, and what served goes on serving.
    std::variant<Started, Failed> apply(const StartServing &wanted);
    // The folder came back: it may be another one of the same name, and the engine holds the old one open.
    void reopenFolder();
    // Listens no more and cuts all connections.
    void stop();

    bool isServing() const { return m_isServing; }
    const std::string &folder() const { return m_folder; }  // document_root in force

  private:
    using Option = std::pair<std::string, std::string>;

    void closeOthers();
    std::optional<Failed> setOptions(const std::vector<Option> &wanted);
    std::optional<Failed> setOption(const Option &option);
    void undo();
    std::optional<Failed> listen(const StartServing &wanted);
    std::optional<Failed> listenAt(const std::string &address, std::uint16_t port);
    bool listensAsWanted(const StartServing &wanted) const;

    mg_server *m_server;
    bool m_isServing = false;
    std::string m_folder;
    std::string m_address;
    std::uint16_t m_port = 0;
    std::vector<Option> m_set;  // what the last apply() that worked asked for
    std::vector<Option> m_old;  // values to go back to if the apply() under way fails
};

}  // namespace meerkat::app
