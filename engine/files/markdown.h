// Station: Markdown (CommonMark with tables and task lists) -> HTML that may stand in a page of ours. From folder_page. Raw HTML is shown as text, a link goes to http,
// https, mailto or a place of this server, a picture comes from this server.
#pragma once

#include <string>
#include <string_view>

namespace meerkat::files {

// Headings begin with <h2>: the page has its own <h1>. Empty where the text can't be read.
std::string markdownHtml(std::string_view text);
// Paragraphs and line breaks as they are.
std::string plainHtml(std::string_view text);

}  // namespace meerkat::files
