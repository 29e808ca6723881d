// Station: extra_headers, cache_control, cors_origins and cross_origin_isolation -> lines in the heads of answers. From server/settings, to
// server/rewriting and files/static_files. Pure functions of text. Fetch standard (CORS), RFC 9111 section 5.2.
#pragma once

#include "base/result.h"
#include "http/request_parser.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace meerkat::files {

struct FieldRule {
    std::string pattern;
    std::string name;
    std::string value;
};

// A comma list of `pattern=Name: value`; a comma in a value is written `\,` and a backslash `\\`. Fails with a sentence that quotes the item: names that
// are no token, values with control characters, and fields that the engine itself has to know (Content-Length, Connection, …).
Result<std::vector<FieldRule>> parseExtraHeaders(std::string_view value);

// A comma list of `pattern=directives`, with blanks between the directives: `**.js$=public max-age=31536000`. The rules' values are whole.
Result<std::vector<FieldRule>> parseCacheControl(std::string_view value);

// Which pages of other origins may read what is served.
class CrossOrigin {
  public:
    // `*` or a comma list of origins (https://host, with a port if it has one).
    static Result<CrossOrigin> parse(std::string_view value);

    bool isSet() const { return m_isForAll || !m_origins.empty(); }
    bool admits(std::string_view origin) const;
    // By its own name: `*` names nobody.
    bool names(std::string_view origin) const;
    // The lines of any answer: what holds for every client, and what this one's Origin adds.
    void appendForAll(std::string &out) const;
    void appendForOrigin(std::string &out, std::optional<std::string_view> origin) const;
    // Of the answer to a preflight of an origin that is admitted: `methods` can be used, and what header names it asks for that are none are left out.
    std::string preflightFields(std::string_view methods, std::string_view askedNames) const;

  private:
    bool m_isForAll = false;
    std::vector<std::string> m_origins;
};

// Whether a page of another origin asks what it may do.
bool isPreflight(const http::RequestHead &head);

struct AnswerFields {
    std::vector<FieldRule> extra;
    std::vector<FieldRule> cacheControl;
    CrossOrigin crossOrigin;
    bool isolates = false;

    bool isEmpty() const { return extra.empty() && !crossOrigin.isSet() && !isolates; }
    // Every rule that matches the path adds its line; of one name the first counts.
    void appendForPath(std::string &out, std::string_view path) const;
    // The value of the first rule that matches; "" if there is none.
    std::string_view cacheControlFor(std::string_view path) const;
};

}  // namespace meerkat::files
