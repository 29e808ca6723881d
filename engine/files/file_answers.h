// Station: an opened file -> its answer: ready ones of small files, ranges, conditions. From static_files, to http_protocol.
// RFC 9110: conditional requests (13), ranges (14).
#pragma once

#include "files/file_cache.h"
#include "files/file_settings.h"

#include <string>
#include <string_view>
#include <vector>

namespace meerkat::files {

// Who gives the files out.
class FileOwner {
  public:
    virtual ~FileOwner() = default;
    // A link led to `where` ("/a/b"; a folder's ends in '/'): what lies there is not less guarded for it. False: it was refused, and is answered.
    virtual bool letsPass(http::HttpProtocol &http, const http::RequestHead &head, std::string_view where) = 0;
    // No descriptor is left. True if one was given back.
    virtual bool freeDescriptor() = 0;
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
    // The same of any file, never made ready; `name` tells its type.
    void sendAsItIs(http::HttpProtocol &http, const http::RequestHead &head, std::string_view name, os::OpenOutcome opened);
    // No descriptor: not yet, there may be one in a moment. lacksDescriptor tells that the request was not answered for want of one, once.
    void refuseUnopened(http::HttpProtocol &http, os::OpenState state);
    bool lacksDescriptor() { return std::exchange(m_lacksDescriptor, false); }
    void forgetCached() { m_cache.clear(); }

  private:
    static constexpr std::size_t kCacheBytes = 8 * 1024 * 1024;

    std::string_view keyOf(std::string_view path);
    bool isFresh(CachedFile &file);
    void sendCached(http::HttpProtocol &http, const http::RequestHead &head, CachedFile &file);
    CachedFile *cache(http::HttpProtocol &http, std::string_view path, std::string &relative, const os::OpenOutcome &opened,
                      std::vector<std::string> &absent);
    void sendRanges(http::HttpProtocol &http, std::string_view type, std::string fields, os::OpenOutcome opened,
                    std::string_view rangeValue);
    std::string cacheControlLine() const;
    std::string validatorFields(const os::FileInfo &info, std::string_view etag) const;
    std::string wholeFields(std::string_view type, const os::FileInfo &info, std::string_view etag) const;

    net::EventLoop &m_loop;
    FileSettings &m_settings;
    FileOwner &m_owner;
    FileCache m_cache;
    std::string m_key;  // where a key is put together
    bool m_lacksDescriptor = false;
};

}  // namespace meerkat::files
