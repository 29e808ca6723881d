// Station: `name=value` lists in field values: Cookie, Content-Disposition, Authorization. From mg_parse_header, multipart and access/digest.
// Time is linear in the text; views point into it.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace meerkat::http {

struct HeaderParameter {
    std::string_view name;
    std::string_view value;  // of a quoted string what stands between the quotes, its backslashes too
    bool isQuoted = false;
};

// Reads a list as people write them: white space, ',' and ';' separate; words without '=' (a scheme, a flag) are passed over; what stands in
// quotes is never taken for a name. A quoted string that does not end ends the list.
class ParameterReader {
  public:
    explicit ParameterReader(std::string_view text) : m_rest(text) {}
    // False: there are no more.
    bool next(HeaderParameter &parameter);

  private:
    bool takeQuoted(std::string_view &inside);
    bool takeValue(HeaderParameter &parameter);

    std::string_view m_rest;
};

// The first parameter of that name in any case.
std::optional<HeaderParameter> findParameter(std::string_view text, std::string_view name);

// The same grammar to the letter (RFC 9110 section 11.2, a list of auth-param): token "=" ( token / quoted-string ), separated by commas, empty
// elements allowed. Nothing if the text is anything else, or has a name twice.
std::optional<std::vector<HeaderParameter>> parseAuthParameters(std::string_view text);

// A parameter's value without the backslashes of its quoted pairs (RFC 9110 section 5.6.4).
std::string unescaped(const HeaderParameter &parameter);
// The same into room for it; nothing if it does not fit.
std::optional<std::size_t> unescapedInto(const HeaderParameter &parameter, std::span<char> room);

}  // namespace meerkat::http
