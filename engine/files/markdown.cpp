#include "files/markdown.h"

#include "base/encodings.h"
#include "base/text.h"

#include <md4c.h>

#include <algorithm>
#include <array>

namespace meerkat::files {

namespace {

constexpr unsigned kFlags = MD_DIALECT_GITHUB | MD_FLAG_NOHTML;

struct Tag {
    int type;
    std::string_view name;
};
constexpr std::array kBlocks = {
    Tag{MD_BLOCK_QUOTE, "blockquote"},
    Tag{MD_BLOCK_UL, "ul"},
    Tag{MD_BLOCK_OL, "ol"},
    Tag{MD_BLOCK_LI, "li"},
    Tag{MD_BLOCK_P, "p"},
    Tag{MD_BLOCK_TABLE, "table"},
    Tag{MD_BLOCK_THEAD, "thead"},
    Tag{MD_BLOCK_TBODY, "tbody"},
    Tag{MD_BLOCK_TR, "tr"},
    Tag{MD_BLOCK_TH, "th"},
    Tag{MD_BLOCK_TD, "td"},
};
constexpr std::array kSpans = {Tag{MD_SPAN_EM, "em"}, Tag{MD_SPAN_STRONG, "strong"}, Tag{MD_SPAN_CODE, "code"},
                               Tag{MD_SPAN_DEL, "del"}};

template <std::size_t N>
std::string_view nameOf(const std::array<Tag, N> &tags, int type) {
    const auto found = std::find_if(tags.begin(), tags.end(), [&](const Tag &tag) { return tag.type == type; });
    return found == tags.end() ? std::string_view{} : found->name;
}

// Safe between quotes; an entity stays one.
std::string attributeHtml(const MD_ATTRIBUTE &attribute) {
    std::string html;
    for (std::size_t i = 0; attribute.text && attribute.substr_offsets[i] < attribute.size; ++i) {
        const auto begin = attribute.substr_offsets[i], end = attribute.substr_offsets[i + 1];
        const std::string_view part(attribute.text + begin, end - begin);
        html += attribute.substr_types[i] == MD_TEXT_ENTITY ? std::string(part) : htmlEscaped(part);
    }
    return html;
}

// An entity that stands for anything but what had to be escaped could hide a colon or a slash.
bool hidesCharacters(std::string_view html) {
    constexpr std::array<std::string_view, 5> kEscapes = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};
    for (std::size_t at = html.find('&'); at != std::string_view::npos; at = html.find('&', at + 1))
        if (std::none_of(kEscapes.begin(), kEscapes.end(), [&](auto escape) { return html.substr(at).starts_with(escape); }))
            return true;
    return false;
}

// What a browser would take for a scheme; "": a place of this server; "//": a place of another one.
std::string_view schemeOf(std::string_view html) {
    if (hidesCharacters(html) || html.find('\\') != std::string_view::npos || html.starts_with("//")) return "//";
    const std::size_t end = html.find_first_of(":/?#");
    return end == std::string_view::npos || html[end] != ':' ? std::string_view{} : html.substr(0, end);
}

bool isOfThisServer(std::string_view html) { return schemeOf(html).empty(); }

bool mayLinkTo(std::string_view html) {
    const std::string_view scheme = schemeOf(html);
    const auto is = [scheme](std::string_view name) { return equalsIgnoringCase(scheme, name); };
    return scheme.empty() || is("http") || is("https") || is("mailto");
}

class Writer {
  public:
    std::string html;

    void enterBlock(MD_BLOCKTYPE type, void *detail) {
        if (type == MD_BLOCK_H) {
            html.append("<h").append(levelOf(detail)).append(">");
        } else if (type == MD_BLOCK_CODE) {
            html += "<pre><code>";
        } else if (type == MD_BLOCK_HR) {
            html += "<hr>\n";
        } else if (type == MD_BLOCK_OL && static_cast<MD_BLOCK_OL_DETAIL *>(detail)->start != 1) {
            html.append("<ol start=\"").append(std::to_string(static_cast<MD_BLOCK_OL_DETAIL *>(detail)->start)).append("\">");
        } else if (const auto name = nameOf(kBlocks, type); !name.empty()) {
            html.append("<").append(name).append(">");
        }
        if (type == MD_BLOCK_LI && static_cast<MD_BLOCK_LI_DETAIL *>(detail)->is_task)
            html += static_cast<MD_BLOCK_LI_DETAIL *>(detail)->task_mark == ' ' ? "\xe2\x98\x90 " : "\xe2\x98\x91 ";
    }

