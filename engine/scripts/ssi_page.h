// Station: a page with <!--#commands--> -> the page a visitor gets. From server, which gives files and the request's variables.
#pragma once

#include "os/file.h"
#include "scripts/ssi_expression.h"
#include "scripts/ssi_format.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace meerkat::scripts {

// What a page may see of the served folder.
class SsiFiles {
  public:
    virtual ~SsiFiles() = default;
    // A file by its cleaned path ("/a/b.html"). What visitors may not see is NotFound.
    virtual os::OpenOutcome open(std::string_view path) = 0;
    // Whether its commands are obeyed when it is included; else it is included as it is.
    virtual bool isPage(std::string_view path) const = 0;
};

// What is known of the request. Names in capitals, as in CGI.
using SsiRequest = std::map<std::string, std::string, std::less<>>;

enum class SsiState { Made, TooLarge, Failed };
struct SsiOutcome {
    SsiState state = SsiState::Failed;
    std::string text;  // when Made
};

// Makes one page; for one use. include (virtual, file), echo, set, config (errmsg, echomsg, sizefmt, timefmt), fsize, flastmod,
// printenv, if, elif, else, endif. exec and everything unknown or wrong leaves the page's error message, which tells nothing of the machine.
// Bytes read and written, by whatever command, are at most kWorkBytes together, or the page is TooLarge; includes at most
// kDeepestInclude in each other. An included page shares the variables, begins with the includer's #config and gives none back.
class SsiPage {
  public:
    static constexpr std::uint64_t kWorkBytes = 8 << 20;
    static constexpr int kDeepestInclude = 10;

    SsiPage(SsiFiles &files, const SsiRequest &request, std::int64_t nowSeconds);
    ~SsiPage();

    // `path` is cleaned, and `document` was opened by it or `text` is what stands there.
    SsiOutcome make(std::string_view path, const os::File &document, const os::FileInfo &info);
    SsiOutcome make(std::string_view path, std::string_view text, std::int64_t modifiedSeconds = 0);

  private:
    class Document;
    class Variables;

    // Counts work; false once there was too much.
    bool spend(std::uint64_t bytes);
    void write(std::string_view text);
    bool read(const os::File &file, std::uint64_t size, std::string &into);

    SsiFiles &m_files;
    std::unique_ptr<Variables> m_variables;
    std::string m_text;
    std::uint64_t m_workLeft = kWorkBytes;
    bool m_isTooLarge = false;
};

}  // namespace meerkat::scripts
