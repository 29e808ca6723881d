// Station: status codes -> their reason phrases. From everyone who answers.
#pragma once

#include <string_view>

namespace meerkat::http {

// "Not Found"; for a code without a registered phrase, the phrase of its class ("Client Error").
std::string_view reasonPhrase(int status);

}  // namespace meerkat::http
