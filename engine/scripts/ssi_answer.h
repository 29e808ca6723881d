// Station: a page that runs programs -> its answer. From server/script_pages, through program_run, back to http_protocol. One program at a time, in
// the order of the page; the answer is sent when the page is whole.
#pragma once

#include "http/http_protocol.h"
#include "scripts/program_run.h"
#include "scripts/ssi_page.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace meerkat::scripts {

// A page under way, with the files that it sees.
class SsiSite {
  public:
    virtual ~SsiSite() = default;
    virtual SsiPage &page() = 0;
    // Nothing where the page's visitor may not have it run, or there is no such script.
    virtual std::optional<os::ProcessPlan> planFor(const SsiWish &wish) = 0;
    virtual void send(http::HttpProtocol &http, std::string_view text) = 0;
};

class SsiAnswer final : public http::Exchange, private ProgramOwner {
  public:
    // The page is waiting. Begins once the request was entrusted to it.
    SsiAnswer(ProgramPool &pool, http::HttpProtocol &http, std::unique_ptr<SsiSite> site);
    void begin();

    // http::Exchange
    void onGone() override;

  private:
    // ProgramOwner
    void onOutput(std::string_view bytes) override;
    void onOutputEnd() override;
    void onFailed(ProgramFailure why, int code) override;

    void proceed(SsiOutcome outcome);
    std::optional<std::string_view> resultOf(std::string_view output) const;
    void endRun(bool isCut);

    ProgramPool &m_pool;
    http::HttpProtocol &m_http;
    std::unique_ptr<SsiSite> m_site;
    std::unique_ptr<ProgramRun> m_run;
    std::string m_output;
};

}  // namespace meerkat::scripts
