#include "http/conditions.h"

#include "base/text.h"
#include "http/dates.h"

#include <charconv>

namespace meerkat::http {
namespace {

enum class Comparison { Weak, Strong };  // RFC 9110 section 8.8.3.2

struct Context {
    const RequestHead &head;
    const Validators &validators;
    std::int64_t nowSeconds;

    bool has(std::string_view name) const { return head.find(name).has_value(); }
    bool isSafe() const { return head.method == Method::Get || head.method == Method::Head; }
};

bool isWeak(std::string_view tag) { return tag.starts_with("W/"); }
std::string_view opaquePart(std::string_view tag) { return isWeak(tag) ? tag.substr(2) : tag; }

// Whether it is the tag of a coding of what `current` names: "a-gzip" and "a".
bool isCodingOf(std::string_view asked, std::string_view current) {
    const std::string_view name = current.substr(0, current.size() - 1);
    if (!asked.starts_with(name)) return false;
    const std::string_view rest = asked.substr(name.size());
    return rest == "-br\"" || rest == "-zstd\"" || rest == "-gzip\"";
}

bool isSameTag(std::string_view asked, std::string_view current, Comparison comparison) {
    if (opaquePart(asked) != opaquePart(current)) return false;
    return comparison == Comparison::Weak || (!isWeak(asked) && !isWeak(current));
}

// Takes the entity tag at the start of the list off it, with the commas and white space around; empty if there is none. A tag
// may hold commas, so that the list cannot be split before its tags are read.
std::string_view takeTag(std::string_view &list) {
    const std::size_t start = list.find_first_not_of(", \t");
    if (start == std::string_view::npos) return {};
    list.remove_prefix(start);
    const std::size_t open = isWeak(list) ? 2 : 0;
    if (list.size() <= open || list[open] != '"') return {};
    const std::size_t close = list.find('"', open + 1);
    if (close == std::string_view::npos) return {};
    const std::string_view tag = list.substr(0, close + 1);
    list.remove_prefix(tag.size());
    return tag;
}

// Who changes a file that he got compressed means the file.
bool listMatches(std::string_view list, const Context &context, Comparison comparison) {
    const Validators &validators = context.validators;
    if (!validators.exists) return false;
    if (list == "*") return true;
    for (std::string_view tag = takeTag(list); !tag.empty(); tag = takeTag(list)) {
        if (isSameTag(tag, validators.etag, comparison)) return true;
        if (!context.isSafe() && isCodingOf(tag, validators.etag)) return true;
    }
    return false;
}

// All lines of that name are one list.
bool anyMatches(const Context &context, std::string_view name, Comparison comparison) {
    for (const HeaderField &field : context.head.headers()) {
        if (!equalsIgnoringCase(field.name, name)) continue;
        if (listMatches(field.value, context, comparison)) return true;
    }
    return false;
}

// The value of a field that is no list; nothing if it is absent, and nothing if a second line makes both void.
std::optional<std::string_view> onlyValue(const RequestHead &head, std::string_view name) {
    std::optional<std::string_view> value;
    for (const HeaderField &field : head.headers()) {
        if (!equalsIgnoringCase(field.name, name)) continue;
        if (value) return std::nullopt;
        value = field.value;
    }
    return value;
}

std::optional<std::int64_t> dateOf(const Context &context, std::string_view name) {
    if (!context.validators.exists) return std::nullopt;
    const std::optional<std::string_view> value = onlyValue(context.head, name);
    return value ? parseDate(*value, context.nowSeconds) : std::nullopt;
}

bool preconditionHolds(const Context &context) {
    if (context.has("If-Match")) return anyMatches(context, "If-Match", Comparison::Strong);
    const std::optional<std::int64_t> date = dateOf(context, "If-Unmodified-Since");
    return !date || context.validators.modifiedSeconds <= *date;
}

ConditionResult cacheResult(const Context &context) {
    if (context.has("If-None-Match")) {
        if (!anyMatches(context, "If-None-Match", Comparison::Weak)) return ConditionResult::Proceed;
        return context.isSafe() ? ConditionResult::NotModified : ConditionResult::PreconditionFailed;
    }
    if (!context.isSafe()) return ConditionResult::Proceed;
    const std::optional<std::int64_t> date = dateOf(context, "If-Modified-Since");
    return date && context.validators.modifiedSeconds <= *date ? ConditionResult::NotModified : ConditionResult::Proceed;
}

// RFC 9110 section 13.1.5. A date counts only if it is the exact one and its second has passed: the file cannot change within it any more.
bool rangeHolds(const Context &context) {
    if (!context.has("If-Range")) return true;
    const std::optional<std::string_view> value = onlyValue(context.head, "If-Range");
    if (!value || !context.validators.exists) return false;
    std::string_view rest = *value;
    if (const std::string_view tag = takeTag(rest); !tag.empty()) {
        return rest.empty() && isSameTag(tag, context.validators.etag, Comparison::Strong);
    }
    const std::optional<std::int64_t> date = parseDate(*value, context.nowSeconds);
    return date && *date == context.validators.modifiedSeconds && *date < context.nowSeconds;
}

// RFC 9110 section 13.2.1: what does not read or change a representation has no conditions.
bool hasNoConditions(const RequestHead &head) {
    return !head.hasConditions || head.method == Method::Connect || head.method == Method::Options ||
           head.method == Method::Trace;
}

}  // namespace

ConditionOutcome evaluateConditions(const RequestHead &head, const Validators &validators, std::int64_t nowSeconds) {
    if (hasNoConditions(head)) return {};
    const Context context{head, validators, nowSeconds};
    if (!preconditionHolds(context)) return {ConditionResult::PreconditionFailed, true};
    return {cacheResult(context), rangeHolds(context)};
}

std::string etagOf(const os::FileInfo &info) {
    char text[64] = "\"";
    char *end = std::to_chars(text + 1, text + 30, static_cast<std::uint64_t>(info.modifiedNs), 16).ptr;
    *end++ = '-';
    end = std::to_chars(end, text + 60, info.size, 16).ptr;
    *end++ = '"';
    return {text, end};
}

}  // namespace meerkat::http
