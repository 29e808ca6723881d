// Station: url_rewrites -> what becomes of a path, a host or an error. From server/settings, to files/sites and server/rewriting. Pure functions of text.
#pragma once

#include "base/result.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace meerkat::files {

struct RewriteRule {
    std::string pattern;
    std::string target;  // a folder or a file of this machine; of a redirect a path of this server, or a whole URI
    int status = 0;      // of a redirect; 0: the path lies at the target
};

struct VirtualHost {
    std::string name;  // in lower case, without port
    std::string folder;
};

struct ErrorRule {
    int status = 0;
    std::string uri;
};

// `matched` and `rest` are the path, one behind the other: rest is empty or begins with '/', matched does not end in one.
struct RuleMatch {
    std::size_t rule = 0;
    std::string_view matched;
    std::string_view rest;
};

class Rewrites {
  public:
    // A comma list of pattern=path, pattern=301:uri (or 302, 303, 307, 308), NNN=/uri and @host=folder. Fails with a sentence that quotes the item and tells
    // the form expected. Says nothing about whether a path is there.
    static Result<Rewrites> parse(std::string_view value);

    bool isEmpty() const { return m_rules.empty() && m_hosts.empty() && m_errors.empty(); }
    const std::vector<RewriteRule> &rules() const { return m_rules; }
    const std::vector<VirtualHost> &hosts() const { return m_hosts; }

    // The first rule whose pattern matches a cleaned path from its beginning, up to the end of a name: "/a" matches "/a" and "/a/b", never "/ab".
    std::optional<RuleMatch> match(std::string_view path) const;
    // Place in hosts(): the first that a Host field names; its port, the case and a dot at the end do not matter.
    std::optional<std::size_t> hostOf(std::string_view hostField) const;
    // Where an error is sent on to; "" if it is not. `target` as the client sent it. Never for a target that an error was sent on to, or that is
    // where errors are sent on to: it would go round.
    std::string errorLocation(int status, std::string_view target) const;

  private:
    std::string addItem(std::string_view item);
    std::string addHost(std::string_view item, std::string_view name, std::string_view folder);
    std::string addError(std::string_view item, std::string_view status, std::string_view uri);
    std::string addRule(std::string_view item, std::string_view pattern, std::string_view target);

    std::vector<RewriteRule> m_rules;
    std::vector<VirtualHost> m_hosts;
    std::vector<ErrorRule> m_errors;
};

// Where a redirect leads: its target with the rest of the path, and the query, if there is one, behind what the target holds of both.
std::string redirectLocation(const RewriteRule &rule, std::string_view rest, std::string_view query);

}  // namespace meerkat::files
