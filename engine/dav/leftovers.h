// Station: what uploads left in a folder whose server was killed, or that nobody goes on with -> gone. From server, when a folder is opened or something is
// put into it; a little of it in each pass of the loop.
// Thread: engine.
#pragma once

#include "base/clock.h"
#include "dav/pieces.h"

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace meerkat::dav {

class Leftovers {
  public:
    // Folders that wait to be looked through; others will be opened again.
    static constexpr std::size_t kMostFolders = 16;
    // A folder is not looked through again before that.
    static constexpr std::int64_t kRestSeconds = 600;

    Leftovers(Pieces &pieces, const Clock &clock) : m_pieces(pieces), m_clock(clock) {}

    // `path` of the open folder below the root: "/a/b", "" for the root.
    void note(const os::File &folder, std::string_view path);
    bool isBusy() const { return !m_waiting.empty(); }
    // A millisecond or two of it.
    void advance();
    // Another folder is served.
    void forget();

  private:
    struct Waiting {
        os::File folder;
        std::unique_ptr<os::FolderReader> reader;
        std::string path;
    };
    using Identity = std::pair<std::uint64_t, std::uint64_t>;

    Pieces &m_pieces;
    const Clock &m_clock;
    std::vector<Waiting> m_waiting;
    std::map<Identity, std::int64_t> m_seen;  // the second in which each folder was
};

}  // namespace meerkat::dav
