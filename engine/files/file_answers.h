// Station: an opened file -> its answer: ready ones of small files, codings, ranges, conditions. From static_files, to http_protocol.
// RFC 9110: content codings (8.4), conditional requests (13), ranges (14). A range is always one of the file's own bytes.
#pragma once

#include "files/coded_source.h"
#include "files/file_cache.h"
#include "files/file_settings.h"
#include "files/representation.h"
#include "http/compressor.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace meerkat::files {

// Who gives the files out.
class FileOwner {
  public:
    virtual ~FileOwner() = default;
    // A link led to `where` ("/a/b"; a folder's ends in '/'): what lies there is not less guarded for it. False: it was refused, and is answered.
    virtual bool letsPass(http::HttpProtocol &http, const http::RequestHead &head, std::string_view where) = 0;
    // Whoever was let in to `visited` may see `other` too, both below that root ("/a/b", a folder's ends in '/').
    virtual bool showsAlike(const os::Root &root, std::string_view visited, std::string_view other) const = 0;
    // A folder is shown: `path` as in os::Root, with a leading '/', and without one at the end.
    virtual void noteShown(const os::File &folder, std::string_view path) = 0;
    // No descriptor is left. True if one was given back.
    virtual bool freeDescriptor() = 0;
    // The Allow field, a whole line.
    virtual std::string_view allowedFields() const = 0;
};

class FileAnswers {
  public:
    FileAnswers(net::EventLoop &loop, FileSettings &settings, FileOwner &owner)
        : m_loop(loop), m_settings(settings), m_owner(owner), m_cache(loop, kCacheBytes) {}

    // With what is ready for this path as it was asked for, still encoded; false if nothing is.
    bool sendReady(http::HttpProtocol &http, const http::RequestHead &head, std::string_view path);
    // A regular file, `relative` to the root. It is ready for `path` from now on if it is small, and `path` is not "". `absent`: what would have come before it.
    void send(http::HttpProtocol &http, const http::RequestHead &head, std::string_view path, std::string relative,
              os::OpenOutcome opened, std::vector<std::string> absent);
    // Any file, never made ready nor compressed; `name` tells its type.
    void sendAsItIs(http::HttpProtocol &http, const http::RequestHead &head, std::string_view name, os::OpenOutcome opened);
    // A text that was made for this answer, compressed where the client takes that and it pays. `fields` are complete lines.
    void sendText(http::HttpProtocol &http, const http::RequestHead &head, std::string fields, std::string_view text);
    // The coding that sendText will use.
    http::Coding codingOfText(const http::RequestHead &head, std::size_t bytes);
    // No descriptor: not yet, there may be one in a moment. lacksDescriptor tells that the request was not answered for want of one, once.
    void refuseUnopened(http::HttpProtocol &http, os::OpenState state);
    bool lacksDescriptor() { return std::exchange(m_lacksDescriptor, false); }
    // After a change of the settings.
    void forgetCached() {
        m_cache.clear();
        m_streams.copies.setLimit(m_settings.codedCacheBytes);
    }

  private:
    static constexpr std::size_t kCacheBytes = 8 * 1024 * 1024;

    // What a client takes: read once for the many that say the same.
    struct Client {
        std::string list;
        http::AcceptedCodings accepted;
        std::string key;  // "" if it takes no coding
    };
    // A file on its way to its answer.
    struct Selected : Representation {
        std::string type;
        std::string etag;
        std::string clientKey;
        bool varies = false;
        CodedBytes copy;  // null: the file's bytes, or made while they are sent
    };

    const Client &clientOf(const http::RequestHead &head);
    Selected select(const http::RequestHead &head, std::string relative, os::OpenOutcome opened);
    void make(Selected &selected);
    CodedBytes madeAtOnce(const Selected &selected);
    bool isSettled(const os::FileInfo &info) const;

    std::string_view keyOf(std::string_view path, std::string_view clientKey);
    CachedFile *findFresh(std::string_view key);
    bool isFresh(CachedFile &file);
    bool isUnchanged(const Watched &watched) const;
    void sendCached(http::HttpProtocol &http, const http::RequestHead &head, CachedFile &file);
    CachedFile *cache(http::HttpProtocol &http, std::string_view path, Selected &selected, std::vector<std::string> &absent);

    void sendSelected(http::HttpProtocol &http, const http::RequestHead &head, Selected selected);
    void sendRanges(http::HttpProtocol &http, Selected selected, std::string_view rangeValue);
    std::string cacheControlLine() const;
    std::string validatorFields(const Selected &selected) const;
    std::string wholeFields(const Selected &selected) const;

    net::EventLoop &m_loop;
    FileSettings &m_settings;
    FileOwner &m_owner;
    FileCache m_cache;
    CodedStreams m_streams;
    http::Compressor m_compressor;
    Client m_plainClient;
    Client m_latestClient;
    std::string m_key;  // where a key is put together
    bool m_lacksDescriptor = false;
};

}  // namespace meerkat::files
