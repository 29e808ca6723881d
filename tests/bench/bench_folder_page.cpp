// How long the page of a big folder takes.
#include "files/folder_page.h"

#include <benchmark/benchmark.h>

namespace files = meerkat::files;
namespace os = meerkat::os;

namespace {

// Names with a long common beginning, in an order that no rule would choose.
std::vector<os::FolderEntry> entriesOf(std::int64_t count) {
    std::vector<os::FolderEntry> entries;
    std::uint32_t random = 1;
    for (std::int64_t i = 0; i < count; ++i) {
        random = random * 1664525U + 1013904223U;
        os::FolderEntry entry;
        entry.name = "holiday photo " + std::to_string(random % 100000) + "-" + std::to_string(i) + ".jpg";
        entry.info.kind = os::FileKind::Regular;
        entry.info.size = random;
        entry.info.modifiedNs = 1'700'000'000'000'000'000 + random * std::int64_t{1'000'000'000};
        entries.push_back(std::move(entry));
    }
    return entries;
}

void buildPage(benchmark::State &state, std::string_view query) {
    const std::vector<os::FolderEntry> unsorted = entriesOf(state.range(0));
    for (auto _ : state) {
        state.PauseTiming();
        std::vector<os::FolderEntry> entries = unsorted;
        state.ResumeTiming();
        benchmark::DoNotOptimize(files::folderPage({"/pictures/", "Pictures", query, 0}, entries));
    }
    state.SetItemsProcessed(state.iterations() * state.range(0));
}

BENCHMARK_CAPTURE(buildPage, byName, "")->Arg(100)->Arg(10'000)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(buildPage, bySize, "sort=size&order=desc")->Arg(10'000)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(buildPage, byTime, "sort=time&order=desc")->Arg(10'000)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
