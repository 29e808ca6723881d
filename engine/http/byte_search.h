// Station: where does a piece of a request head end? From request_parser and url. Sixteen bytes at a time where the processor can (SSE2), else one.
// Never reads outside of the given bytes.
#pragma once

#include "http/characters.h"

#include <bit>
#include <string_view>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace meerkat::http {

// What is looked for: each says it of one byte, and of sixteen at once.
struct TargetEnd {  // white space, a control character, '#'
    static bool isAt(char c) { return static_cast<unsigned char>(c) <= ' ' || c == 0x7f || c == '#'; }
#ifdef __SSE2__
    static __m128i in(__m128i bytes) {
        const __m128i low = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(' ')), bytes);
        const __m128i others =
            _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7f)), _mm_cmpeq_epi8(bytes, _mm_set1_epi8('#')));
        return _mm_or_si128(low, others);
    }
#endif
};

struct ValueEnd {  // a control character other than the tab
    static bool isAt(char c) { return isControl(c); }
#ifdef __SSE2__
    static __m128i in(__m128i bytes) {
        const __m128i low = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1f)), bytes);
        const __m128i lowButTab = _mm_andnot_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\t')), low);
        return _mm_or_si128(lowButTab, _mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7f)));
    }
#endif
};

struct CommonNameEnd {  // anything but letters and '-', of which nearly all field names consist
    static bool isAt(char c) {
        const char lower = static_cast<char>(c | 0x20);
        return (lower < 'a' || lower > 'z') && c != '-';
    }
#ifdef __SSE2__
    static __m128i in(__m128i bytes) {
        const __m128i letter = _mm_sub_epi8(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), _mm_set1_epi8('a'));
        const __m128i isLetter = _mm_cmpeq_epi8(_mm_min_epu8(letter, _mm_set1_epi8(25)), letter);
        const __m128i isCommon = _mm_or_si128(isLetter, _mm_cmpeq_epi8(bytes, _mm_set1_epi8('-')));
        return _mm_xor_si128(isCommon, _mm_set1_epi8(-1));
    }
#endif
};

class ByteSearch {
  public:
    explicit ByteSearch(std::string_view bytes) : m_begin(bytes.data()), m_end(bytes.data() + bytes.size()) {}

    const char *begin() const { return m_begin; }
    const char *end() const { return m_end; }

    // The first place from `at` on that is a Stop; end() if there is none.
    template <class Stop>
    const char *find(const char *at) const {
#ifdef __SSE2__
        for (; m_end - at >= kBlock; at += kBlock) {
            if (const unsigned stops = stopsIn<Stop>(at)) return at + std::countr_zero(stops);
        }
        if (m_end - m_begin >= kBlock) return findInLastBlock<Stop>(at);
#endif
        while (at != m_end && !Stop::isAt(*at)) ++at;
        return at;
    }

  private:
#ifdef __SSE2__
    static constexpr std::ptrdiff_t kBlock = 16;

    template <class Stop>
    static unsigned stopsIn(const char *block) {
        return static_cast<unsigned>(_mm_movemask_epi8(Stop::in(_mm_loadu_si128(reinterpret_cast<const __m128i *>(block)))));
    }

    // Fewer bytes than a block are left: the block that ends with them is looked at, and what it has before `at` is forgotten.
    template <class Stop>
    const char *findInLastBlock(const char *at) const {
        const unsigned stops = stopsIn<Stop>(m_end - kBlock) >> (kBlock - (m_end - at));
        return stops ? at + std::countr_zero(stops) : m_end;
    }
#endif

    const char *m_begin;
    const char *m_end;
};

}  // namespace meerkat::http
