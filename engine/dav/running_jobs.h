// Station: jobs that were begun for requests, and who waits for each. From dav/service, in each pass of the loop.
// Thread: engine.
#pragma once

#include "base/clock.h"
#include "dav/tree_job.h"
#include "http/http_protocol.h"

#include <functional>
#include <memory>
#include <vector>

namespace meerkat::dav {

class RunningJobs {
  public:
    static constexpr std::size_t kMostJobs = 64;

    // Called when a job is done. `http` is null where nobody waits any longer.
    using Done = std::function<void(http::HttpProtocol *http, const TreeJob &job)>;

    explicit RunningJobs(const Clock &clock) : m_clock(clock) {}

    bool isFull() const { return m_jobs.size() == kMostJobs; }
    bool isEmpty() const { return m_jobs.empty(); }
    // What is done within a few milliseconds is answered in this call; else the request is taken over.
    void begin(http::HttpProtocol &http, std::unique_ptr<TreeJob> job, Done done);
    // A few milliseconds for all of them, in turn.
    void advance();
    // The client has left: what it asked for is brought to its end all the same, as half of it would be nobody's wish.
    void forget(const http::HttpProtocol &http);

  private:
    struct Running {
        std::unique_ptr<TreeJob> job;
        Done done;
        http::HttpProtocol *http = nullptr;
    };

    const Clock &m_clock;
    std::vector<Running> m_jobs;
};

}  // namespace meerkat::dav
