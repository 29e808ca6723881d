#include "scripts/ssi_page.h"

#include "scripts/ssi_document.h"
#include "scripts/ssi_variables.h"

namespace meerkat::scripts {

namespace {

constexpr std::int64_t kNsPerSecond = 1'000'000'000;

}  // namespace

SsiPage::SsiPage(SsiFiles &files, const SsiRequest &request, std::int64_t nowSeconds, bool runsPrograms)
    : m_files(files), m_variables(std::make_unique<Variables>(request, nowSeconds)), m_runsPrograms(runsPrograms) {}

SsiPage::~SsiPage() = default;

SsiOutcome SsiPage::make(std::string_view path, const os::File &document, const os::FileInfo &info) {
    std::string text;
    if (!read(document, info.size, text)) return {m_isTooLarge ? SsiState::TooLarge : SsiState::Failed, {}};
    return make(path, text, info.modifiedNs / kNsPerSecond);
}

SsiOutcome SsiPage::make(std::string_view path, std::string_view text, std::int64_t modifiedSeconds) {
    m_variables->describe(path, modifiedSeconds);
    m_open.push_back(std::make_unique<Document>(*this, path, std::string(text), SsiConfig{}, 0));
    return run();
}

// Until the page is whole, or something is to be run first.
SsiOutcome SsiPage::run() {
    while (!m_open.empty() && !m_isTooLarge) {
        const bool goesOn = m_open.back()->step();
        if (m_wish) return {SsiState::Waiting, {}};
        if (goesOn) continue;
        m_open.pop_back();
        if (!m_open.empty()) m_open.back()->comeBack();
    }
    if (m_isTooLarge) return {SsiState::TooLarge, {}};
    return {SsiState::Made, std::move(m_text)};
}

void SsiPage::open(std::unique_ptr<Document> document) { m_open.push_back(std::move(document)); }

bool SsiPage::ask(SsiWish wish) {
    if (!m_runsPrograms || m_programs == kMostPrograms) return false;
    ++m_programs;
    m_wish = std::move(wish);
    m_wish->mostBytes = m_workLeft;
    return true;
}

SsiOutcome SsiPage::goOn(std::optional<std::string_view> output) {
    m_wish.reset();
    if (output)
        write(*output);
    else
        m_open.back()->fail();
    return run();
}

RequestVariables SsiPage::variables() const {
    RequestVariables all;
    m_variables->forEach([&](std::string_view name, std::string_view value) { all.emplace(name, value); });
    return all;
}

bool SsiPage::spend(std::uint64_t bytes) {
    if (bytes > m_workLeft) m_isTooLarge = true;
    m_workLeft -= m_isTooLarge ? m_workLeft : bytes;
    return !m_isTooLarge;
}

void SsiPage::write(std::string_view text) {
    if (spend(text.size())) m_text.append(text);
}

// A file that shrinks meanwhile gives what is left of it.
bool SsiPage::read(const os::File &file, std::uint64_t size, std::string &into) {
    if (!spend(size)) return false;
    into.resize(static_cast<std::size_t>(size));
    std::size_t done = 0;
    while (done < into.size()) {
        const auto got = file.readAt(done, std::span(into).subspan(done));
        if (!got) return false;
        if (*got == 0) break;
        done += *got;
    }
    into.resize(done);
    return true;
}

}  // namespace meerkat::scripts
