#include "dav/property_requests.h"

#include "dav/xml_reader.h"

#include <algorithm>

namespace meerkat::dav {

namespace {

constexpr std::size_t kMostProperties = 500;
constexpr std::size_t kMostOwnerBytes = 4 * 1024;

PropertyName nameOf(const XmlNode &node) { return {node.name.space, node.name.local}; }

// The elements among the children of `list`, each once.
void appendNames(std::vector<PropertyName> &names, const XmlNode &list) {
    for (const XmlNode &one : list.children) {
        if (one.isElement()) names.push_back(nameOf(one));
    }
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
}

// An inner xml:lang wins over an outer one.
std::string innermost(const std::string &outer, const XmlNode &node) {
    std::string own = languageOf(node);
    return own.empty() ? outer : own;
}

void appendChanges(std::vector<PropertyChange> &changes, const XmlNode &action, bool isRemoval, const std::string &outer) {
    const std::string ofAction = innermost(outer, action);
    for (const XmlNode &list : action.children) {
        if (!list.isDav("prop")) continue;
        const std::string ofList = innermost(ofAction, list);
        for (const XmlNode &one : list.children) {
            if (!one.isElement()) continue;
            PropertyChange change{isRemoval, {nameOf(one), {}, {}}};
            if (!isRemoval) {
                change.property.language = innermost(ofList, one);
                change.property.value = innerXml(one);
            }
            changes.push_back(std::move(change));
        }
    }
}

}  // namespace

PropfindRequest parsePropfind(std::string_view body) {
    PropfindRequest request;
    if (body.empty()) return request;
    const XmlOutcome xml = readXml(body);
    request.status = xml.status;
    if (xml.status != 0) return request;
    const XmlNode *all = xml.root.child("allprop"), *names = xml.root.child("propname"), *some = xml.root.child("prop");
    const int kinds = (all != nullptr) + (names != nullptr) + (some != nullptr);
    if (!xml.root.isDav("propfind") || kinds != 1) {
        request.status = xml.root.isDav("propfind") ? 400 : 422;
        return request;
    }
    request.kind = all ? PropfindKind::All : names ? PropfindKind::Names : PropfindKind::Some;
    if (some) appendNames(request.names, *some);
    if (const XmlNode *included = all ? xml.root.child("include") : nullptr) appendNames(request.names, *included);
    if (request.names.size() > kMostProperties) request.status = 413;
    // Who names nothing means everything: an old client of Microsoft's asks so.
    if (some && request.names.empty()) request.kind = PropfindKind::All;
    return request;
}

ProppatchRequest parseProppatch(std::string_view body) {
    ProppatchRequest request;
    const XmlOutcome xml = readXml(body);
    request.status = xml.status;
    if (xml.status != 0) return request;
    const std::string language = languageOf(xml.root);
    for (const XmlNode &action : xml.root.children) {
        if (action.isDav("set")) appendChanges(request.changes, action, false, language);
        if (action.isDav("remove")) appendChanges(request.changes, action, true, language);
    }
    if (!xml.root.isDav("propertyupdate") || request.changes.empty()) request.status = 422;
    if (request.changes.size() > kMostProperties) request.status = 413;
    return request;
}

LockRequest parseLockInfo(std::string_view body) {
    LockRequest request;
    const XmlOutcome xml = readXml(body);
    request.status = xml.status;
    if (xml.status != 0) return request;
    const XmlNode *scope = xml.root.child("lockscope"), *type = xml.root.child("locktype");
    const bool isExclusive = scope && scope->child("exclusive"), isShared = scope && scope->child("shared");
    if (!xml.root.isDav("lockinfo") || isExclusive == isShared || !type || !type->child("write")) {
        request.status = 422;
        return request;
    }
    request.isExclusive = isExclusive;
    if (const XmlNode *owner = xml.root.child("owner")) request.owner = innerXml(*owner);
    if (request.owner.size() > kMostOwnerBytes) request.status = 413;
    return request;
}

}  // namespace meerkat::dav