    void leaveBlock(MD_BLOCKTYPE type, void *detail) {
        if (type == MD_BLOCK_H)
            html.append("</h").append(levelOf(detail)).append(">\n");
        else if (type == MD_BLOCK_CODE)
            html += "</code></pre>\n";
        else if (const auto name = nameOf(kBlocks, type); !name.empty())
            html.append("</").append(name).append(">\n");
    }

    void enterSpan(MD_SPANTYPE type, void *detail) {
        if (type == MD_SPAN_IMG && m_pictures++ == 0) return beginPicture(*static_cast<MD_SPAN_IMG_DETAIL *>(detail));
        if (m_pictures > 0) return;
        if (type == MD_SPAN_A) {
            const std::string target = attributeHtml(static_cast<MD_SPAN_A_DETAIL *>(detail)->href);
            html += mayLinkTo(target) ? "<a rel=\"noopener noreferrer\" href=\"" + target + "\">" : std::string("<a>");
        } else if (const auto name = nameOf(kSpans, type); !name.empty()) {
            html.append("<").append(name).append(">");
        }
    }

    void leaveSpan(MD_SPANTYPE type, void *) {
        if (type == MD_SPAN_IMG && --m_pictures == 0) {
            if (m_isPictureShown) html += "\" loading=\"lazy\">";
            return;
        }
        if (m_pictures > 0) return;
        if (type == MD_SPAN_A)
            html += "</a>";
        else if (const auto name = nameOf(kSpans, type); !name.empty())
            html.append("</").append(name).append(">");
    }

    void text(MD_TEXTTYPE type, std::string_view bytes) {
        switch (type) {
        case MD_TEXT_NULLCHAR:
            html += "\xef\xbf\xbd";
            break;
        case MD_TEXT_BR:
            html += m_pictures > 0 ? " " : "<br>\n";
            break;
        case MD_TEXT_SOFTBR:
            html += '\n';
            break;
        case MD_TEXT_ENTITY:
            html += bytes;
            break;
        default:
            html += htmlEscaped(bytes);
        }
    }

  private:
    // A picture from elsewhere would tell that place who reads this: its words stand for it.
    void beginPicture(const MD_SPAN_IMG_DETAIL &detail) {
        const std::string source = attributeHtml(detail.src);
        m_isPictureShown = isOfThisServer(source);
        if (m_isPictureShown) html.append("<img src=\"").append(source).append("\" alt=\"");
    }

    static std::string levelOf(void *detail) {
        return std::to_string(std::min(static_cast<MD_BLOCK_H_DETAIL *>(detail)->level + 1, 6u));
    }

    int m_pictures = 0;  // one in the words of another has no tag
    bool m_isPictureShown = false;
};

Writer &writerOf(void *data) { return *static_cast<Writer *>(data); }

}  // namespace

std::string markdownHtml(std::string_view text) {
    Writer writer;
    MD_PARSER parser{};
    parser.flags = kFlags;
    parser.enter_block = [](MD_BLOCKTYPE type, void *detail, void *data) { return writerOf(data).enterBlock(type, detail), 0; };
    parser.leave_block = [](MD_BLOCKTYPE type, void *detail, void *data) { return writerOf(data).leaveBlock(type, detail), 0; };
    parser.enter_span = [](MD_SPANTYPE type, void *detail, void *data) { return writerOf(data).enterSpan(type, detail), 0; };
    parser.leave_span = [](MD_SPANTYPE type, void *detail, void *data) { return writerOf(data).leaveSpan(type, detail), 0; };
    parser.text = [](MD_TEXTTYPE type, const MD_CHAR *bytes, MD_SIZE size, void *data) {
        return writerOf(data).text(type, {bytes, size}), 0;
    };
    const int failed = md_parse(text.data(), static_cast<MD_SIZE>(text.size()), &parser, &writer);
    return failed ? std::string() : std::move(writer.html);
}

std::string plainHtml(std::string_view text) { return "<pre class=\"plain\">" + htmlEscaped(text) + "</pre>\n"; }

}  // namespace meerkat::files
