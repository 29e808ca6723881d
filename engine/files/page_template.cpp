#include "files/page_template.h"

#include "page_assets.h"

#include <algorithm>
#include <cassert>

namespace meerkat::files {
namespace {

constexpr std::string_view kOpen = "{{";
constexpr std::string_view kClose = "}}";

std::string_view valueOf(std::string_view name, std::initializer_list<Slot> slots) {
    const auto *found = std::find_if(slots.begin(), slots.end(), [name](const Slot &slot) { return slot.name == name; });
    return found != slots.end() ? found->value : std::string_view();
}

std::size_t totalBytes(std::string_view page, std::initializer_list<Slot> slots) {
    std::size_t bytes = page.size();
    for (const Slot &slot : slots) bytes += slot.value.size();
    return bytes;
}

}  // namespace

std::string_view pageFile(std::string_view name) {
    const auto files = resources::page_assets();
    const auto found = std::find_if(files.begin(), files.end(), [name](const auto &file) { return file.name == name; });
    assert(found != files.end());
    return found->bytes;
}

std::string filled(std::string_view page, std::initializer_list<Slot> slots) {
    std::string result;
    result.reserve(totalBytes(page, slots));
    for (auto open = page.find(kOpen); open != std::string_view::npos; open = page.find(kOpen)) {
        const auto close = page.find(kClose, open);
        assert(close != std::string_view::npos);
        result += page.substr(0, open);
        result += valueOf(page.substr(open + kOpen.size(), close - open - kOpen.size()), slots);
        page.remove_prefix(close + kClose.size());
    }
    return result += page;
}

}  // namespace meerkat::files
