#include "app/option_catalog.h"

#include <mongoose.h>

#include <algorithm>

namespace meerkat::app {

namespace {

std::string textOrNone(const char *text) { return text ? text : ""; }

OptionKind kindOf(mg_option_kind kind) {
    switch (kind) {
    case MG_OPTION_FOLDER:
        return OptionKind::Folder;
    case MG_OPTION_FILE:
        return OptionKind::File;
    case MG_OPTION_LISTENER:
        return OptionKind::Listener;
    case MG_OPTION_PATTERNS:
        return OptionKind::Patterns;
    case MG_OPTION_LIST:
        return OptionKind::List;
    case MG_OPTION_YES_NO:
        return OptionKind::YesNo;
    case MG_OPTION_NUMBER:
        return OptionKind::Number;
    case MG_OPTION_CHOICE:
        return OptionKind::Choice;
    case MG_OPTION_TEXT:
        break;
    }
    return OptionKind::Text;
}

std::vector<std::string> itemsOf(const std::string &list) {
    std::vector<std::string> items;
    for (std::size_t at = 0; at < list.size();) {
        const std::size_t end = std::min(list.find(',', at), list.size());
        items.push_back(list.substr(at, end - at));
        at = end + 1;
    }
    return items;
}

}  // namespace

std::vector<OptionFact> optionCatalog() {
    std::vector<OptionFact> facts;
    // Names and defaults take turns.
    for (const char **name = mg_get_valid_option_names(); *name; name += 2) {
        const mg_option_info *info = mg_get_option_info(*name);
        if (!info) continue;
        facts.push_back({info->name, textOrNone(info->default_value), kindOf(info->kind), textOrNone(info->unit),
                         itemsOf(textOrNone(info->choices)), textOrNone(info->group), textOrNone(info->help)});
    }
    return facts;
}

}  // namespace meerkat::app
