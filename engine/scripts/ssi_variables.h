// Station: the names a page can echo and ask for: the request's, its own, those that #set made. From ssi_page.
#pragma once

#include "scripts/ssi_page.h"

#include <functional>

namespace meerkat::scripts {

class SsiPage::Variables final : public SsiVariables {
  public:
    Variables(const SsiRequest &request, std::int64_t nowSeconds) : m_request(request), m_nowSeconds(nowSeconds) {}

    std::optional<std::string> valueOf(std::string_view name) const override;
    void set(std::string name, std::string value) { m_set.insert_or_assign(std::move(name), std::move(value)); }
    // DOCUMENT_NAME, DOCUMENT_URI, LAST_MODIFIED: of the page asked for, in included ones too.
    void describe(std::string_view path, std::int64_t modifiedSeconds);
    void useTimeFormat(std::string_view format) { m_timeFormat = format; }
    // In the order of names.
    void forEach(const std::function<void(std::string_view name, std::string_view value)> &visit) const;

  private:
    const SsiRequest &m_request;
    SsiRequest m_set;
    std::int64_t m_nowSeconds;
    std::int64_t m_modifiedSeconds = 0;
    std::string m_timeFormat{kUsualTimeFormat};
};

}  // namespace meerkat::scripts
