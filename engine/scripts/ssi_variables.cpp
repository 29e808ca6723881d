#include "scripts/ssi_variables.h"

#include <set>

namespace meerkat::scripts {

std::optional<std::string> SsiPage::Variables::valueOf(std::string_view name) const {
    if (const auto found = m_set.find(name); found != m_set.end()) return found->second;
    if (name == "DATE_LOCAL") return timeText(m_nowSeconds, m_timeFormat, false);
    if (name == "DATE_GMT") return timeText(m_nowSeconds, m_timeFormat, true);
    if (name == "LAST_MODIFIED") return timeText(m_modifiedSeconds, m_timeFormat, false);
    if (const auto found = m_request.find(name); found != m_request.end()) return found->second;
    return std::nullopt;
}

void SsiPage::Variables::describe(std::string_view path, std::int64_t modifiedSeconds) {
    m_modifiedSeconds = modifiedSeconds;
    set("DOCUMENT_URI", std::string(path));
    set("DOCUMENT_NAME", std::string(path.substr(path.rfind('/') + 1)));
}

void SsiPage::Variables::forEach(const std::function<void(std::string_view, std::string_view)> &visit) const {
    std::set<std::string, std::less<>> names{"DATE_GMT", "DATE_LOCAL", "LAST_MODIFIED"};
    for (const auto *map : {&m_request, &m_set})
        for (const auto &[name, value] : *map) names.insert(name);
    for (const auto &name : names) visit(name, valueOf(name).value_or(""));
}

}  // namespace meerkat::scripts
