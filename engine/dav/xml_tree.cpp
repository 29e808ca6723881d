#include "dav/xml_tree.h"

#include "base/utf8_shape.h"

#include <algorithm>

namespace meerkat::dav {

namespace {

constexpr std::string_view kUnknown = "\xEF\xBF\xBD";

// Bytes of the character at the start of `text` that XML can hold; 0 if there is none such.
std::size_t characterAt(std::string_view text) {
    const auto byte = [&](std::size_t at) { return static_cast<std::uint8_t>(text[at]); };
    if (byte(0) < 0x20) return text[0] == '\t' || text[0] == '\n' || text[0] == '\r' ? 1 : 0;
    const SequenceShape shape = shapeOf(byte(0));
    if (shape.length == 0 || text.size() < shape.length) return 0;
    if (shape.length > 1 && (byte(1) < shape.secondFrom || byte(1) > shape.secondTo)) return 0;
    for (std::size_t at = 2; at < shape.length; ++at)
        if ((byte(at) & 0xC0) != 0x80) return 0;
    // U+FFFE and U+FFFF are no characters of XML 1.0.
    const bool isNone = shape.length == 3 && byte(0) == 0xEF && byte(1) == 0xBF && byte(2) >= 0xBE;
    return isNone ? 0 : shape.length;
}

std::string_view escapeOf(char c) {
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\r':
        return "&#13;";
    default:
        return {};
    }
}

// Which prefix stands for which namespace, innermost last.
using Scope = std::vector<std::pair<std::string, std::string>>;

const std::string *spaceOf(const Scope &scope, const std::string &prefix) {
    const auto found = std::find_if(scope.rbegin(), scope.rend(), [&](const auto &one) { return one.first == prefix; });
    return found == scope.rend() ? nullptr : &found->second;
}

// Writes a declaration unless the prefix means this already.
void declare(std::string &out, Scope &scope, const XmlName &name) {
    if (name.prefix == "xml") return;
    const std::string *now = spaceOf(scope, name.prefix);
    if (now ? *now == name.space : name.prefix.empty() && name.space.empty()) return;
    out.append(name.prefix.empty() ? " xmlns" : " xmlns:").append(name.prefix).append("=\"");
    out.append(xmlValueEscaped(name.space)).append("\"");
    scope.emplace_back(name.prefix, name.space);
}

std::string qualified(const XmlName &name) { return name.prefix.empty() ? name.local : name.prefix + ":" + name.local; }

void appendNode(std::string &out, Scope &scope, const XmlNode &node) {
    if (!node.isElement()) {
        out.append(xmlEscaped(node.text));
        return;
    }
    const std::size_t outer = scope.size();
    out.append("<").append(qualified(node.name));
    declare(out, scope, node.name);
    for (const XmlAttribute &attribute : node.attributes) {
        if (!attribute.name.prefix.empty()) declare(out, scope, attribute.name);
        out.append(" ").append(qualified(attribute.name)).append("=\"").append(xmlValueEscaped(attribute.value)).append("\"");
    }
    if (node.children.empty()) {
        out.append("/>");
    } else {
        out.append(">");
        for (const XmlNode &child : node.children) appendNode(out, scope, child);
        out.append("</").append(qualified(node.name)).append(">");
    }
    scope.resize(outer);
}

}  // namespace

const XmlNode *XmlNode::child(std::string_view davLocal) const {
    const auto found = std::find_if(children.begin(), children.end(), [&](const XmlNode &one) { return one.isDav(davLocal); });
    return found == children.end() ? nullptr : &*found;
}

std::string XmlNode::childText() const {
    std::string all;
    for (const XmlNode &one : children)
        if (!one.isElement()) all += one.text;
    return all;
}

std::string xmlEscaped(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const std::size_t length = characterAt(text);
        const std::string_view escape = length == 1 ? escapeOf(text[0]) : std::string_view{};
        out.append(length == 0 ? kUnknown : escape.empty() ? text.substr(0, length) : escape);
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return out;
}

// In a value white space would be read as spaces.
std::string xmlValueEscaped(std::string_view text) {
    std::string out;
    for (const char c : xmlEscaped(text)) {
        if (c == '\n')
            out += "&#10;";
        else if (c == '\t')
            out += "&#9;";
        else
            out += c;
    }
    return out;
}

std::string innerXml(const XmlNode &node) {
    std::string out;
    Scope scope;
    for (const XmlNode &child : node.children) appendNode(out, scope, child);
    return out;
}

std::string languageOf(const XmlNode &node) {
    for (const XmlAttribute &attribute : node.attributes)
        if (attribute.name.space == kXmlSpace && attribute.name.local == "lang") return attribute.value;
    return {};
}

}  // namespace meerkat::dav
