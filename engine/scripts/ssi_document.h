// Station: one file's commands, one after the other -> the page's text. From ssi_page, once for the page and once for each include.
#pragma once

#include "scripts/ssi_page.h"
#include "scripts/ssi_parser.h"

#include <optional>
#include <vector>

namespace meerkat::scripts {

struct SsiConfig {
    std::string errorMessage = "[an error occurred while processing this directive]";
    std::string echoMessage = "(none)";
    std::string timeFormat{kUsualTimeFormat};
    SizeFormat sizeFormat = SizeFormat::Abbreviated;
};

class SsiPage::Document {
  public:
    // `depth`: how many include it; 0 is the page asked for.
    Document(SsiPage &page, std::string_view path, std::string text, SsiConfig config, int depth);

    // Obeys the next command. False: there is none left.
    bool step();
    // What it included is over.
    void comeBack();
    // What it wanted run could not be.
    void fail();

  private:
    struct Branch {
        bool isOuterShown;
        bool wasTaken;  // this or an earlier one of the same #if
        bool isShown;
        bool isElse;
    };

    bool isShown() const { return m_branches.empty() || m_branches.back().isShown; }
    // Each false: the error message is due.
    bool obey(const SsiPiece &piece);
    bool branch(const SsiPiece &piece);
    bool beginIf(const SsiPiece &piece);
    bool continueIf(const SsiPiece &piece);
    bool promise(const SsiPiece &piece);
    bool keepPromise(const SsiAttribute &attribute);
    bool include(const SsiAttribute &attribute);
    bool execute(const SsiAttribute &attribute);
    bool runScript(const SsiAttribute &attribute);
    bool echo(const SsiPiece &piece);
    bool set(const SsiPiece &piece);
    bool configure(const SsiPiece &piece);
    bool describeFile(const SsiPiece &piece);
    bool printEnvironment(const SsiPiece &piece);

    std::optional<std::string> filled(std::string_view text);
    // The cleaned path that file="…" or virtual="…" means; nothing if it is none below the root.
    std::optional<std::string> pathOf(const SsiAttribute &attribute);
    std::optional<bool> judge(const SsiPiece &piece);

    SsiPage &m_page;
    std::string m_path;
    std::string m_text;
    std::string_view m_rest;  // of the text
    SsiConfig m_config;
    // Of an include or exec with several parts: those that are still to come, the next one last.
    std::vector<SsiAttribute> m_promised;
    bool m_isExec = false;
    int m_depth;
    std::vector<Branch> m_branches;
};

}  // namespace meerkat::scripts
