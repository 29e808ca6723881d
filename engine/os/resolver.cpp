// What the engine's thread and the workers share is the Office, under one mutex: questions in, answers out. It outlives the resolver for as long
// as a look-up hangs; the bell does not, as its descriptor is in a poller, so a worker rings it under the mutex and only while it is there.
//
// A name that is being looked up is not looked up a second time: whoever asks meanwhile gets the same answer. So a name that hangs takes one
// thread, however often it is asked for.
#include "os/resolver.h"

#include "os/signals_held.h"
#include "os/wake_channel.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <system_error>

namespace meerkat::os {

namespace {

constexpr std::size_t kMaxNameBytes = 255;

struct Question {
    std::uint64_t id;
    std::string name;
};

bool isName(std::string_view name) {
    const auto isPrinted = [](char c) { return static_cast<unsigned char>(c) > ' ' && c != 0x7f; };
    return !name.empty() && name.size() <= kMaxNameBytes && std::all_of(name.begin(), name.end(), isPrinted);
}

}  // namespace

struct Resolver::Office {
    Office(LookUp function, std::size_t threads) : lookUp(std::move(function)), current(threads) {}

    using Questions = std::deque<Question>;
    // The first whose name nobody is at.
    Questions::iterator nextQuestion();
    bool isLookedUp(const std::string &name) const { return std::find(current.begin(), current.end(), name) != current.end(); }
    void answerAll(std::uint64_t first, const std::string &name, const Result<std::vector<Endpoint>> &found);
    void addAnswer(std::uint64_t id, const Result<std::vector<Endpoint>> &found);
    void work(std::size_t place);
    static void leave(Office *office);

    const LookUp lookUp;
    std::atomic<int> holders{1};

    std::mutex mutex;  // guards what follows
    std::condition_variable hasWork;
    Questions questions;
    std::vector<Answer> answers;
    std::vector<std::string> current;  // by worker: the name it is at, empty while it is idle
    std::size_t idle = 0;              // workers that wait
    WakeChannel *bell = nullptr;       // null once the resolver is gone
    bool isClosed = false;
};

Resolver::Office::Questions::iterator Resolver::Office::nextQuestion() {
    return std::find_if(questions.begin(), questions.end(), [this](const Question &q) { return !isLookedUp(q.name); });
}

void Resolver::Office::addAnswer(std::uint64_t id, const Result<std::vector<Endpoint>> &found) {
    Answer answer;
    answer.id = id;
    if (found)
        answer.addresses = *found;
    else
        answer.error = found.failure().code;
    answers.push_back(std::move(answer));
}

void Resolver::Office::answerAll(std::uint64_t first, const std::string &name, const Result<std::vector<Endpoint>> &found) {
    if (isClosed) return;
    addAnswer(first, found);
    for (const Question &question : questions) {
        if (question.name == name) addAnswer(question.id, found);
    }
    std::erase_if(questions, [&name](const Question &question) { return question.name == name; });
    bell->signal();
}

void Resolver::Office::work(std::size_t place) {
    std::unique_lock lock(mutex);
    while (true) {
        ++idle;
        hasWork.wait(lock, [this] { return isClosed || nextQuestion() != questions.end(); });
        --idle;
        if (isClosed) return;
        const auto next = nextQuestion();
        const Question question = std::move(*next);
        questions.erase(next);
        current[place] = question.name;
        lock.unlock();
        const auto found = lookUp(question.name);
        lock.lock();
        current[place].clear();
        answerAll(question.id, question.name, found);
    }
}

void Resolver::Office::leave(Office *office) {
    if (office->holders.fetch_sub(1, std::memory_order_acq_rel) == 1) std::unique_ptr<Office>{office}.reset();
}

Resolver::Resolver(LookUp lookUp, ResolverLimits limits)
    : m_office(std::make_unique<Office>(std::move(lookUp), limits.threads).release()), m_bell(std::make_unique<WakeChannel>()),
      m_limits(limits) {}

Resolver::~Resolver() {
    std::vector<bool> isAtWork;
    {
        const std::lock_guard lock(m_office->mutex);
        m_office->isClosed = true;
        m_office->bell = nullptr;
        m_office->questions.clear();
        for (const std::string &name : m_office->current) isAtWork.push_back(!name.empty());
    }
    m_office->hasWork.notify_all();
    for (std::size_t place = 0; place < m_workers.size(); ++place) {
        if (isAtWork[place])
            m_workers[place].detach();
        else
            m_workers[place].join();
    }
    Office::leave(m_office);
}

int Resolver::open() {
    if (const int error = m_bell->open(); error != 0) return error;
    const std::lock_guard lock(m_office->mutex);
    m_office->bell = m_bell.get();
    return 0;
}

SocketHandle Resolver::readEnd() const { return m_bell->readEnd(); }

bool Resolver::startWorker() {
    const SignalsHeld held;
    Office *office = m_office;
    office->holders.fetch_add(1, std::memory_order_relaxed);
    try {
        m_workers.emplace_back([office, place = m_workers.size()] {
            office->work(place);
            Office::leave(office);
        });
        return true;
    } catch (const std::system_error &) {
        office->holders.fetch_sub(1, std::memory_order_relaxed);
        return false;
    }
}

std::uint64_t Resolver::ask(std::string_view name, int &error) {
    error = !isName(name) ? ENOENT : m_asked.size() >= m_limits.waiting ? EAGAIN : 0;
    if (error != 0) return 0;
    const std::uint64_t id = ++m_latestId;
    bool wantsWorker = false;
    {
        const std::lock_guard lock(m_office->mutex);
        m_office->questions.push_back({id, std::string(name)});
        wantsWorker = m_office->questions.size() > m_office->idle && !m_office->isLookedUp(m_office->questions.back().name);
    }
    m_asked.insert(id);
    if (wantsWorker && m_workers.size() < m_limits.threads && !startWorker() && m_workers.empty()) {
        cancel(id);
        error = EAGAIN;
        return 0;
    }
    m_office->hasWork.notify_one();
    return id;
}

void Resolver::cancel(std::uint64_t id) {
    if (m_asked.erase(id) == 0) return;
    const std::lock_guard lock(m_office->mutex);
    std::erase_if(m_office->questions, [id](const Question &question) { return question.id == id; });
}

std::vector<Resolver::Answer> Resolver::takeAnswers() {
    // The bell first: an answer that comes in between rings again.
    m_bell->clear();
    std::vector<Answer> answers;
    {
        const std::lock_guard lock(m_office->mutex);
        answers.swap(m_office->answers);
    }
    std::erase_if(answers, [this](const Answer &answer) { return m_asked.erase(answer.id) == 0; });
    return answers;
}

}  // namespace meerkat::os
