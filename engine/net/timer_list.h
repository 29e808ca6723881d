// Station: time limits. One list a limit, in order of last use: touching moves to the end, so that only the front can be due.
// Touch, remove and the question what is due cost the same with one entry and with a million.
#pragma once

#include <cstdint>

namespace meerkat::net {

// A place in a list. Its owner embeds it; destroying it takes it out.
class TimerNode {
  public:
    TimerNode() = default;
    TimerNode(const TimerNode &) = delete;
    TimerNode &operator=(const TimerNode &) = delete;
    ~TimerNode() { unlink(); }

    bool isLinked() const { return m_next != nullptr; }
    std::int64_t touchedMs() const { return m_touchedMs; }
    void unlink() {
        if (!m_next) return;
        m_previous->m_next = m_next;
        m_next->m_previous = m_previous;
        m_next = m_previous = nullptr;
    }

  private:
    friend class TimerList;
    TimerNode *m_previous = nullptr;
    TimerNode *m_next = nullptr;
    std::int64_t m_touchedMs = 0;
};

class TimerList {
  public:
    explicit TimerList(std::int64_t limitMs) : m_limitMs(limitMs) { m_ends.m_previous = m_ends.m_next = &m_ends; }
    ~TimerList() {
        while (first()) first()->unlink();
        m_ends.m_next = nullptr;
    }

    std::int64_t limitMs() const { return m_limitMs; }
    void setLimitMs(std::int64_t limitMs) { m_limitMs = limitMs; }

    // Puts the node at the end, out of whatever list it was in.
    void touch(TimerNode &node, std::int64_t nowMs) {
        node.m_touchedMs = nowMs;
        if (node.m_next == &m_ends) return;
        node.unlink();
        node.m_previous = m_ends.m_previous;
        node.m_next = &m_ends;
        m_ends.m_previous->m_next = &node;
        m_ends.m_previous = &node;
    }

    // The longest untouched one, or null.
    TimerNode *first() const { return m_ends.m_next == &m_ends ? nullptr : m_ends.m_next; }
    TimerNode *after(const TimerNode &node) const { return node.m_next == &m_ends ? nullptr : node.m_next; }
    // Taken out of the list, one that is due at `nowMs`; null if none is.
    TimerNode *takeDue(std::int64_t nowMs) {
        TimerNode *node = first();
        if (!node || node->m_touchedMs + m_limitMs > nowMs) return nullptr;
        node->unlink();
        return node;
    }
    // Milliseconds until the first is due, 0 if one is; -1 if the list is empty.
    std::int64_t untilDueMs(std::int64_t nowMs) const {
        const TimerNode *node = first();
        if (!node) return -1;
        const std::int64_t left = node->m_touchedMs + m_limitMs - nowMs;
        return left > 0 ? left : 0;
    }

  private:
    TimerNode m_ends;
    std::int64_t m_limitMs;
};

}  // namespace meerkat::net
