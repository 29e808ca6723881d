#include "scripts/ssi_document.h"

#include "base/encodings.h"
#include "http/url.h"
#include "scripts/ssi_variables.h"

#include <algorithm>

namespace meerkat::scripts {

namespace {

constexpr std::int64_t kNsPerSecond = 1'000'000'000;
// What a command costs besides the bytes it moves: a look-up, an opened file.
constexpr std::uint64_t kCommandWork = 64;
constexpr std::uint64_t kFileWork = 2048;
// A format is written out at each use, and grows then.
constexpr std::size_t kLongestTimeFormat = 256;

bool hasDotSegment(std::string_view path) {
    for (std::size_t begin = 0; begin <= path.size();) {
        const std::size_t end = std::min(path.find('/', begin), path.size());
        const std::string_view segment = path.substr(begin, end - begin);
        if (segment == "." || segment == "..") return true;
        begin = end + 1;
    }
    return false;
}

enum class EchoEncoding { None, Url, Entity };
std::optional<EchoEncoding> encodingNamed(std::string_view name) {
    if (name == "none") return EchoEncoding::None;
    if (name == "url") return EchoEncoding::Url;
    if (name == "entity") return EchoEncoding::Entity;
    return std::nullopt;
}
std::string encoded(const std::string &text, EchoEncoding encoding) {
    if (encoding == EchoEncoding::Url) return percentEncoded(text);
    return encoding == EchoEncoding::Entity ? htmlEscaped(text) : text;
}

}  // namespace

SsiPage::Document::Document(SsiPage &page, std::string_view path, std::string text, SsiConfig config, int depth)
    : m_page(page), m_path(path), m_text(std::move(text)), m_rest(m_text), m_config(std::move(config)), m_depth(depth) {
    m_page.m_variables->useTimeFormat(m_config.timeFormat);
}

bool SsiPage::Document::step() {
    if (!m_promised.empty()) {
        const SsiAttribute next = std::move(m_promised.back());
        m_promised.pop_back();
        if (!keepPromise(next)) fail();
        return true;
    }
    if (m_rest.empty()) {
        if (!m_branches.empty()) m_page.write(m_config.errorMessage);
        return false;
    }
    const SsiPiece piece = nextPiece(m_rest);
    m_rest.remove_prefix(piece.consumed);
    if (piece.kind == SsiPieceKind::Text) {
        if (isShown()) m_page.write(piece.text);
        return true;
    }
    if (!m_page.spend(kCommandWork)) return true;
    const bool isGood = piece.kind == SsiPieceKind::Command && obey(piece);
    if (!isGood && isShown()) m_page.write(m_config.errorMessage);
    return true;
}

void SsiPage::Document::comeBack() { m_page.m_variables->useTimeFormat(m_config.timeFormat); }

void SsiPage::Document::fail() {
    m_promised.clear();
    m_page.write(m_config.errorMessage);
}

bool SsiPage::Document::obey(const SsiPiece &piece) {
    const std::string_view command = piece.command;
    if (command == "if" || command == "elif" || command == "else" || command == "endif") return branch(piece);
    if (!isShown()) return true;
    if (command == "include" || command == "exec") return promise(piece);
    if (command == "echo") return echo(piece);
    if (command == "set") return set(piece);
    if (command == "config") return configure(piece);
    if (command == "fsize" || command == "flastmod") return describeFile(piece);
    if (command == "printenv") return printEnvironment(piece);
    return false;
}

// ---- if ----

bool SsiPage::Document::branch(const SsiPiece &piece) {
    if (piece.command == "if") return beginIf(piece);
    if (m_branches.empty()) return false;
    if (piece.command != "endif") return continueIf(piece);
    m_branches.pop_back();
    return piece.attributes.empty();
}

bool SsiPage::Document::beginIf(const SsiPiece &piece) {
    const bool isOuterShown = isShown();
    const auto truth = isOuterShown ? judge(piece) : std::optional<bool>(false);
    if (!truth) m_page.write(m_config.errorMessage);
    // What follows a condition that can't be understood is shown in none of its branches.
    m_branches.push_back({isOuterShown, truth.value_or(true), truth.value_or(false), false});
    return true;
}

bool SsiPage::Document::continueIf(const SsiPiece &piece) {
    Branch &branch = m_branches.back();
    const bool isElse = piece.command == "else";
    if (branch.isElse) {
        branch.isShown = false;
        m_page.write(branch.isOuterShown ? std::string_view(m_config.errorMessage) : std::string_view{});
        return true;
    }
    branch.isElse = isElse;
    branch.isShown = false;
    if (!branch.isOuterShown || branch.wasTaken) return true;
    const auto truth = isElse ? std::optional<bool>(true) : judge(piece);
    if (!truth) m_page.write(m_config.errorMessage);
    branch.wasTaken = truth.value_or(true);
    branch.isShown = truth.value_or(false);
    return true;
}

std::optional<bool> SsiPage::Document::judge(const SsiPiece &piece) {
    if (piece.attributes.size() != 1 || piece.attributes[0].name != "expr") return std::nullopt;
    const SsiJudgement judgement = judged(piece.attributes[0].value, *m_page.m_variables);
    if (!m_page.spend(judgement.work) || judgement.truth == SsiTruth::Broken) return std::nullopt;
    return judgement.truth == SsiTruth::True;
}

// ---- files ----

std::optional<std::string> SsiPage::Document::filled(std::string_view text) {
    auto result = substituted(text, *m_page.m_variables);
    if (!m_page.spend(result ? result->size() : kLongestSsiText)) return std::nullopt;
    return result;
}

std::optional<std::string> SsiPage::Document::pathOf(const SsiAttribute &attribute) {
    const auto value = filled(attribute.value);
    if (!value || value->empty()) return std::nullopt;
    const std::string folder = m_path.substr(0, m_path.rfind('/') + 1);
    if (attribute.name == "virtual") {
        const std::string path = value->substr(0, value->find_first_of("?#"));
        return http::cleanPath(path.starts_with('/') ? path : percentEncoded(folder, true) + path);
    }
    const bool isBelow = !value->starts_with('/') && value->find_first_of(std::string_view("\\\0", 2)) == std::string::npos;
    if (attribute.name != "file" || !isBelow || hasDotSegment(*value)) return std::nullopt;
    return folder + *value;
}

// Each part is done in its turn: what one includes or runs has to be over before the next.
bool SsiPage::Document::promise(const SsiPiece &piece) {
    m_isExec = piece.command == "exec";
    if (!m_isExec && m_depth == kDeepestInclude) return false;
    m_promised.assign(piece.attributes.rbegin(), piece.attributes.rend());
    return !m_promised.empty();
}

bool SsiPage::Document::keepPromise(const SsiAttribute &attribute) {
    return m_page.spend(kFileWork) && (m_isExec ? execute(attribute) : include(attribute));
}

bool SsiPage::Document::include(const SsiAttribute &attribute) {
    const auto path = pathOf(attribute);
    if (!path) return false;
    const SsiFiles &files = m_page.m_files;
    std::string text;
    {
        // Closed before what it includes is opened: a request holds one file at a time.
        const auto opened = m_page.m_files.open(*path);
        if (opened.state != os::OpenState::Opened || opened.info.kind != os::FileKind::Regular) return false;
        if (files.isScript(*path) || (!opened.where.empty() && files.isScript(opened.where))) return runScript(attribute);
        if (!m_page.read(opened.file, opened.info.size, text)) return false;
    }
    if (!files.isPage(*path)) return m_page.write(text), true;
    m_page.open(std::make_unique<Document>(m_page, *path, std::move(text), m_config, m_depth + 1));
    return true;
}

// ---- programs ----

bool SsiPage::Document::execute(const SsiAttribute &attribute) {
    if (attribute.name == "cgi") return runScript({"virtual", attribute.value});
    if (attribute.name != "cmd" || attribute.value.empty()) return false;
    return m_page.ask({attribute.value, {}, {}});
}

bool SsiPage::Document::runScript(const SsiAttribute &attribute) {
    const auto path = pathOf(attribute);
    if (!path) return false;
    SsiWish wish{{}, *path, {}};
    const auto value = filled(attribute.value);
    const std::size_t mark = value && attribute.name == "virtual" ? value->find('?') : std::string::npos;
    if (mark != std::string::npos) wish.query = value->substr(mark + 1, value->find('#', mark) - mark - 1);
    return m_page.ask(std::move(wish));
}

bool SsiPage::Document::describeFile(const SsiPiece &piece) {
    for (const SsiAttribute &attribute : piece.attributes) {
        const auto path = pathOf(attribute);
        if (!path || !m_page.spend(kFileWork)) return false;
        const auto opened = m_page.m_files.open(*path);
        if (opened.state != os::OpenState::Opened || opened.info.kind != os::FileKind::Regular) return false;
        m_page.write(piece.command == "fsize" ? sizeText(opened.info.size, m_config.sizeFormat)
                                              : timeText(opened.info.modifiedNs / kNsPerSecond, m_config.timeFormat, false));
    }
    return !piece.attributes.empty();
}

// ---- variables ----

bool SsiPage::Document::echo(const SsiPiece &piece) {
    EchoEncoding encoding = EchoEncoding::Entity;
    bool hasEchoed = false;
    for (const SsiAttribute &attribute : piece.attributes) {
        const auto value = filled(attribute.value);
        if (!value) return false;
        if (attribute.name == "encoding") {
            const auto named = encodingNamed(*value);
            if (!named) return false;
            encoding = *named;
        } else if (attribute.name == "var") {
            const auto text = m_page.m_variables->valueOf(*value);
            m_page.write(text ? encoded(*text, encoding) : m_config.echoMessage);
            hasEchoed = true;
        } else {
            return false;
        }
    }
    return hasEchoed;
}

bool SsiPage::Document::set(const SsiPiece &piece) {
    const auto &attributes = piece.attributes;
    if (attributes.empty() || attributes.size() % 2 != 0) return false;
    for (std::size_t i = 0; i < attributes.size(); i += 2) {
        if (attributes[i].name != "var" || attributes[i + 1].name != "value") return false;
        auto name = filled(attributes[i].value);
        auto value = filled(attributes[i + 1].value);
        if (!name || name->empty() || !value) return false;
        m_page.m_variables->set(std::move(*name), std::move(*value));
    }
    return true;
}

bool SsiPage::Document::configure(const SsiPiece &piece) {
    for (const SsiAttribute &attribute : piece.attributes) {
        auto value = filled(attribute.value);
        if (!value) return false;
        if (attribute.name == "errmsg")
            m_config.errorMessage = std::move(*value);
        else if (attribute.name == "echomsg")
            m_config.echoMessage = std::move(*value);
        else if (attribute.name == "timefmt" && value->size() <= kLongestTimeFormat)
            m_page.m_variables->useTimeFormat(m_config.timeFormat = std::move(*value));
        else if (attribute.name == "sizefmt" && (*value == "bytes" || *value == "abbrev"))
            m_config.sizeFormat = *value == "bytes" ? SizeFormat::Bytes : SizeFormat::Abbreviated;
        else
            return false;
    }
    return !piece.attributes.empty();
}

bool SsiPage::Document::printEnvironment(const SsiPiece &piece) {
    if (!piece.attributes.empty()) return false;
    m_page.m_variables->forEach([this](std::string_view name, std::string_view value) {
        m_page.write(htmlEscaped(name) + "=" + htmlEscaped(value) + "\n");
    });
    return true;
}

}  // namespace meerkat::scripts
