// Station: everywhere. How a failure of the system travels: a value that must be looked at, explained once a level.
#pragma once

#include <string>
#include <utility>
#include <variant>

namespace meerkat {

// What went wrong, for people: one sentence without a full stop, and the system's error number (0 if there is none).
struct Failure {
    std::string text;
    int code = 0;
};

// Either a T or a Failure.
template <class T>
class [[nodiscard]] Result {
  public:
    Result(T value) : m_state(std::in_place_index<0>, std::move(value)) {}
    Result(Failure failure) : m_state(std::in_place_index<1>, std::move(failure)) {}

    explicit operator bool() const { return m_state.index() == 0; }
    T &operator*() { return *std::get_if<0>(&m_state); }
    const T &operator*() const { return *std::get_if<0>(&m_state); }
    T *operator->() { return std::get_if<0>(&m_state); }
    const T *operator->() const { return std::get_if<0>(&m_state); }
    const Failure &failure() const { return *std::get_if<1>(&m_state); }

  private:
    std::variant<T, Failure> m_state;
};

}  // namespace meerkat
