#include "dav/running_jobs.h"

#include <algorithm>

namespace meerkat::dav {

namespace {

// For as long somebody else who has sent a request may have to wait.
constexpr std::int64_t kTurnUs = 4000;

}  // namespace

void RunningJobs::begin(http::HttpProtocol &http, std::unique_ptr<TreeJob> job, Done done) {
    const std::int64_t end = m_clock.monotonicUs() + kTurnUs;
    bool goesOn = true;
    do goesOn = job->work();
    while (goesOn && m_clock.monotonicUs() < end);
    if (!goesOn) return done(&http, *job);
    http.await();
    m_jobs.push_back({std::move(job), std::move(done), &http});
}

void RunningJobs::advance() {
    const std::int64_t end = m_clock.monotonicUs() + kTurnUs;
    std::vector<Running> finished;
    // Each gets a step, however many there are.
    do {
        for (std::size_t place = 0; place < m_jobs.size();) {
            if (m_jobs[place].job->work()) {
                ++place;
                continue;
            }
            finished.push_back(std::move(m_jobs[place]));
            m_jobs.erase(m_jobs.begin() + static_cast<std::ptrdiff_t>(place));
        }
    } while (!m_jobs.empty() && m_clock.monotonicUs() < end);
    // An answer may have the next request served, which begins another, or a connection closed, whose own job is among these.
    for (std::size_t place = 0; place < finished.size(); ++place) {
        http::HttpProtocol *http = finished[place].http;
        const bool isThere = http && http->connection().isOpen();
        finished[place].done(isThere ? http : nullptr, *finished[place].job);
        if (isThere) http->connection().flush();
    }
}

void RunningJobs::forget(const http::HttpProtocol &http) {
    for (Running &running : m_jobs)
        if (running.http == &http) running.http = nullptr;
}

}  // namespace meerkat::dav
