// Station: WebDAV, a method a function. From server, which has asked for the password, to the disk, the locks and the stored properties.
// RFC 4918 classes 1, 2 and 3; quota by RFC 4331. What may take long goes on in later passes of the loop.
// Thread: engine.
#pragma once

#include "dav/lock_table.h"
#include "dav/permits.h"
#include "dav/running_jobs.h"
#include "dav/transfer_job.h"
#include "dav/xml_reader.h"

#include <string>
#include <string_view>

namespace meerkat::dav {

// A change that a form asks for.
struct FormChange {
    std::string_view method;  // MKCOL, DELETE or MOVE, which replaces nothing
    std::string path;         // cleaned, as of serve
    std::string destination;
    std::string done;  // what its answer has where it is done, 303: a Location field, a whole line
};

class Service {
  public:
    Service(Share &share, const Clock &clock) : m_share(share), m_clock(clock), m_locks(clock), m_jobs(clock) {}

    // PROPFIND, PROPPATCH, MKCOL, DELETE, COPY, MOVE, LOCK, UNLOCK: answers it, now or later. `path`: cleaned.
    void serve(http::HttpProtocol &http, const http::RequestHead &head, std::string_view path, std::string_view body);

    // The same for a form.
    void serveForm(http::HttpProtocol &http, const http::RequestHead &head, const FormChange &change);

    // Somebody has locked what is there, or the folder around it: nobody may put a file there who has no token.
    bool isLocked(std::string_view path);
    // What the other methods have to heed. Each: false if it was refused, and is answered.
    bool letsPut(http::HttpProtocol &http, const http::RequestHead &head, std::string_view path);
    bool letsRead(http::HttpProtocol &http, const http::RequestHead &head, std::string_view path);
    // A file is to be put where none is: it begins without properties, whatever lies there.
    void forgetProperties(std::string_view path);

    // Another folder is served: what was locked is not in it.
    void forgetLocks() { m_locks.removeAt({}); }
    // To be called in each pass while isBusy.
    void advance() { m_jobs.advance(); }
    bool isBusy() const { return !m_jobs.isEmpty(); }
    void forget(const http::HttpProtocol &http) { m_jobs.forget(http); }

  private:
    // A request on its way.
    struct Request {
        http::HttpProtocol &http;
        const http::RequestHead &head;
        std::string_view path;
        std::string_view body;
        Place place;
        const FormChange *form = nullptr;
        std::string_view method() const { return form ? form->method : head.methodName; }
    };
    using Method = void (Service::*)(Request &request);
    static Method methodOf(std::string_view name);

    void makeCollection(Request &request);
    void remove(Request &request);
    void transfer(Request &request);
    // ---- service_properties.cpp ----
    void findProperties(Request &request);
    void patchProperties(Request &request);
    int applyChanges(const Place &place, const std::vector<PropertyChange> &changes);
    // ---- service_locks.cpp ----
    void lock(Request &request);
    void refreshLock(Request &request);
    bool makeLocked(Request &request);
    void refuseLock(Request &request, const Lock &obstacle);
    void unlock(Request &request);

    int conditionStatus(const Request &request);
    bool isThere(Request &request);
    bool hasParent(http::HttpProtocol &http, const Place &place);
    bool isTransferRefused(Request &request, const Place &to, bool isMove, bool isDeep);
    bool isLocked(http::HttpProtocol &http, const Lock *lock);
    void begin(Request &request, std::unique_ptr<TreeJob> job, std::string gone, std::string replaced);
    void answer(http::HttpProtocol &http, int status, const std::string &done);
    void refuse(http::HttpProtocol &http, int status);
    void refuseWith(http::HttpProtocol &http, int status, std::string_view condition, std::string_view href = {});
    Permits permitsOf(const Request &request) const { return {request.head, m_locks, m_share.userOf(request.http)}; }

    Share &m_share;
    const Clock &m_clock;
    LockTable m_locks;
    RunningJobs m_jobs;
};

}  // namespace meerkat::dav
