// Station: one request -> a script -> its answer. From server, which has found the script and its rights, through program_run, back to http_protocol.
// Both ways stream: the body goes to the script while it comes, its output to the client while it is made, each no faster than the slower
// end takes it. RFC 3875.
#pragma once

#include "http/http_protocol.h"
#include "http/response_writer.h"
#include "os/spool_file.h"
#include "scripts/cgi_head.h"
#include "scripts/program_run.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace meerkat::scripts {

class CgiAnswer final : public http::Exchange, private ProgramOwner {
  public:
    // `plan` without input. `runsItself`: the script is the program, so that a refusal to run it is about the file.
    CgiAnswer(ProgramPool &pool, http::HttpProtocol &http, os::ProcessPlan plan, bool runsItself);

    // What it is asked with; exactly one of these, after it was entrusted with the request.
    // A body in memory, which lives until the answer ends; "" for none.
    void begin(std::string_view body);
    // A body that is to come, of that length.
    std::unique_ptr<http::BodySink> beginSized(std::uint64_t length);
    // One whose length its sender does not tell: a script has to be told it (RFC 3875 section 4.1.2), so it is awaited, on the disk. Null and
    // `status` if there is no place for it.
    std::unique_ptr<http::BodySink> beginChunked(int &status);

    // http::Exchange
    void onDrained() override { m_run.resume(); }
    void onGone() override { m_run.release(m_isCut); }

  private:
    class Body;

    // From the body.
    int takeBody(std::string_view bytes);
    bool isBodyFull() const;
    void endBody();
    void cutBody() { m_run.release(true); }

    // ProgramOwner
    void onOutput(std::string_view bytes) override;
    void onOutputEnd() override;
    void onInputTaken() override { m_http.resumeBody(); }
    void onFailed(ProgramFailure why, int code) override;

    void queueUp();
    std::string_view readHead(std::string_view bytes);
    void beginAnswer(const CgiHead &head);
    void addServersFields(const CgiHead &head);
    void send(std::string_view bytes);
    void finish();
    void refuse(int status, std::string_view fields = {});

    http::HttpProtocol &m_http;
    ProgramRun m_run;
    os::ProcessPlan m_plan;  // until it is queued
    std::unique_ptr<os::SpoolFile> m_spool;
    std::uint64_t m_spooled = 0;
    std::string m_head;                            // until it is whole
    std::optional<http::ResponseWriter> m_writer;  // from then on
    std::optional<std::uint64_t> m_bodyLeft;       // of the answer, where its length is known
    bool m_runsItself;
    bool m_isCut = true;  // the answer is not whole
};

}  // namespace meerkat::scripts
