// Station: XML as a tree, and back as text. From xml_reader, through the requests of property_requests, to property_store and multistatus.
#pragma once

#include <compare>
#include <string>
#include <string_view>
#include <vector>

namespace meerkat::dav {

inline constexpr std::string_view kDavSpace = "DAV:";
inline constexpr std::string_view kXmlSpace = "http://www.w3.org/XML/1998/namespace";

struct XmlName {
    std::string space;  // the namespace; "" for none
    std::string local;
    std::string prefix = {};  // as it was written
};

struct XmlAttribute {
    XmlName name;
    std::string value;
};

// An element, or a run of text, which has no name.
struct XmlNode {
    XmlName name = {};
    std::string text = {};
    std::vector<XmlAttribute> attributes = {};
    std::vector<XmlNode> children = {};

    bool isElement() const { return !name.local.empty(); }
    bool isDav(std::string_view local) const { return name.space == kDavSpace && name.local == local; }
    // The first element of that name among the children; null if there is none.
    const XmlNode *child(std::string_view davLocal) const;
    // All text among the children.
    std::string childText() const;
};

// For text between tags. What XML can't hold (control characters, bytes that are no UTF-8) becomes U+FFFD.
std::string xmlEscaped(std::string_view text);
// The same for values in double quotes.
std::string xmlValueEscaped(std::string_view text);

// What stands between the tags of `node`, as text that means the same wherever it is put: each prefix is declared where it is first used. Prefixes are
// kept as they were written (RFC 4918 section 4.3).
std::string innerXml(const XmlNode &node);

// The value of xml:lang of an element; "" if it has none.
std::string languageOf(const XmlNode &node);

}  // namespace meerkat::dav
