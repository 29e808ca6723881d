#include "scripts/ssi_answer.h"

#include "scripts/cgi_head.h"

namespace meerkat::scripts {

SsiAnswer::SsiAnswer(ProgramPool &pool, http::HttpProtocol &http, std::unique_ptr<SsiSite> site)
    : m_pool(pool), m_http(http), m_site(std::move(site)) {}

void SsiAnswer::begin() {
    m_http.takeOver();
    proceed({SsiState::Waiting, {}});
}

void SsiAnswer::onGone() {
    if (m_run) endRun(true);
}

// To the next program that can be run, or to the answer.
void SsiAnswer::proceed(SsiOutcome outcome) {
    SsiPage &page = m_site->page();
    while (outcome.state == SsiState::Waiting) {
        if (auto plan = m_site->planFor(page.wish())) {
            ProgramOwner &owner = *this;
            m_run = std::make_unique<ProgramRun>(m_pool, owner);
            m_run->limitInAll();
            return m_run->queueUp(std::move(*plan));
        }
        outcome = page.goOn(std::nullopt);
    }
    net::Connection &connection = m_http.connection();
    if (outcome.state == SsiState::Made)
        m_site->send(m_http, outcome.text);
    else
        m_http.refuseEntrusted(500);
    connection.flush();
}

// A program that wrote more than the page has room for has written nothing.
void SsiAnswer::onOutput(std::string_view bytes) {
    m_output.append(bytes);
    if (m_output.size() <= m_site->page().wish().mostBytes) return;
    endRun(true);
    m_output = std::string();
    proceed(m_site->page().goOn(std::nullopt));
}

void SsiAnswer::onOutputEnd() {
    endRun(false);
    const std::string output = std::move(m_output);
    m_output = std::string();
    proceed(m_site->page().goOn(resultOf(output)));
}

// Of a script, what follows its head; nothing where that is not one of a page.
std::optional<std::string_view> SsiAnswer::resultOf(std::string_view output) const {
    if (!m_site->page().wish().shellCommand.empty()) return output;
    CgiHead head;
    const auto outcome = parseCgiHead(output, head);
    if (outcome.state != CgiHeadState::Complete || head.status != 200) return std::nullopt;
    return output.substr(outcome.consumed);
}

void SsiAnswer::onFailed(ProgramFailure, int) {
    endRun(true);
    m_output = std::string();
    proceed(m_site->page().goOn(std::nullopt));
}

// It may be on the stack.
void SsiAnswer::endRun(bool isCut) {
    m_run->release(isCut);
    m_pool.loop().dispose(std::move(m_run));
}

}  // namespace meerkat::scripts
