#include "net/dialer.h"

#include <algorithm>
#include <cerrno>

namespace meerkat::net {

namespace {

// More addresses than this nobody has; whoever's name server says so is not to make us open that many sockets.
constexpr std::size_t kMaxAddresses = 20;

// The attempt did not get as far as another machine.
bool isNoWay(int error) {
    return error == ENETUNREACH || error == EHOSTUNREACH || error == EADDRNOTAVAIL || error == EAFNOSUPPORT;
}

// Of several addresses the error that tells most: the latest of those that came furthest.
void noteError(int &kept, int error) {
    if (kept == 0 || isNoWay(kept) || !isNoWay(error)) kept = error;
}

std::string_view withoutBrackets(std::string_view host) {
    const bool has = host.size() > 2 && host.front() == '[' && host.back() == ']';
    return has ? host.substr(1, host.size() - 2) : host;
}

}  // namespace

struct Dialer::DialTimer : TimerNode {
    explicit DialTimer(Dial &owner) : dial(owner) {}
    Dial &dial;
};

struct Dialer::Dial {
    Dial(std::uint64_t number, std::uint16_t toPort, DialOwner &whose) : id(number), port(toPort), owner(whose) {}

    const std::uint64_t id;
    const std::uint16_t port;
    DialOwner &owner;
    std::uint64_t question = 0;  // the resolver's id while the name is looked up
    std::vector<os::Endpoint> addresses;
    std::size_t next = 0;                            // of the addresses
    std::vector<std::unique_ptr<Attempt>> attempts;  // under way
    int error = 0;                                   // of the addresses that failed
    DialTimer limit{*this};
    DialTimer delay{*this};
    DialTimer failed{*this};
};

// One socket on its way. Once dropped it waits for the end of the pass, where it may still be called.
class Dialer::Attempt final : public Pollable {
  public:
    Attempt(Dialer &owner, Dial &of, os::SocketHandle made, const os::Endpoint &to)
        : dial(&of), socket(made), peer(to), m_dialer(owner) {}
    ~Attempt() override {
        if (socket != os::kNoSocket) os::closeSocket(socket);
    }
    void onReady(std::uint8_t) override {
        if (dial) m_dialer.examine(*this);
    }

    Dial *dial;  // null once dropped
    os::SocketHandle socket;
    os::Endpoint peer;

  private:
    Dialer &m_dialer;
};

class Dialer::Answers final : public Pollable {
  public:
    explicit Answers(Dialer &owner) : dialer(&owner) {}
    void onReady(std::uint8_t) override {
        if (dialer) dialer->onAnswers();
    }

