// Station: a request's method and target -> words a person reads. From the models of connections and of requests. Pure.
#pragma once

#include <QString>

#include <string>

namespace meerkat::ui {

// "GET /Café.txt" of "GET /Caf%C3%A9.txt": names as a person knows them; what is no UTF-8 stays encoded. Empty without a method.
QString requestText(const std::string &method, const std::string &target);

}  // namespace meerkat::ui
