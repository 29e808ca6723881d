// Station: small files with their ready answers. From static_files, straight to the connection: a hit costs a look-up and a send.
// Thread: engine. An entry that is dropped lives until the pass ends, since a batch may still point into it.
#pragma once

#include "http/http_protocol.h"
#include "net/event_loop.h"
#include "os/file.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace meerkat::files {

// An answer that was formatted once: only its date changes.
class ReadyAnswer {
  public:
    ReadyAnswer() = default;
    ReadyAnswer(int status, std::string_view fields, std::string_view body);
    http::PreparedAnswer at(http::HttpService &service);
    std::size_t bytes() const { return m_bytes.size(); }

  private:
    std::string m_bytes;  // head, blank line, body
    std::size_t m_headLength = 0;
    std::int64_t m_dateSecond = -1;
    int m_status = 200;
};

// What was there when a choice was made: nothing, or a file of that identity.
struct Watched {
    std::string relative;
    std::optional<os::FileInfo> info;
};

struct CachedFile final : net::Disposable {
    std::string key;       // the path as it was asked for, still encoded; what else tells answers apart stands before it
    std::string relative;  // below the root
    std::string where;     // as in os::OpenOutcome
    std::vector<std::string> absent;  // index files that would have come before this one
    std::vector<Watched>
        watched;  // looked at once a second: the file of which this is a copy, copies that would have come before this one
    bool varies = false;  // another client may get it in another coding
    os::FileInfo info;
    std::string etag;
    ReadyAnswer whole;
    ReadyAnswer notModified;
    std::uint64_t checkedInPass = 0;
    std::uint64_t usedInPass = 0;
    std::int64_t watchedSecond = 0;

    std::size_t bytes() const {
        return sizeof *this + key.size() + relative.size() + where.size() + whole.bytes() + notModified.bytes();
    }
};

class FileCache {
  public:
    static constexpr std::uint64_t kLargestFile = 64 * 1024;

    FileCache(net::EventLoop &loop, std::size_t limitBytes) : m_loop(loop), m_limitBytes(limitBytes) {}

    CachedFile *find(std::string_view key);
    CachedFile &insert(std::unique_ptr<CachedFile> file);
    void remove(CachedFile &file);
    void clear();

  private:
    void makeRoom();

    net::EventLoop &m_loop;
    std::size_t m_limitBytes;
    std::size_t m_bytes = 0;
    std::unordered_map<std::string_view, std::unique_ptr<CachedFile>> m_files;  // keys point into the entries
};

}  // namespace meerkat::files
