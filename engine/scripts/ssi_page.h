// Station: a page with <!--#commands--> -> the page a visitor gets. From server, which gives files and the request's variables.
#pragma once

#include "os/file.h"
#include "scripts/request_variables.h"
#include "scripts/ssi_expression.h"
#include "scripts/ssi_format.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace meerkat::scripts {

// What a page may see of the served folder.
class SsiFiles {
  public:
    virtual ~SsiFiles() = default;
    // A file by its cleaned path ("/a/b.html"). What visitors may not see is NotFound.
    virtual os::OpenOutcome open(std::string_view path) = 0;
    // Whether its commands are obeyed when it is included; else it is included as it is.
    virtual bool isPage(std::string_view path) const = 0;
    // Whether it is a program, whose text is never shown: including it runs it.
    virtual bool isScript(std::string_view) const { return false; }
};

// What is known of the request. Names in capitals, as in CGI.
using SsiRequest = RequestVariables;

// What a page wants run before it goes on.
struct SsiWish {
    std::string shellCommand;  // as it stands in the page: what a visitor sent is not put into it
    std::string path;          // or a script: its cleaned path, and what follows '?'
    std::optional<std::string> query;
    std::uint64_t mostBytes = 0;  // of output
};

enum class SsiState { Made, TooLarge, Failed, Waiting };
struct SsiOutcome {
    SsiState state = SsiState::Failed;
    std::string text;  // when Made
};

// Makes one page; for one use. include (virtual, file), echo, set, config (errmsg, echomsg, sizefmt, timefmt), fsize, flastmod,
// printenv, if, elif, else, endif, and where `runsPrograms` exec (cmd, cgi). Everything unknown or wrong leaves the page's error message, which tells
// nothing of the machine. Bytes read and written, by whatever command, are at most kWorkBytes together, or the page is TooLarge; includes
// at most kDeepestInclude in each other, programs at most kMostPrograms. An included page shares the variables, begins with the includer's #config and gives none
// back.
class SsiPage {
  public:
    static constexpr std::uint64_t kWorkBytes = 8 << 20;
    static constexpr int kDeepestInclude = 10;
    static constexpr int kMostPrograms = 64;

    SsiPage(SsiFiles &files, const SsiRequest &request, std::int64_t nowSeconds, bool runsPrograms = false);
    ~SsiPage();

    // `path` is cleaned, and `document` was opened by it or `text` is what stands there.
    SsiOutcome make(std::string_view path, const os::File &document, const os::FileInfo &info);
    SsiOutcome make(std::string_view path, std::string_view text, std::int64_t modifiedSeconds = 0);

    // When Waiting: what is to be run.
    const SsiWish &wish() const { return *m_wish; }
    // And then what it wrote; nothing where it could not be run.
    SsiOutcome goOn(std::optional<std::string_view> output);
    // The request's variables with those of the page, as they are now.
    RequestVariables variables() const;

  private:
    class Document;
    class Variables;

    // Counts work; false once there was too much.
    bool spend(std::uint64_t bytes);
    void write(std::string_view text);
    bool read(const os::File &file, std::uint64_t size, std::string &into);
    // False: it may not, or too often.
    bool ask(SsiWish wish);
    void open(std::unique_ptr<Document> document);
    SsiOutcome run();

    SsiFiles &m_files;
    std::unique_ptr<Variables> m_variables;
    std::vector<std::unique_ptr<Document>> m_open;  // each is included by the one before
    std::optional<SsiWish> m_wish;
    std::string m_text;
    std::uint64_t m_workLeft = kWorkBytes;
    int m_programs = 0;
    bool m_runsPrograms;
    bool m_isTooLarge = false;
};

}  // namespace meerkat::scripts
