#include "dav/xml_reader.h"

#include <expat.h>

#include <memory>

namespace meerkat::dav {

namespace {

constexpr std::size_t kMostDepth = 64;
constexpr std::size_t kMostElements = 20'000;
constexpr std::size_t kMostTreeBytes = 4 * 1024 * 1024;
// Between the parts of a name. expat refuses a namespace that holds it.
constexpr XML_Char kBetween = '\n';

struct FreeParser {
    void operator()(XML_Parser parser) const { XML_ParserFree(parser); }
};
using ParserPointer = std::unique_ptr<XML_ParserStruct, FreeParser>;

// "space\nlocal\nprefix", "space\nlocal" or "local".
XmlName nameOf(std::string_view text) {
    const std::size_t first = text.find(kBetween);
    if (first == std::string_view::npos) return {{}, std::string(text)};
    const std::string_view rest = text.substr(first + 1);
    const std::size_t second = rest.find(kBetween);
    XmlName name{std::string(text.substr(0, first)), std::string(rest.substr(0, second))};
    if (second != std::string_view::npos) name.prefix = rest.substr(second + 1);
    return name;
}

class TreeBuilder {
  public:
    explicit TreeBuilder(XML_Parser parser) : m_parser(parser) {
        XML_SetUserData(parser, this);
        XML_SetElementHandler(parser, &TreeBuilder::onStart, &TreeBuilder::onEnd);
        XML_SetCharacterDataHandler(parser, &TreeBuilder::onText);
        XML_SetStartDoctypeDeclHandler(parser, &TreeBuilder::onDoctype);
        XML_SetReturnNSTriplet(parser, 1);
    }

    XmlOutcome parse(std::string_view bytes);

  private:
    static TreeBuilder &of(void *data) { return *static_cast<TreeBuilder *>(data); }
    static void XMLCALL onStart(void *data, const XML_Char *name, const XML_Char **attributes) {
        of(data).start(name, attributes);
    }
    static void XMLCALL onEnd(void *data, const XML_Char *) { of(data).end(); }
    static void XMLCALL onText(void *data, const XML_Char *text, int bytes) {
        of(data).addText({text, static_cast<std::size_t>(bytes)});
    }
    static void XMLCALL onDoctype(void *data, const XML_Char *, const XML_Char *, const XML_Char *, int) { of(data).refuse(400); }

    void start(const XML_Char *name, const XML_Char **attributes);
    void end();
    void addText(std::string_view text);
    void count(std::size_t bytes);
    void refuse(int status) {
        if (m_status == 0) m_status = status;
        XML_StopParser(m_parser, XML_FALSE);
    }

    XML_Parser m_parser;
    std::vector<XmlNode> m_open;  // elements that have begun, outermost first
    XmlNode m_root;
    std::size_t m_elements = 0;
    std::size_t m_bytes = 0;
    int m_status = 0;
};

void TreeBuilder::count(std::size_t bytes) {
    m_bytes += bytes;
    if (m_bytes > kMostTreeBytes) refuse(413);
}

void TreeBuilder::start(const XML_Char *name, const XML_Char **attributes) {
    if (m_status != 0) return;
    if (m_open.size() == kMostDepth) return refuse(400);
    if (++m_elements > kMostElements) return refuse(413);
    XmlNode node;
    node.name = nameOf(name);
    count(std::string_view(name).size());
    for (; *attributes && m_status == 0; attributes += 2) {
        node.attributes.push_back({nameOf(attributes[0]), attributes[1]});
        // Each has its strings besides their bytes.
        count(sizeof(XmlAttribute) + std::string_view(attributes[0]).size() + std::string_view(attributes[1]).size());
    }
    m_open.push_back(std::move(node));
}

void TreeBuilder::end() {
    if (m_status != 0) return;
    XmlNode node = std::move(m_open.back());
    m_open.pop_back();
    (m_open.empty() ? m_root : m_open.back().children.emplace_back()) = std::move(node);
}

// Comes in pieces, a line or an escape each.
void TreeBuilder::addText(std::string_view text) {
    if (m_status != 0 || m_open.empty()) return;
    auto &siblings = m_open.back().children;
    count(text.size());
    if (!siblings.empty() && !siblings.back().isElement()) {
        siblings.back().text.append(text);
        return;
    }
    if (++m_elements > kMostElements) return refuse(413);
    siblings.emplace_back().text = text;
}

XmlOutcome TreeBuilder::parse(std::string_view bytes) {
    const auto result = XML_Parse(m_parser, bytes.data(), static_cast<int>(bytes.size()), XML_TRUE);
    if (m_status != 0) return {m_status, {}};
    if (result != XML_STATUS_OK) return {400, {}};
    return {0, std::move(m_root)};
}

}  // namespace

XmlOutcome readXml(std::string_view bytes) {
    if (bytes.size() > kMostBodyBytes) return {413, {}};
    const ParserPointer parser(XML_ParserCreateNS(nullptr, kBetween));
    if (!parser) return {503, {}};
    return TreeBuilder(parser.get()).parse(bytes);
}

}  // namespace meerkat::dav
