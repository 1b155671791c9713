// How a program under run.py answers: for each repeat the milliseconds by the clock and of processor time.
#pragma once
#include <chrono>
#include <ctime>
#include <iostream>

template <class Work>
void time_repeats(int repeats, const Work& work) {
  for (int i = 0; i < repeats; ++i) {
    const auto start = std::chrono::steady_clock::now();
    const std::clock_t processor = std::clock();
    work();
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
    std::cout << took.count() << ' ' << static_cast<double>(std::clock() - processor) * 1e3 / CLOCKS_PER_SEC
              << ' ';
  }
  std::cout << std::endl;
}
