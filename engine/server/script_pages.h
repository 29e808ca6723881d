// Station: files that are pages with commands (SSI) -> their answer. From files/static_files, which asks before it gives a file out.
#pragma once

#include "access/guard.h"
#include "files/static_files.h"
#include "scripts/ssi_page.h"

#include <string>

namespace meerkat::server {

class ScriptPages final : public files::FileTaker, private scripts::SsiFiles {
  public:
    ScriptPages(const files::FileSettings &files, const access::Guard &guard) : m_files(files), m_guard(guard) {}

    // ssi_pattern; "" takes nothing.
    void usePattern(std::string_view pattern) { m_pattern = pattern; }

    // files::FileTaker
    bool takes(std::string_view relative) const override;
    void serve(http::HttpProtocol &http, const http::RequestHead &head, std::string_view relative,
               os::OpenOutcome opened) override;

  private:
    // scripts::SsiFiles
    // What asks for another password than the page did is nothing that the page may show.
    os::OpenOutcome open(std::string_view path) override;
    bool mayShow(std::string_view path) const;
    bool isPage(std::string_view path) const override { return takes(files::relativePath(path)); }

    const files::FileSettings &m_files;
    const access::Guard &m_guard;
    std::string m_pattern;
    std::string m_page;  // the path of the page under way
};

}  // namespace meerkat::server