    Dialer *dialer;  // null once it is gone
};

Dialer::Dialer(EventLoop &loop, const Clock &clock, os::LookUp lookUp)
    : m_loop(loop), m_clock(clock), m_lookUp(std::move(lookUp)) {}

Dialer::~Dialer() {
    while (!m_dials.empty()) cancel(m_dials.begin()->first);
    if (!m_answers) return;
    m_loop.forget(m_resolver->readEnd());
    m_answers->dialer = nullptr;
    m_loop.dispose(std::move(m_answers));
}

// ---- beginning ----

std::uint64_t Dialer::dial(std::string_view host, std::uint16_t port, DialOwner &owner) {
    const std::uint64_t id = ++m_latestId;
    Dial &dial = *m_dials.emplace(id, std::make_unique<Dial>(id, port, owner)).first->second;
    m_limits.touch(dial.limit, nowMs());
    m_isInDial = true;
    begin(dial, withoutBrackets(host));
    m_isInDial = false;
    return id;
}

void Dialer::begin(Dial &dial, std::string_view host) {
    if (dial.port == 0) return fail(dial, EINVAL);
    // An address needs no thread.
    if (const auto address = os::parseIp(host)) return race(dial, {*address});
    askForName(dial, host);
}

void Dialer::askForName(Dial &dial, std::string_view host) {
    int error = openResolver();
    if (error == 0) dial.question = m_resolver->ask(host, error);
    if (error != 0) return fail(dial, error);
    m_questions[dial.question] = dial.id;
}

int Dialer::openResolver() {
    if (m_answers) return 0;
    auto resolver = std::make_unique<os::Resolver>(m_lookUp);
    if (const int error = resolver->open(); error != 0) return error;
    auto answers = std::make_unique<Answers>(*this);
    if (!m_loop.watch(resolver->readEnd(), os::kReadable, *answers)) return ENOMEM;
    m_resolver = std::move(resolver);
    m_answers = std::move(answers);
    return 0;
}

// ---- the name ----

void Dialer::onAnswers() {
    for (const auto &answer : m_resolver->takeAnswers()) onAnswer(answer);
}

// An owner who was told of an earlier answer may have cancelled this one.
void Dialer::onAnswer(const os::Resolver::Answer &answer) {
    const auto question = m_questions.extract(answer.id);
    if (question.empty()) return;
    Dial &dial = *find(question.mapped());
    dial.question = 0;
    if (answer.error != 0) return fail(dial, answer.error);
    race(dial, answer.addresses);
}

// ---- the race ----

void Dialer::race(Dial &dial, const std::vector<os::Endpoint> &addresses) {
    if (addresses.empty()) return fail(dial, ENOENT);
    dial.addresses = interleaved(addresses, kMaxAddresses);
    for (os::Endpoint &address : dial.addresses) address.port = dial.port;
    tryNext(dial);
}

void Dialer::tryNext(Dial &dial) {
    bool isTrying = false;
    while (!isTrying && dial.next < dial.addresses.size()) isTrying = tryAddress(dial, dial.addresses[dial.next++]);
    if (dial.attempts.empty()) return fail(dial, dial.error);
    const bool comesAgain = dial.next < dial.addresses.size() || !os::pollerTellsFailedConnects();
    if (comesAgain)
        m_delays.touch(dial.delay, nowMs());
    else
        dial.delay.unlink();
}

bool Dialer::tryAddress(Dial &dial, const os::Endpoint &address) {
    int error = ENOMEM;
    if (const auto socket = os::beginConnect(address)) {
        auto attempt = std::make_unique<Attempt>(*this, dial, *socket, address);
        if (m_loop.watch(*socket, os::kWritable, *attempt)) {
            dial.attempts.push_back(std::move(attempt));
            return true;
        }
    } else {
        error = socket.failure().code;
    }
    noteError(dial.error, error);
    return false;
}

void Dialer::examine(Attempt &attempt) {
    int error = os::connectError(attempt.socket);
    if (error == EINPROGRESS) return;
    Dial &dial = *attempt.dial;
    // On the loopback a port that nobody listens at may be the very one that the system gave our end: connected to itself.
    if (error == 0 && os::localEndpoint(attempt.socket) == attempt.peer) error = ECONNREFUSED;
    if (error == 0) {
        // Quiet until its new owner watches it: forgetting leaves a backend with a socket that is not closed.
        m_loop.change(attempt.socket, os::kNothing, attempt);
        m_loop.forget(attempt.socket);
        return finish(dial, {0, std::exchange(attempt.socket, os::kNoSocket), attempt.peer});
    }
    noteError(dial.error, error);
    drop(dial, attempt);
    tryNext(dial);
}

void Dialer::drop(Dial &dial, Attempt &attempt) {
    const auto isIt = [&](const auto &candidate) { return candidate.get() == &attempt; };
    const auto place = std::find_if(dial.attempts.begin(), dial.attempts.end(), isIt);
    attempt.dial = nullptr;
    if (attempt.socket != os::kNoSocket) {
        m_loop.forget(attempt.socket);
        os::closeSocket(std::exchange(attempt.socket, os::kNoSocket));
    }
    m_loop.dispose(std::move(*place));
    dial.attempts.erase(place);
}

// ---- what time brings ----

void Dialer::advance() {
    if (m_dials.empty()) return;
    const std::int64_t now = nowMs();
    tellFailed();
    while (TimerNode *due = m_limits.takeDue(now)) fail(static_cast<DialTimer *>(due)->dial, ETIMEDOUT);
    while (TimerNode *due = m_delays.takeDue(now)) onDelayOver(static_cast<DialTimer *>(due)->dial);
}

// Only those that failed before: an owner who dials again at once, in vain, is not to keep us here for ever.
void Dialer::tellFailed() {
    std::vector<std::uint64_t> failed;
    for (const TimerNode *node = m_failed.first(); node; node = m_failed.after(*node))
        failed.push_back(static_cast<const DialTimer *>(node)->dial.id);
    for (const std::uint64_t id : failed) {
        if (Dial *dial = find(id)) fail(*dial, dial->error);
    }
}

void Dialer::onDelayOver(Dial &dial) {
    const std::uint64_t id = dial.id;
    if (!os::pollerTellsFailedConnects()) examineAll(dial);
    if (Dial *still = find(id); still && !still->delay.isLinked()) tryNext(*still);
}

void Dialer::examineAll(Dial &dial) {
    const std::uint64_t id = dial.id;
    std::vector<Attempt *> attempts;
    for (const auto &attempt : dial.attempts) attempts.push_back(attempt.get());
    // They live until the pass ends, dropped or not.
    for (Attempt *attempt : attempts) {
        if (find(id) && attempt->dial) examine(*attempt);
    }
}

std::int64_t Dialer::untilDueMs() const {
    if (m_dials.empty()) return -1;
    const std::int64_t now = nowMs();
    std::int64_t least = -1;
    for (const auto *list : {&m_failed, &m_limits, &m_delays}) {
        const std::int64_t due = list->untilDueMs(now);
        if (due >= 0 && (least < 0 || due < least)) least = due;
    }
    return least;
}

// ---- endings ----

void Dialer::fail(Dial &dial, int error) {
    if (!m_isInDial) return finish(dial, {error, os::kNoSocket, {}});
    dial.error = error;
    m_failed.touch(dial.failed, nowMs());
}

void Dialer::finish(Dial &dial, const DialOutcome &outcome) {
    const std::uint64_t id = dial.id;
    DialOwner &owner = dial.owner;
    cancel(id);
    owner.onDialled(id, outcome);
}

void Dialer::cancel(std::uint64_t id) {
    const auto found = m_dials.extract(id);
    if (found.empty()) return;
    Dial &dial = *found.mapped();
    while (!dial.attempts.empty()) drop(dial, *dial.attempts.back());
    if (dial.question == 0) return;
    m_questions.erase(dial.question);
    m_resolver->cancel(dial.question);
}

Dialer::Dial *Dialer::find(std::uint64_t id) const {
    const auto found = m_dials.find(id);
    return found == m_dials.end() ? nullptr : found->second.get();
}

std::vector<os::Endpoint> interleaved(const std::vector<os::Endpoint> &addresses, std::size_t limit) {
    std::vector<os::Endpoint> first;
    std::vector<os::Endpoint> second;
    for (const os::Endpoint &address : addresses)
        (address.isIpv4() == addresses.front().isIpv4() ? first : second).push_back(address);
    std::vector<os::Endpoint> result;
    for (std::size_t place = 0; place < std::max(first.size(), second.size()); ++place) {
        if (place < first.size()) result.push_back(first[place]);
        if (place < second.size()) result.push_back(second[place]);
    }
    result.resize(std::min(result.size(), limit));
    return result;
}

}  // namespace meerkat::net
