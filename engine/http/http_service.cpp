#include "http/http_service.h"

namespace meerkat::http {

std::string_view HttpService::dateLine() {
    if (loop.wallSeconds() != m_dateSecond) {
        m_dateSecond = loop.wallSeconds();
        writeDate(m_dateSecond, m_dateLine.data() + kDateValueAt);
        m_dateLine[m_dateLine.size() - 2] = '\r';
        m_dateLine[m_dateLine.size() - 1] = '\n';
    }
    return {m_dateLine.data(), m_dateLine.size()};
}

}  // namespace meerkat::http
