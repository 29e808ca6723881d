// Station: variables of a query string or a form body. From mg_get_var, over application/x-www-form-urlencoded (WHATWG URL, section 5.1).
// Time is linear in the text; nothing is copied or allocated.
#pragma once

#include <optional>
#include <string_view>

namespace meerkat::http {

// The value of the first variable of that name, still encoded; nothing if there is none. Names are compared decoded: exactly, and only if
// none fits so, in any case. A variable without '=' has an empty value.
std::optional<std::string_view> findVariable(std::string_view form, std::string_view name);

// Whether a body of that Content-Type (empty: not told) is taken for a form. Besides the form's own type that is text/plain, which scripts in
// pages send unless told otherwise.
bool isFormType(std::string_view contentType);

}  // namespace meerkat::http
