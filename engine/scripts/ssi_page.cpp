#include "scripts/ssi_page.h"

#include "scripts/ssi_document.h"
#include "scripts/ssi_variables.h"

namespace meerkat::scripts {

namespace {

constexpr std::int64_t kNsPerSecond = 1'000'000'000;

}  // namespace

SsiPage::SsiPage(SsiFiles &files, const SsiRequest &request, std::int64_t nowSeconds)
    : m_files(files), m_variables(std::make_unique<Variables>(request, nowSeconds)) {}

SsiPage::~SsiPage() = default;

SsiOutcome SsiPage::make(std::string_view path, const os::File &document, const os::FileInfo &info) {
    std::string text;
    if (!read(document, info.size, text)) return {m_isTooLarge ? SsiState::TooLarge : SsiState::Failed, {}};
    return make(path, text, info.modifiedNs / kNsPerSecond);
}

SsiOutcome SsiPage::make(std::string_view path, std::string_view text, std::int64_t modifiedSeconds) {
    m_variables->describe(path, modifiedSeconds);
    Document(*this, path, {}, 0).run(text);
    if (m_isTooLarge) return {SsiState::TooLarge, {}};
    return {SsiState::Made, std::move(m_text)};
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
