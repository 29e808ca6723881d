// Station: PROPFIND -> the body of its answer, made while it is sent. From dav/service, to http_protocol. RFC 4918 section 9.1.
// A folder of any size takes the memory of one part: it is read on when the client has taken what was read.
#pragma once

#include "dav/headers.h"
#include "dav/live_properties.h"
#include "dav/place.h"
#include "dav/property_store.h"

#include <memory>
#include <string>
#include <vector>

namespace meerkat::dav {

class PropfindSource final : public http::AnswerSource {
  public:
    // `root` is its own: the share's may be another one before the answer ends. `shown`: the path as it was asked for, without a '/' at the end.
    PropfindSource(const Share &share, const LockTable &locks, std::unique_ptr<os::Root> root, PropfindRequest request,
                   Depth depth)
        : m_share(share), m_locks(locks), m_root(std::move(root)), m_request(std::move(request)), m_depth(depth) {}

    // Reads what is asked about. 0, or the status to refuse with: then it is of no further use.
    int begin(const Place &place, std::string shown);

    bool produce(http::HttpProtocol &http) override;

  private:
    // A folder whose members are being told.
    struct Level {
        explicit Level(os::File opened) : folder(std::move(opened)), store(folder) {}
        std::string path;   // of the folder, canonical
        std::string shown;  // as it was asked for
        os::File folder;
        PropertyStore store;
        std::unique_ptr<os::FolderReader> reader;
    };

    int enter(os::File folder, const Resource &resource);
    void tellNext(std::string &out);
    bool lookAt(Level &level, Resource &resource, bool &isLink) const;
    void descend(std::string &out, const Resource &resource, bool isLink);
    void appendRefusal(std::string &out, const Resource &resource, int status) const;
    os::File openMember(const Level &level, const Resource &resource, bool isLink) const;
    DeadProperties deadOf(Level &level, const Resource &resource, bool isLink) const;
    bool wantsDead() const;
    LiveSources sources() const { return {m_share, m_locks, m_room}; }
    void appendResource(std::string &out, const Resource &resource, const DeadProperties &dead) const;
    void appendNames(std::string &out, const Resource &resource, const DeadProperties &dead) const;
    void appendValues(std::string &out, const Resource &resource, const DeadProperties &dead) const;

    const Share &m_share;
    const LockTable &m_locks;
    std::unique_ptr<os::Root> m_root;
    PropfindRequest m_request;
    Depth m_depth;
    std::optional<os::Room> m_room;
    std::string m_first;  // what is known before anything is read on
    std::vector<std::unique_ptr<Level>> m_levels;
    std::size_t m_told = 0;
};

}  // namespace meerkat::dav
