// The bodies of PROPFIND, PROPPATCH and LOCK, and the properties that are kept of them.
#include "fuzz/fuzz_support.h"

#include "dav/property_requests.h"
#include "dav/property_store.h"
#include "dav/xml_reader.h"

#include <string>

using namespace meerkat::fuzz;
using namespace meerkat::dav;

namespace {

bool isRefusal(int status) { return status == 400 || status == 413 || status == 422; }

// What is kept of a body can be put into an answer, and means the same there. Namespaces written out may make it too long to be read at once.
void requireSoundXml(const std::string &inner) {
    const XmlOutcome read = readXml("<r>" + inner + "</r>");
    require(read.status == 0 || read.status == 413, "what is kept is well-formed");
    if (read.status == 0) require(innerXml(read.root) == inner, "what is kept is written as it is");
}

void requireSame(const DeadProperties &properties) {
    const auto read = readStored(storedText(properties));
    require(read && read->size() == properties.size(), "what is stored can be read");
    for (std::size_t i = 0; i < properties.size(); ++i)
        require((*read)[i].name == properties[i].name && (*read)[i].value == properties[i].value &&
                    (*read)[i].language == properties[i].language,
                "what is stored is read as it was");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    const ExactCopy copy(toView(data, size));
    const XmlOutcome xml = readXml(copy.view());
    require(xml.status == 0 || isRefusal(xml.status), "a body is read or refused");
    if (xml.status == 0) requireSoundXml(innerXml(xml.root));
    const PropfindRequest found = parsePropfind(copy.view());
    require(found.status == 0 || isRefusal(found.status), "PROPFIND is read or refused");
    for (const PropertyName &name : found.names) require(!name.local.empty(), "a property has a name");
    const ProppatchRequest patch = parseProppatch(copy.view());
    require(patch.status == 0 || isRefusal(patch.status), "PROPPATCH is read or refused");
    DeadProperties properties;
    for (const PropertyChange &change : patch.changes) {
        if (!change.isRemoval) requireSoundXml(change.property.value);
        properties.push_back(change.property);
    }
    requireSame(properties);
    const LockRequest lock = parseLockInfo(copy.view());
    require(lock.status == 0 || isRefusal(lock.status), "LOCK is read or refused");
    if (lock.status == 0) requireSoundXml(lock.owner);
    (void)readStored(copy.view());
    return 0;
}
